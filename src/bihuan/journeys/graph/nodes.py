"""The nodes of a journey: what happens to a person there, and where the person goes next.

A way out of a node is a *port*; it leads to a node, or (None) out of the journey.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bihuan.analytics.conditions import Condition, Span
from bihuan.analytics.query import EventSelector
from bihuan.analytics.query.base import Value

NodeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
PortName = NodeId
Reference = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_.:-]+$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]+$")]
Target = NodeId | None
Label = Annotated[str | None, Field(max_length=200, pattern=r"^[^\x00]*$")]
N = TypeVar("N")
Ways = tuple[tuple[str, Target], ...]

NEXT, HAPPENED, TIMED_OUT, OTHERWISE = "next", "happened", "timed_out", "otherwise"
FIXED = (NEXT, HAPPENED, TIMED_OUT, OTHERWISE)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("a time of day is HH:MM, from 00:00 to 23:59")
    return text


Clock = Annotated[str, AfterValidator(_clock), Field(examples=["09:00"])]


class Step(Value):
    """What all nodes have. ``label`` is only shown."""

    label: Label = None

    def ways(self) -> Ways:
        """The ports, each with where it leads."""
        return ((NEXT, self.next),) if isinstance(self, Onward) else ()


class Onward(Step):
    """A node with one way out."""

    next: Target = None


class Wait(Onward):
    """Wait for a length of time from arriving; a day is 24 hours."""

    kind: Literal["wait"] = "wait"
    span: Span


class WaitUntil(Onward):
    """Wait until the clock next shows a time, on one of ``weekdays`` (1 Monday to 7 Sunday).

    ``zone`` ``person``: on the person's clock (``$timezone`` of the profile), else the project's. Where the
    clock is put forward over the time it is the first moment after; where it shows it twice, the first.
    """

    kind: Literal["wait_until"] = "wait_until"
    at: Clock
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), min_length=1, max_length=7
    )
    zone: Literal["person", "project"] = "person"


class WaitFor(Step):
    """Wait until the person does something, from arriving until ``timeout`` later."""

    kind: Literal["wait_for"] = "wait_for"
    event: EventSelector
    timeout: Span
    happened: Target = None
    timed_out: Target = None

    def ways(self) -> Ways:
        """As it happened, or not in time."""
        return ((HAPPENED, self.happened), (TIMED_OUT, self.timed_out))


class Case(Value):
    """A way for those for whom a condition holds. ``label`` is only shown."""

    name: PortName
    label: Label = None
    condition: Condition
    next: Target = None


class Branch(Step):
    """The way of the first case that holds, else ``otherwise``."""

    kind: Literal["branch"] = "branch"
    cases: tuple[Case, ...] = Field(min_length=1, max_length=20)
    otherwise: Target = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        return _check_names(self, [case.name for case in self.cases])

    def ways(self) -> Ways:
        """The cases, and otherwise."""
        return (*((case.name, case.next) for case in self.cases), (OTHERWISE, self.otherwise))


class Portion(Value):
    """A share of the people. ``label`` is only shown."""

    name: PortName
    label: Label = None
    percent: float = Field(gt=0, le=100)
    next: Target = None


class Split(Step):
    """Ways by chance. The same person always goes the same way, unless there is another ``salt``."""

    kind: Literal["split"] = "split"
    portions: tuple[Portion, ...] = Field(min_length=2, max_length=20)
    salt: str = Field(default="", max_length=100, pattern=r"^[^\x00]*$")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if abs(sum(each.percent for each in self.portions) - 100) > 1e-6:
            raise ValueError("the portions add up to 100 %")
        return _check_names(self, [each.name for each in self.portions])

    def ways(self) -> Ways:
        """The portions."""
        return tuple((each.name, each.next) for each in self.portions)


class Trial(Step):
    """Ways by the variants of an experiment; who is not in it goes ``otherwise``."""

    kind: Literal["experiment"] = "experiment"
    experiment: Reference
    variants: dict[PortName, Target] = Field(min_length=1, max_length=20)
    otherwise: Target = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        return _check_names(self, list(self.variants))

    def ways(self) -> Ways:
        """The variants, and otherwise."""
        return (*self.variants.items(), (OTHERWISE, self.otherwise))


class Send(Onward):
    """Queue a message: of a template, by the first of ``channels`` that can reach the person.

    ``priority`` and ``send_time`` left out are those of the project's rules of sending.
    """

    kind: Literal["send"] = "send"
    template: Reference
    channels: tuple[Reference, ...] = Field(min_length=1, max_length=10)
    purpose: Text = "marketing"
    priority: Literal["high", "normal", "low"] | None = None
    send_time: Literal["at_once", "best_time"] | None = None


class SetProperty(Onward):
    """Set a property of the person's profile."""

    kind: Literal["set_property"] = "set_property"
    property: Text
    value: bool | float | str


class SetTag(Onward):
    """Give the person a value of a tag that is kept by hand; None takes it away."""

    kind: Literal["set_tag"] = "set_tag"
    tag: Reference
    value: Text | None


class AddToAudience(Onward):
    """Put the person into a static audience, or take the person out of it."""

    kind: Literal["add_to_audience"] = "add_to_audience"
    audience: Reference
    remove: bool = False


class Give(Onward):
    """Give a reward: points, a coupon, …; the growth system says what there is."""

    kind: Literal["give"] = "give"
    reward: Reference
    quantity: int = Field(default=1, ge=1, le=1_000_000)


class CreateTask(Onward):
    """Make a task for a member about this person."""

    kind: Literal["task"] = "task"
    title: Text
    member: Reference
    due: Span | None = None


class Webhook(Onward):
    """Tell another server: a signed POST to the webhook channel with this id."""

    kind: Literal["webhook"] = "webhook"
    channel: Reference


class Exit(Step):
    """The end; ``reason`` is what it is counted under."""

    kind: Literal["exit"] = "exit"
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,19}$")] = "done"


AnyNode = (
    Wait
    | WaitUntil
    | WaitFor
    | Branch
    | Split
    | Trial
    | Send
    | SetProperty
    | SetTag
    | AddToAudience
    | Give
    | CreateTask
    | Webhook
    | Exit
)
Node = Annotated[AnyNode, Field(discriminator="kind")]
Waiting = Wait | WaitUntil | WaitFor
Deed = SetProperty | SetTag | AddToAudience | Give | CreateTask | Webhook


def _check_names(node: N, names: list[str]) -> N:
    if len(set(names)) != len(names) or set(names) & set(FIXED):
        raise ValueError(f"ways have names of their own, none of {', '.join(FIXED)}")
    return node
