"""Paths: the ways people take from, to and around an event."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query import BreakdownValue, EventSelector, PropertyRef, Query, Selection, Value

MAX_WINDOW_SECONDS = 366 * 86_400


class NodeRule(Value):
    """Call every node that ``pattern`` matches ``name``.

    ``*`` stands for any run of characters, also none; all else for itself.
    """

    pattern: str = Field(min_length=1, max_length=400)
    name: str = Field(min_length=1, max_length=200)

    @property
    def expression(self) -> str:
        """The pattern in RE2's syntax."""
        parts = [re.escape(part) for part in self.pattern.split("*")]
        return "(?s)^" + ".*".join(parts) + r"\z"


class PathsQuery(Query):
    """Which node follows which, step by step.

    Each event of ``selector`` that has a value of ``node`` is a node; the first of ``rules`` that matches
    the value renames it. A path is cut from the events of one session, for sessions that begin in the
    period (pauses between any events of the person up to the project's gap; followed for a day past the
    period's end); or with ``window_seconds``, one for each person, from the events up to that long from
    its anchor, which lies in the period. Events at the same instant are in order of how frequent their node
    is among the events read, ties by its text; at the same node the anchor is last.

    A path goes forward ``from`` its anchor, back from it (``to``) or both ways (``around``). The anchor is
    the ``occurrence`` (first or last) of an ``anchor`` event in the session, or with a window in the period.
    Such events are nodes in any case, called like the selector if they have no value. Without ``anchor`` a
    path is ``from`` the first node or ``to`` the last. ``collapse`` makes one of neighbours that are the same
    node. ``steps`` are followed each way. At each step the ``top_n`` nodes with the most paths have names
    (ties by text), and only if they are among the ``most_nodes`` most frequent; the others are gathered.
    """

    kind: Literal["paths"] = "paths"
    selector: EventSelector = EventSelector()
    node: PropertyRef = PropertyRef(scope="field", name="event")
    rules: tuple[NodeRule, ...] = Field(default=(), max_length=100)
    anchor: EventSelector | None = None
    direction: Literal["from", "to", "around"] = "from"
    occurrence: Literal["first", "last"] = "first"
    window_seconds: float | None = Field(default=None, gt=0, le=MAX_WINDOW_SECONDS)
    collapse: bool = True
    steps: int = Field(default=5, ge=1, le=20)
    top_n: int = Field(default=10, ge=1, le=100)
    most_nodes: int = Field(default=1000, ge=1, le=10_000)

    @model_validator(mode="after")
    def _around_something(self) -> Self:
        if self.direction == "around" and self.anchor is None:
            raise ValueError("a path around nothing has no anchor")
        if self.occurrence == "last" and self.anchor is None:
            raise ValueError("occurrence goes with an anchor")
        return self

    @property
    def anchored_at_last(self) -> bool:
        """Whether the last event that can be the anchor is it."""
        return self.occurrence == "last" or (self.anchor is None and self.direction == "to")


class PathsSelection(Selection):
    """The people with a path that has ``node`` at ``step`` (negative before the anchor).

    With ``target``, which then has that node at the next step (the link between them). With ``ended``, which
    has no node further on: after it, or before it where the step is negative or the paths lead *to* it.
    """

    step: int
    node: BreakdownValue
    target: BreakdownValue | None = None
    ended: bool = False

    @model_validator(mode="after")
    def _link_or_end(self) -> Self:
        if self.ended and self.target is not None:
            raise ValueError("a path that ends has no target")
        return self
