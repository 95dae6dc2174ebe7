"""Arithmetic over columns, such as ``Quantity * UnitPrice`` or ``{订单 金额} - discount``.

Grammar: ``sum = product (("+" | "-") product)*``, ``product = factor (("*" | "/") factor)*``,
``factor = number | column | "(" sum ")" | "-" factor``. A column is a bare word (letters of any script,
digits, ``_``, ``$``, ``.``) or any text in braces. Nothing else can be said, so nothing else can be run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bihuan.collect.files.errors import MappingInvalid

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|\{([^{}]+)\}|([^\W\d][\w.$]*|\$[\w.$]+)|([-+*/()]))")

_Node = tuple[str, "float | str | _Node", "_Node | None"]
Numbers = Sequence["float | None"]


class Expression:
    """A parsed expression. Raises ``MappingInvalid`` when the text does not follow the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = self._tokenised(text)
        self._position = 0
        self._root = self._sum()
        if self._position < len(self._tokens):
            raise self._error()
        columns: dict[str, None] = {}
        _collect(self._root, columns)
        self.columns = tuple(columns)

    def _error(self) -> MappingInvalid:
        return MappingInvalid(
            path="revenue",
            reason_en=f"“{self.text}” is not arithmetic over columns.",
            reason_zh=f"“{self.text}” 不是合法的列运算式。",
        )

    def _tokenised(self, text: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._error()
            number, braced, word, sign = match.groups()
            if number is not None:
                tokens.append(("number", number))
            elif sign is not None:
                tokens.append(("sign", sign))
            else:
                tokens.append(("column", braced.strip() if braced is not None else word))
            position = match.end()
        return tokens

    def _sign(self, signs: str) -> str | None:
        if self._position < len(self._tokens):
            kind, value = self._tokens[self._position]
            if kind == "sign" and value in signs:
                self._position += 1
                return value
        return None

    def _sum(self) -> _Node:
        node = self._product()
        while sign := self._sign("+-"):
            node = (sign, node, self._product())
        return node

    def _product(self) -> _Node:
        node = self._factor()
        while sign := self._sign("*/"):
            node = (sign, node, self._factor())
        return node

    def _factor(self) -> _Node:
        if self._sign("-"):
            return ("-", ("number", 0.0, None), self._factor())
        if self._sign("("):
            node = self._sum()
            if not self._sign(")"):
                raise self._error()
            return node
        if self._position >= len(self._tokens) or self._tokens[self._position][0] == "sign":
            raise self._error()
        kind, value = self._tokens[self._position]
        self._position += 1
        return (kind, float(value) if kind == "number" else value, None)

    def evaluate(self, columns: Mapping[str, Numbers], rows: int) -> list[float | None]:
        """One number a row; None where a column is None or a divisor is zero. Rounded to 6 decimals."""
        values = _evaluate(self._root, columns, rows)
        return [None if value is None else round(value, 6) for value in values]


def _collect(node: _Node, columns: dict[str, None]) -> None:
    kind, left, right = node
    if kind == "column":
        columns[str(left)] = None
    elif right is not None and isinstance(left, tuple):
        _collect(left, columns)
        _collect(right, columns)


def _evaluate(node: _Node, columns: Mapping[str, Numbers], rows: int) -> Numbers:
    kind, left, right = node
    if kind == "number" and isinstance(left, float):
        return [left] * rows
    if kind == "column" and isinstance(left, str):
        return columns[left]
    assert isinstance(left, tuple)
    assert right is not None
    pairs = zip(_evaluate(left, columns, rows), _evaluate(right, columns, rows), strict=True)
    if kind == "*":
        return [None if a is None or b is None else a * b for a, b in pairs]
    if kind == "/":
        return [None if a is None or not b else a / b for a, b in pairs]
    if kind == "+":
        return [None if a is None or b is None else a + b for a, b in pairs]
    return [None if a is None or b is None else a - b for a, b in pairs]
