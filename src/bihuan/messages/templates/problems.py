"""What is wrong with a template, and where: variant, language, field, line and column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from liquid.exceptions import (
    LiquidError,
    LiquidSyntaxError,
    ResourceLimitError,
    UndefinedError,
    UnknownFilterError,
)

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One fault. ``line`` and ``column`` count from 1; ``snippet``: it is in this one, not in the field."""

    code: str
    severity: Severity
    en: str
    zh: str
    variant: str = ""
    language: str = ""
    field: str = ""
    snippet: str = ""
    line: int | None = None
    column: int | None = None

    def inside(self, **where: Any) -> Problem:
        """The same, told where it is."""
        return replace(self, **where)

    @property
    def place(self) -> str:
        """Where it is, in words that both languages share."""
        at = "" if self.line is None else f":{self.line}:{self.column}"
        within = f" ({self.snippet})" if self.snippet else ""
        return "/".join(each for each in (self.variant, self.language, self.field) if each) + within + at


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset; one beyond the end is the end."""
    offset = max(0, min(offset, len(text)))
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def of_liquid(fault: LiquidError) -> Problem:
    """What Liquid complained about, without its place."""
    said = str(fault.args[0]) if fault.args else type(fault).__name__
    if isinstance(fault, UndefinedError):
        return Problem("undefined", "error", f"There is no value: {said}.", f"没有取值：{said}。")
    if isinstance(fault, UnknownFilterError):
        return Problem("unknown_filter", "error", f"Unknown: {said}.", f"未知的过滤器：{said}。")
    if isinstance(fault, ResourceLimitError):
        return Problem("too_much", "error", f"Too much of it: {said}.", f"超出限制：{said}。")
    if isinstance(fault, LiquidSyntaxError):
        return Problem("syntax", "error", f"Liquid cannot read this: {said}.", f"Liquid 语法错误：{said}。")
    return Problem("failed", "error", f"It cannot be worked out: {said}.", f"无法计算：{said}。")
