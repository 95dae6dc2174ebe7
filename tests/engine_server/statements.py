"""Just enough SQL scanning to route a statement: its kind, where its data begin, where its format stands.

All functions take SQL as text in which every byte is one character (latin-1), so that positions are byte
positions even when binary data follow the statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|\#(?:!|\x20)[^\n]*|/\*.*?\*/)
  | (?P<quoted>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
  | (?P<word>[A-Za-z0-9_\x80-\xff]+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    """How a statement is run."""

    SELECT = "select"
    INSERT = "insert"
    KILL = "kill"
    SET = "set"
    COMMAND = "command"


@dataclass(frozen=True)
class Token:
    """A word or sign, upper-cased if a word, with its place and how many brackets are open around it."""

    text: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True)
class InsertHead:
    """``INSERT … FORMAT name`` cut off from the data: ``statement`` ends before FORMAT."""

    statement: str
    format: str
    data_start: int


def tokens(sql: str) -> Iterator[Token]:
    """The tokens of ``sql`` without blanks and comments."""
    depth = 0
    for match in _TOKEN.finditer(sql):
        if match.lastgroup == "blank" or match["blank"]:
            continue
        text = match[0].upper() if match["word"] else match[0]
        if text in "([{":
            depth += 1
        elif text in ")]}":
            depth -= 1
        yield Token(text, match.start(), match.end(), depth)


def kind_of(sql: str) -> Kind:
    """How ``sql`` must be run, from its first words."""
    first = next((token.text for token in tokens(sql) if token.text != "("), "")
    if first in {"SELECT", "FROM"}:
        return Kind.SELECT
    if first == "WITH":
        inserts = any(token.text == "INSERT" and token.depth == 0 for token in tokens(sql))
        return Kind.COMMAND if inserts else Kind.SELECT
    return {"INSERT": Kind.INSERT, "KILL": Kind.KILL, "SET": Kind.SET, "USE": Kind.SET}.get(
        first, Kind.COMMAND
    )


def insert_head(sql: str) -> InsertHead | None:
    """The head of an INSERT whose data follow in a format; None when its rows are SQL (VALUES, SELECT)."""
    before: Token | None = None
    for token in tokens(sql):
        if token.depth == 0 and token.text in {"SELECT", "VALUES", "WITH", "WATCH", "INFILE"}:
            return None
        if before is not None and before.text == "FORMAT" and before.depth == 0:
            name = sql[token.start : token.end]
            if name.upper() == "VALUES":
                return None
            return InsertHead(sql[: before.start].rstrip(), name, _after_name(sql, token.end))
        before = token
    return None


def _after_name(sql: str, position: int) -> int:
    """Where data begin: ClickHouse skips blanks and one line end after the format's name."""
    while position < len(sql) and sql[position] in " \t\f":
        position += 1
    if sql.startswith("\r\n", position):
        return position + 2
    return position + 1 if sql.startswith("\n", position) else position


def output_format(sql: str) -> str | None:
    """The name in the closing ``FORMAT name`` of ``sql``; None when it has none."""
    found = _closing_format(sql)
    return sql[found[1].start : found[1].end] if found else None


def into_pipe(sql: str, path: str, default_format: str) -> str:
    """``sql`` with its result written to the pipe ``path`` in the format it names, or ``default_format``."""
    clause = f"\nINTO OUTFILE '{path}' TRUNCATE"
    found = _closing_format(sql)
    if found:
        start = found[0].start
        return f"{sql[:start].rstrip()}{clause} {sql[start:]}"
    ends = [token.end for token in tokens(sql) if token.text != ";"]
    return f"{sql[: ends[-1] if ends else 0]}{clause} FORMAT {default_format}"


def _closing_format(sql: str) -> tuple[Token, Token] | None:
    top = [token for token in tokens(sql) if token.depth == 0]
    for index in range(len(top) - 2, 0, -1):
        word, name = top[index], top[index + 1]
        after = top[index + 2].text if index + 2 < len(top) else ";"
        if word.text == "FORMAT" and after in {";", "SETTINGS"} and re.fullmatch(r"\w+", name.text):
            return word, name
    return None


def kill_by_request(sql: str) -> str:
    """KILL QUERY with ``query_id`` read from where this server keeps the id of the request.

    chDB names each query itself; the request's id is carried as the setting ``log_comment``.
    """
    parts: list[str] = []
    position = 0
    for token in tokens(sql):
        if token.text in {"QUERY_ID", "`query_id`"}:
            parts += [sql[position : token.start], "Settings['log_comment']"]
            position = token.end
    return "".join([*parts, sql[position:]])
