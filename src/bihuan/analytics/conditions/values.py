"""Conditions on people: what they are, what they did, and where they belong.

One definition, two readings: ``sql.py`` finds everyone, ``interpreter.py`` decides about one person. A person
is whoever has an event or a profile.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.calendar import DateUnit
from bihuan.analytics.conditions.windows import Ever, Span, Window
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import AnyFilter, Filter, FilterGroup
from bihuan.analytics.query.properties import PropertyRef

MOST_LISTED = 10_000
MOST_NODES = 200
Operator = Literal["eq", "ne", "gt", "gte", "lt", "lte", "between"]


class Comparison(Value):
    """A figure compared with ``value``; ``between`` takes ``value`` ≤ figure ≤ ``upper``."""

    operator: Operator = "gte"
    value: float = 1
    upper: float | None = None

    @model_validator(mode="after")
    def _upper_with_between(self) -> Self:
        if (self.upper is not None) != (self.operator == "between"):
            raise ValueError("upper goes with between, and only with it")
        if self.upper is not None and self.upper < self.value:
            raise ValueError("upper is below value, so nothing is between them")
        return self

    def holds(self, figure: float) -> bool:
        """Whether it holds for a figure."""
        match self.operator:
            case "eq":
                return figure == self.value
            case "ne":
                return figure != self.value
            case "gt":
                return figure > self.value
            case "gte":
                return figure >= self.value
            case "lt":
                return figure < self.value
            case "lte":
                return figure <= self.value
            case "between":
                return self.upper is not None and self.value <= figure <= self.upper


class Has(Value):
    """What is known of a person: a filter on properties of the profile, tags and audiences."""

    kind: Literal["has"] = "has"
    filter: Filter

    @model_validator(mode="after")
    def _of_people(self) -> Self:
        if any(ref.scope in ("event", "field") for ref in refs_of(self.filter)):
            raise ValueError("properties of events belong into the event's own filter")
        return self


class Count(Value):
    """How often; nobody's is missing, it is 0."""

    kind: Literal["count"] = "count"


class ActiveDays(Value):
    """On how many different days, weeks, … of the calendar; 0 without any."""

    kind: Literal["active"] = "active"
    unit: DateUnit = "day"


class LongestRun(Value):
    """The longest run of days, weeks, … in a row that have such an event; 0 without any."""

    kind: Literal["in_a_row"] = "in_a_row"
    unit: DateUnit = "day"


class OfProperty(Value):
    """A figure over the numbers of a property.

    Without a number ``sum`` is 0 and the others have no value, for which no comparison holds; ``distinct``
    counts different values as text and is 0 without any.
    """

    kind: Literal["property"] = "property"
    property: PropertyRef
    aggregate: Literal["sum", "avg", "min", "max", "distinct"]


Figure = Annotated[Count | ActiveDays | LongestRun | OfProperty, Field(discriminator="kind")]


class Did(Value):
    """What a person did in a window, as a figure that is compared: at least once, if nothing else is said."""

    kind: Literal["did"] = "did"
    event: EventSelector
    window: Window = Ever()
    figure: Figure = Count()
    compare: Comparison = Comparison()


class Occurrence(Value):
    """The person's first, or last, such event in all of history: it is in the window and passes ``filter``.

    Of several in one millisecond the one counts whose id comes first (last) in the engine's order.
    """

    kind: Literal["occurrence"] = "occurrence"
    which: Literal["first", "last"] = "first"
    event: EventSelector
    window: Window = Ever()
    filter: Filter | None = None


class Sequence(Value):
    """The steps one after another, each by an event of its own, all of them in the window.

    From the first to the last it takes ``within`` at most. Events of the same millisecond count in the order
    of the steps. Other events may lie between.
    """

    kind: Literal["sequence"] = "sequence"
    steps: tuple[EventSelector, ...] = Field(min_length=2, max_length=10)
    within: Span | None = None
    window: Window = Ever()


class Anniversary(Value):
    """The yearly day of a date is from ``from_days`` to ``to_days`` days after today (less than 0: before).

    ``property`` is one of people, or a tag. Days are the project's. A date is read as the calendar has it; of
    a time with an offset, or a number, the day counts that it is in the project's zone. 29 February has its
    day on the 28th in common years. The date itself is none of its anniversaries, nor is a day before it.
    """

    kind: Literal["anniversary"] = "anniversary"
    property: PropertyRef
    from_days: int = Field(default=0, ge=-366, le=366)
    to_days: int = Field(default=0, ge=-366, le=366)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_days > self.to_days:
            raise ValueError("from_days is not after to_days")
        if self.property.scope not in ("person", "tag"):
            raise ValueError("an anniversary is of a property of people or of a tag")
        return self


class Listed(Value):
    """People by any of their ids."""

    kind: Literal["listed"] = "listed"
    distinct_ids: tuple[str, ...] = Field(min_length=1, max_length=MOST_LISTED)


class Share(Value):
    """A random share of everyone, the same people for the same ``salt``; another salt draws anew."""

    PARTS: ClassVar[int] = 1_000_000

    kind: Literal["share"] = "share"
    percent: float = Field(gt=0, le=100)
    salt: str = Field(default="", max_length=100)

    @property
    def parts(self) -> int:
        """The share in millionths, at least one."""
        return max(1, round(self.percent * self.PARTS / 100))


class All(Value):
    """All of ``items`` hold; an empty list holds for everyone."""

    kind: Literal["all"] = "all"
    items: tuple[Condition, ...] = Field(max_length=100)


class AnyOf(Value):
    """At least one of ``items`` holds; an empty list holds for nobody."""

    kind: Literal["any"] = "any"
    items: tuple[Condition, ...] = Field(max_length=100)


class Not(Value):
    """``item`` does not hold."""

    kind: Literal["not"] = "not"
    item: Condition


Leaf = Has | Did | Occurrence | Sequence | Anniversary | Listed | Share
AnyCondition = Leaf | All | AnyOf | Not
Condition = Annotated[AnyCondition, Field(discriminator="kind")]
All.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()


def leaves(condition: AnyCondition) -> list[Leaf]:
    """The conditions without parts of their own, from left to right."""
    match condition:
        case All() | AnyOf():
            return [leaf for item in condition.items for leaf in leaves(item)]
        case Not():
            return leaves(condition.item)
        case _:
            return [condition]


def refs_of(node: AnyFilter | None) -> list[PropertyRef]:
    """The properties that a filter asks for."""
    if node is None:
        return []
    if isinstance(node, FilterGroup):
        return [ref for item in node.items for ref in refs_of(item)]
    return [node.property]


def selectors_of(leaf: Leaf) -> tuple[EventSelector, ...]:
    """The events that a condition asks for."""
    if isinstance(leaf, Sequence):
        return leaf.steps
    return (leaf.event,) if isinstance(leaf, Did | Occurrence) else ()


def properties_of(condition: AnyCondition) -> list[PropertyRef]:
    """Every property, tag and audience that a condition asks for."""
    found: list[PropertyRef] = []
    for leaf in leaves(condition):
        if isinstance(leaf, Has | Occurrence):
            found += refs_of(leaf.filter)
        if isinstance(leaf, Anniversary):
            found.append(leaf.property)
        if isinstance(leaf, Did) and isinstance(leaf.figure, OfProperty):
            found.append(leaf.figure.property)
        for selector in selectors_of(leaf):
            found += refs_of(selector.filter)
    return found
