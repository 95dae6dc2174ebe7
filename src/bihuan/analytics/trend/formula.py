"""Formulae over series: numbers, the letters A, B, …, ``+ - * /``, unary minus and parentheses.

A missing operand makes the result missing, and so does a division by zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Z])|([-+*/()]))")
MAX_LENGTH = 200


class FormulaSyntax(ValueError):
    """The text is not a formula; the message says where."""


@dataclass(frozen=True)
class Node:
    """A parsed formula: a number, a letter, or an operator with operands."""

    kind: str  # number, letter, or one of + - * / negate
    number: float = 0.0
    letter: str = ""
    operands: tuple[Node, ...] = ()

    def letters(self) -> set[str]:
        """The series it refers to."""
        return {self.letter} - {""} | {letter for node in self.operands for letter in node.letters()}

    def value(self, of: Mapping[str, float | None]) -> float | None:
        """Its value where each letter has the value ``of[letter]``."""
        if self.kind == "number":
            return self.number
        if self.kind == "letter":
            return of[self.letter]
        values = [node.value(of) for node in self.operands]
        present = [value for value in values if value is not None]
        if len(present) < len(values):
            return None
        result = _apply(self.kind, present)
        return result if result is not None and math.isfinite(result) else None


def parse(text: str) -> Node:
    """The formula that ``text`` writes; FormulaSyntax when it is none."""
    if len(text) > MAX_LENGTH:
        raise FormulaSyntax(f"a formula has at most {MAX_LENGTH} characters")
    tokens, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaSyntax(f"'{text[position:].strip()[0]}' cannot stand in a formula")
        tokens.append(match.group(0).strip())
        position = match.end()
    reader = _Reader(tokens)
    node = reader.sum()
    reader.end()
    return node


class _Reader:
    """Recursive descent: sum → product → signed → atom."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def sum(self) -> Node:
        node = self._product()
        while self._next_is("+", "-"):
            node = Node(self._take(), operands=(node, self._product()))
        return node

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise FormulaSyntax(f"'{self._tokens[self._at]}' is not expected there")

    def _product(self) -> Node:
        node = self._signed()
        while self._next_is("*", "/"):
            node = Node(self._take(), operands=(node, self._signed()))
        return node

    def _signed(self) -> Node:
        if self._next_is("-"):
            self._take()
            return Node("negate", operands=(self._signed(),))
        return self._atom()

    def _atom(self) -> Node:
        token = self._take()
        if token == "(":
            node = self.sum()
            if not self._next_is(")"):
                raise FormulaSyntax("a parenthesis is not closed")
            self._take()
            return node
        if token.isalpha():
            return Node("letter", letter=token)
        if token in "+-*/)":
            raise FormulaSyntax(f"'{token}' is not expected there")
        return Node("number", number=float(token))

    def _next_is(self, *tokens: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in tokens

    def _take(self) -> str:
        if self._at == len(self._tokens):
            raise FormulaSyntax("the formula ends too early")
        self._at += 1
        return self._tokens[self._at - 1]


def _apply(operator: str, operands: list[float]) -> float | None:
    if operator == "negate":
        return -operands[0]
    left, right = operands
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    return left / right if right else None
