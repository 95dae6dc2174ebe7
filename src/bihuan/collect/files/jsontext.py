"""Reading JSON lines, JSON arrays and concatenated JSON objects as a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from bihuan.collect.files.chunks import DirtyRow, RecordChunk, flatten
from bihuan.collect.files.delimited import dirty_row, truncated
from bihuan.collect.files.encodings import TextSource, has_bad_bytes

_BLOCK_CHARACTERS = 1 << 20
_ELEMENT_LIMIT_CHARACTERS = 16 * 1024 * 1024
_BETWEEN = re.compile(r"[\s,]*")
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


def _record(text: str, line: int) -> dict[str, Any] | DirtyRow:
    if has_bad_bytes((text,)):
        detail_en = "The record has bytes that are not text in the file's encoding."
        return dirty_row(line, "encoding_invalid", text, detail_en, "该记录含有不符合文件编码的字节。")
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return dirty_row(
            line, "json_invalid", text, f"Not valid JSON: {error}.", f"不是有效的 JSON：{error}。"
        )
    if not isinstance(value, dict):
        return dirty_row(
            line, "not_an_object", text, "The record is not an object.", "该记录不是 JSON 对象。"
        )
    return flatten(value)


def _chunk(records: list[dict[str, Any]], lines: list[int], dirty: list[DirtyRow]) -> RecordChunk:
    return RecordChunk((), records, lines, dirty, text=False)


def read_json_lines(
    source: TextSource, *, skip_lines: int = 0, chunk_rows: int = 10_000
) -> Iterator[RecordChunk]:
    """One object a line; blank lines are passed over. Lines that are not an object are dirty."""
    line = 0
    for _ in islice(source.lines, skip_lines):
        line += 1
    while texts := source.take(chunk_rows):
        records: list[dict[str, Any]] = []
        lines: list[int] = []
        dirty: list[DirtyRow] = []
        for text in texts:
            line += 1
            if not text.strip():
                continue
            record = _record(text, line)
            if isinstance(record, DirtyRow):
                dirty.append(record)
            else:
                records.append(record)
                lines.append(line)
        yield _chunk(records, lines, dirty)
    if source.failure:
        yield _chunk([], [], [truncated(line + 1, source.failure)])


def _element_end(text: str, start: int) -> int:
    """Where the bracketed element that begins at ``start`` ends; 0 when the text ends before."""
    depth = 0
    for token in _TOKENS.finditer(text, start):
        mark = token.group()
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth <= 0:
                return token.end()
    return 0


class _Elements:
    """Cuts a JSON array, or objects one after another, into the texts of its elements."""

    def __init__(self, source: TextSource) -> None:
        self._source = source
        self._text = ""
        self._position = 0
        self._scan = json.JSONDecoder().raw_decode
        self._in_array = False

    def _more(self) -> bool:
        block = self._source.lines.read(_BLOCK_CHARACTERS)
        self._text = self._text[self._position :] + block
        self._position = 0
        return bool(block)

    def __iter__(self) -> Iterator[str]:
        self._more()
        start = len(self._text) - len(self._text.lstrip("\ufeff \t\r\n"))
        self._in_array = self._text[start : start + 1] == "["
        self._position = start + int(self._in_array)
        while True:
            between = _BETWEEN.match(self._text, self._position)
            self._position = between.end() if between else self._position
            if self._position >= len(self._text):
                if not self._more():
                    return
            elif self._in_array and self._text[self._position] == "]":
                self._in_array = False  # what follows the array is read as more objects
                self._position += 1
            else:
                yield self._element()

    def _element(self) -> str:
        while True:
            try:
                end = self._scan(self._text, self._position)[1]
            except (json.JSONDecodeError, RecursionError):
                end = _element_end(self._text, self._position) if self._text[self._position] in "{[" else 0
            if end and (end < len(self._text) or not self._more_would_change(end)):
                break
            if len(self._text) - self._position > _ELEMENT_LIMIT_CHARACTERS or not self._more():
                end = end or self._next_line()
                break
        element = self._text[self._position : end]
        self._position = end
        return element

    def _more_would_change(self, end: int) -> bool:
        """Whether the element at the end of the text may go on in the next block (a number, a word)."""
        return self._text[end - 1] not in '}]"'

    def _next_line(self) -> int:
        """The end of the line, from which reading goes on after an element without an end."""
        newline = self._text.find("\n", self._position)
        return len(self._text) if newline < 0 else newline + 1


def read_json_elements(source: TextSource, *, chunk_rows: int = 10_000) -> Iterator[RecordChunk]:
    """The objects of a JSON array, or JSON objects one after another over any number of lines.

    The "line" of a record is its place in the array, counted from 1. An element with a fault inside is
    dirty as a whole; one that never ends costs the rest of its line.
    """
    count = 0
    elements = iter(_Elements(source))
    while texts := list(islice(elements, chunk_rows)):
        records: list[dict[str, Any]] = []
        lines: list[int] = []
        dirty: list[DirtyRow] = []
        for text in texts:
            count += 1
            record = _record(text, count)
            if isinstance(record, DirtyRow):
                dirty.append(record)
            else:
                records.append(record)
                lines.append(count)
        yield _chunk(records, lines, dirty)
    if source.failure:
        yield _chunk([], [], [truncated(count + 1, source.failure)])
