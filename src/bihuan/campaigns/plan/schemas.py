"""The plan of a campaign as a value. Everything may be missing while it is a draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.insights import Input, Name, Words

Lever = Literal["acquire", "activate", "retain", "convert", "refer", "win_back"]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")]
# Names of variants and steps go into events and keys.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Ids = Annotated[list[Id], Field(max_length=20), AfterValidator(lambda ids: list(dict.fromkeys(ids)))]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Figure = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]

HOLDOUT, GLOBAL = "holdout", "global_holdout"
"""Arms that get nothing: this campaign's holdout, and whoever is in the project's global one."""


class Goal(Input):
    """What is to be moved: a metric, to where, until when."""

    metric_id: Id | None = None
    target: Figure | None = None
    deadline: date | None = None


class Outcome(Input):
    """What counts as a conversion of one person, and what it is worth.

    ``value_property`` is summed over the conversions of a person; without it each is worth ``value_each``.
    Conversions count in the ``window_days`` days after the campaign began.
    """

    selector: EventSelector
    value_property: PropertyRef | None = None
    value_each: Amount | None = None
    window_days: int = Field(default=14, ge=1, le=365)

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if self.value_property is not None and self.value_each is not None:
            raise ValueError("a conversion is worth a property or a fixed amount, not both")
        return self


class Hypothesis(Input):
    """What is expected: people reached × effect × value.

    ``effect`` is in conversions more per person reached (0.02 is two more of a hundred), ``value`` what one
    of them is worth. ``baseline`` is the share that converts without the campaign.
    """

    reach: int | None = Field(default=None, ge=1, le=1_000_000_000)
    effect: float | None = Field(default=None, gt=0, le=1)
    value: Amount | None = None
    baseline: float | None = Field(default=None, ge=0, lt=1)
    words: Words = ""

    @property
    def expected(self) -> float | None:
        """The expected result in the unit of ``value``; None while a factor is missing."""
        if self.reach is None or self.effect is None or self.value is None:
            return None
        return self.reach * self.effect * self.value


class Target(Input):
    """Who it is for: whoever is in one of the audiences and in none of those left out."""

    audience_ids: Ids = Field(default_factory=list)
    exclude_audience_ids: Ids = Field(default_factory=list)


class Holdout(Input):
    """Which share is deliberately not reached, so that the effect can be measured."""

    share: float = Field(default=0.1, ge=0, le=0.9)
    respect_global: bool = True


class Variant(Input):
    """One way of doing it; people are split by the weights."""

    name: Slug
    label: str = Field(default="", max_length=200)
    weight: float = Field(default=1, gt=0, le=1_000)

    @model_validator(mode="after")
    def _not_an_arm(self) -> Self:
        if self.name in (HOLDOUT, GLOBAL):
            raise ValueError(f"{self.name} is what people who are not reached are called")
        return self


class Message(Input):
    """A message that everybody, or everybody of one variant, gets.

    ``channel_ids`` are tried in order: the next where a person cannot be reached by the one before.
    """

    step: Slug = "main"
    variant: Slug | None = None
    channel_ids: Ids = Field(default_factory=list)
    template_id: Id | None = None
    template_variant: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = Field(
        default=None, description="Which of the template's variants; its first if not given."
    )
    purpose: Annotated[str, StringConstraints(min_length=1, max_length=60)] = "marketing"
    priority: Literal["low", "normal", "high"] | None = Field(
        default=None, description="Null: as the project's rules of sending have it."
    )
    send_time: Literal["at_once", "best_time"] | None = Field(
        default=None,
        description="When due, or in the hour the person is active; null: as the project's rules have it.",
    )
    after_minutes: int = Field(default=0, ge=0, le=525_600)
    draft: dict[Literal["zh", "en"], Words] = Field(
        default_factory=dict, description="What it might say, until there is a template."
    )


class Offer(Input):
    """What people get: a coupon, points, a gift. ``cost_each`` is what one that is used costs."""

    kind: Literal["none", "coupon", "points", "gift", "discount", "shipping", "other"] = "none"
    words: Words = ""
    code: str = Field(default="", max_length=100)
    cost_each: Amount | None = None


class Resource(Input):
    """What is needed: people, design, a page, stock, a place."""

    name: Name
    quantity: float | None = Field(default=None, ge=0, le=1e9)
    unit: str = Field(default="", max_length=40)
    owner: str = Field(default="", max_length=200)


class Milestone(Input):
    """A day of the timeline, counted from the start."""

    day: int = Field(ge=-365, le=365)
    words: Name


class Plan(Input):
    """A campaign as it is meant to be."""

    goal: Goal = Field(default_factory=Goal)
    outcome: Outcome | None = None
    hypothesis: Hypothesis = Field(default_factory=Hypothesis)
    target: Target = Field(default_factory=Target)
    holdout: Holdout = Field(default_factory=Holdout)
    variants: list[Variant] = Field(default_factory=lambda: [Variant(name="a")], min_length=1, max_length=10)
    messages: list[Message] = Field(default_factory=list, max_length=30)
    offer: Offer = Field(default_factory=Offer)
    budget: Amount | None = None
    resources: list[Resource] = Field(default_factory=list, max_length=50)
    timeline: list[Milestone] = Field(default_factory=list, max_length=50)
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for moment in (self.starts_at, self.ends_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a time needs its zone, as 2026-11-11T09:00:00+08:00")
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("it ends before it starts")
        return self

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        names = [each.name for each in self.variants]
        if len(set(names)) != len(names):
            raise ValueError("two variants have the same name")
        unknown = {each.variant for each in self.messages} - {None, *names}
        if unknown:
            raise ValueError(f"there is no variant {sorted(map(str, unknown))[0]}")
        steps = [(each.step, each.variant) for each in self.messages]
        shared = {step for step, variant in steps if variant is None}
        if len(set(steps)) != len(steps) or any(v is not None and s in shared for s, v in steps):
            raise ValueError("a person would get two messages of the same step")
        return self

    def messages_of(self, variant: str) -> list[Message]:
        """The messages that a variant's people get, in order of time."""
        mine = [each for each in self.messages if each.variant in (None, variant)]
        return sorted(mine, key=lambda each: each.after_minutes)

    def channel_ids(self) -> list[str]:
        """Every channel that it uses, each once."""
        return list(dict.fromkeys(channel for each in self.messages for channel in each.channel_ids))
