"""Checks a cluster statement with the engine's own parser, without a cluster.

What this can show: the statement parses, its table engine exists in this build, and which cluster, engine
and arguments the parser read in it. What it cannot: that the cluster, its macros and its Keeper accept it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Ask = Callable[[str], object]

_CLUSTER = re.compile(r"\bON CLUSTER (?:`((?:[^`\\]|\\.)+)`|'((?:[^'\\]|\\.)+)'|(\w+))")
_ENGINE = re.compile(r"\bENGINE = (\w+)(\()?")


class ClusterStatementRefused(Exception):
    """The engine's parser refuses the statement, or does not know its table engine; the message says why."""


@dataclass(frozen=True)
class ClusterStatement:
    """A statement as the parser read it.

    Attributes:
        text: the statement as the engine writes it itself, on one line.
        cluster: the name after ON CLUSTER, None when there is none.
        engine: the table engine, None when the statement names none.
        engine_arguments: the arguments of the engine, as the engine writes them.
    """

    text: str
    cluster: str | None
    engine: str | None
    engine_arguments: tuple[str, ...]


def parse_cluster_statement(statement: str, ask: Ask) -> ClusterStatement:
    """Parse one statement with the engine behind ``ask``.

    Args:
        statement: SQL, one statement.
        ask: runs a query on any engine of this version and returns its only value (e.g. ``client.command``).

    Raises:
        ClusterStatementRefused: it does not parse, is not one statement, or its table engine is unknown.
    """
    encoded = statement.encode().hex()
    try:
        text = str(ask(f"SELECT hex(formatQuerySingleLine(unhex('{encoded}')))"))
    except Exception as failure:
        raise ClusterStatementRefused(str(failure)) from failure
    text = bytes.fromhex(text).decode()
    cluster = _CLUSTER.search(text)
    engine = _ENGINE.search(text)
    if engine is not None and not int(
        str(ask(f"SELECT count() FROM system.table_engines WHERE name = '{engine[1]}'"))
    ):
        raise ClusterStatementRefused(f"Unknown table engine {engine[1]} in: {text}")
    return ClusterStatement(
        text=text,
        cluster=next(filter(None, cluster.groups())) if cluster else None,
        engine=engine[1] if engine else None,
        engine_arguments=_arguments(text, engine.end()) if engine and engine[2] else (),
    )


def _arguments(text: str, start: int) -> tuple[str, ...]:
    """The comma-separated arguments between the bracket that ends at ``start`` and its partner."""
    parts = [""]
    depth, quote = 1, ""
    position = start
    while position < len(text):
        sign = text[position]
        if quote and sign == "\\":
            parts[-1] += text[position : position + 2]
            position += 2
            continue
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'`\"":
            quote = sign
        else:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            break
        if sign == "," and depth == 1 and not quote:
            parts.append("")
        else:
            parts[-1] += sign
        position += 1
    return tuple(part.strip() for part in parts if part.strip())
