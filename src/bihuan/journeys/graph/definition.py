"""A journey as a frozen value: who comes in, what happens, who counts as having reached the goal."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from croniter import croniter  # type: ignore[import-untyped]
from pydantic import BaseModel, Field, model_validator

from bihuan.analytics.conditions import Condition, Span
from bihuan.analytics.query import EventSelector
from bihuan.analytics.query.base import Value
from bihuan.journeys.graph.nodes import Node, NodeId, Reference

MOST_NODES = 200
_TELLING = ("kind", "type")


class AudienceEntry(Value):
    """People come in as they enter an audience.

    ``present``: those who are in it as the journey starts, too. ``leave``: who leaves the audience leaves the
    journey.
    """

    kind: Literal["audience"] = "audience"
    audience: Reference
    present: bool = False
    leave: bool = False


class EventEntry(Value):
    """People come in with an event, if a condition on them holds then."""

    kind: Literal["event"] = "event"
    event: EventSelector
    condition: Condition | None = None


class ScheduleEntry(Value):
    """At the times of a cron line of five fields, on the project's clock, everybody for whom a condition
    holds."""

    kind: Literal["schedule"] = "schedule"
    cron: str = Field(max_length=100, examples=["0 9 * * 1"])
    condition: Condition

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if len(self.cron.split()) != 5 or not croniter.is_valid(self.cron):
            raise ValueError(f"'{self.cron}' is not a cron line of five fields")
        return self


class ApiEntry(Value):
    """People come in as another system says so."""

    kind: Literal["api"] = "api"


AnyEntry = AudienceEntry | EventEntry | ScheduleEntry | ApiEntry
Entry = Annotated[AnyEntry, Field(discriminator="kind")]


class Reentry(Value):
    """Whether a person comes in again.

    ``never``; ``after_exit``: while not inside, and ``pause`` after having left; ``always``: even while
    inside, once for each occasion.
    """

    rule: Literal["never", "after_exit", "always"] = "never"
    pause: Span | None = None

    @model_validator(mode="after")
    def _pause_after_exit(self) -> Self:
        if self.pause is not None and self.rule != "after_exit":
            raise ValueError("a pause goes with after_exit")
        return self


class Caps(Value):
    """How many come in: ever, on a day of the project, and how many are inside at a time."""

    total: int | None = Field(default=None, ge=1)
    a_day: int | None = Field(default=None, ge=1)
    inside: int | None = Field(default=None, ge=1)


class Goal(Value):
    """What a person should do, ``within`` so long of coming in; with ``leave`` the person then leaves."""

    event: EventSelector
    within: Span
    leave: bool = True


class Definition(Value):
    """A journey.

    Args:
        entry: who comes in.
        start: the first node.
        nodes: by id.
        leave_on: who does this leaves.
        layout: where the editor shows the nodes: ``x, y``.
    """

    entry: Entry
    start: NodeId
    nodes: dict[NodeId, Node] = Field(min_length=1, max_length=MOST_NODES)
    reentry: Reentry = Reentry()
    caps: Caps = Caps()
    goal: Goal | None = None
    leave_on: EventSelector | None = None
    layout: dict[NodeId, tuple[float, float]] = Field(default_factory=dict, max_length=MOST_NODES)

    def stored(self) -> dict[str, Any]:
        """The definition as JSON keeps it."""
        stored: dict[str, Any] = _without_defaults(self, self.model_dump(mode="json"))
        return stored


def _without_defaults(value: Any, dumped: Any) -> Any:
    """``dumped`` without what is as it is by default; what tells kinds apart stays, and comes first."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        names = sorted(fields, key=lambda name: name not in _TELLING)
        return {
            name: _without_defaults(getattr(value, name), dumped[name])
            for name in names
            if name in _TELLING or getattr(value, name) != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, dict):
        return {key: _without_defaults(each, dumped[key]) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_without_defaults(each, dumped[index]) for index, each in enumerate(value)]
    return dumped
