"""Column types of saved things."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Dialect, Text, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator


class TagList(TypeDecorator[list[str]]):
    """Tags as one text with a line for each, so that both databases find one in the same way."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else "".join(f"\n{tag}" for tag in value) + "\n"

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str] | None:
        return None if value is None else [tag for tag in value.split("\n") if tag]


def has_tag(column: InstrumentedAttribute[list[str]], tag: str) -> ColumnElement[bool]:
    """Whether a tag is among a row's."""
    return type_coerce(column, Text).like(f"%\n{escaped(tag)}\n%", escape="\\")


def contains(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Whether a text is part of a row's, whatever its case."""
    return column.ilike(f"%{escaped(text)}%", escape="\\")


def escaped(text: str) -> str:
    """``text`` as a LIKE pattern that means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
