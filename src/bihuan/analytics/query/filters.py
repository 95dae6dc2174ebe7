"""Filters: conditions on properties, joined by AND and OR.

A property of any type can be asked as text, number, flag, time or list; ``values.py`` has the rules.
Every negative operator (``is_not``, ``not_contains``, ``ne``, ``not_between``, ``has_none``,
``not_in_last``, ``not_exists``, …) is the exact complement of its positive one, so it also matches
events and people that lack the property. ``is_false`` is not a negation: it asks for the value false.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query.base import Value
from bihuan.analytics.query.properties import PropertyRef

TextOperator = Literal[
    "is",
    "is_not",
    "contains",
    "not_contains",
    "starts_with",
    "not_starts_with",
    "ends_with",
    "not_ends_with",
    "matches",
    "not_matches",
]
Number = float
TimePoint = datetime | date
MAX_VALUES = 10_000


class TextFilter(Value):
    """Text compared with any of ``values``; ``matches`` takes RE2 expressions, found anywhere."""

    type: Literal["text"] = "text"
    property: PropertyRef
    operator: TextOperator
    values: tuple[str, ...] = Field(min_length=1, max_length=MAX_VALUES)
    ignore_case: bool = False

    @model_validator(mode="after")
    def _expressions_compile(self) -> Self:
        if self.operator in ("matches", "not_matches"):
            for value in self.values:
                _check_expression(value)
        return self


class NumberFilter(Value):
    """A number compared with ``value``; ``between`` takes ``value`` ≤ number ≤ ``upper``."""

    type: Literal["number"] = "number"
    property: PropertyRef
    operator: Literal["eq", "ne", "gt", "gte", "lt", "lte", "between", "not_between"]
    value: Number
    upper: Number | None = None

    @model_validator(mode="after")
    def _upper_with_between(self) -> Self:
        if (self.upper is not None) != (self.operator in ("between", "not_between")):
            raise ValueError("upper goes with between and not_between, and only with them")
        return self


class TimeFilter(Value):
    """A time compared with ``at`` (and ``until`` for ``between``).

    A date means the whole day in the project's zone: ``before`` ends where it starts, ``after`` starts
    where it ends, ``between`` includes both days. Times without an offset are on the project's clock.
    """

    type: Literal["time"] = "time"
    property: PropertyRef
    operator: Literal["before", "after", "between", "not_between"]
    at: TimePoint
    until: TimePoint | None = None

    @model_validator(mode="after")
    def _until_with_between(self) -> Self:
        if (self.until is not None) != (self.operator in ("between", "not_between")):
            raise ValueError("until goes with between and not_between, and only with them")
        return self


class RecencyFilter(Value):
    """Whether a time is in the last ``count`` units before now (a day is 24 hours); the future is not."""

    type: Literal["recency"] = "recency"
    property: PropertyRef
    operator: Literal["in_last", "not_in_last"]
    count: int = Field(ge=1, le=100_000)
    unit: Literal["minute", "hour", "day", "week"] = "day"


class ListFilter(Value):
    """Members of a list, as text; a single value is a list of one, a missing value an empty list."""

    type: Literal["list"] = "list"
    property: PropertyRef
    operator: Literal["has_any", "has_all", "has_none"]
    values: tuple[str, ...] = Field(min_length=1, max_length=MAX_VALUES)


class FlagFilter(Value):
    """Whether a flag has the value true or the value false; a missing flag is neither."""

    type: Literal["flag"] = "flag"
    property: PropertyRef
    operator: Literal["is_true", "is_false"]


class PresenceFilter(Value):
    """Whether the property has a value at all (null is none; empty text and an empty list are values)."""

    type: Literal["presence"] = "presence"
    property: PropertyRef
    operator: Literal["exists", "not_exists"]


class FilterGroup(Value):
    """All (``and``) or any (``or``) of ``items``; an empty ``and`` holds, an empty ``or`` does not."""

    type: Literal["group"] = "group"
    op: Literal["and", "or"] = "and"
    items: tuple[Filter, ...] = Field(max_length=100)


Leaf = TextFilter | NumberFilter | TimeFilter | RecencyFilter | ListFilter | FlagFilter | PresenceFilter
AnyFilter = Leaf | FilterGroup
Filter = Annotated[AnyFilter, Field(discriminator="type")]
FilterGroup.model_rebuild()


def _check_expression(expression: str) -> None:
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"'{expression}' is not a regular expression: {error}") from error
    if re.search(r"(?<!\\)\(\?(=|!|<=|<!|P=|\()|\\[1-9]", expression):
        raise ValueError("look-around and back references are not supported")
