"""What a persona compares."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.conditions import Ever, Window
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.period import Last
from bihuan.analytics.query.properties import OF_PEOPLE, PropertyRef

TopN = Annotated[int, Field(ge=1, le=100)]


class OfPerson(Value):
    """A property of the profile, a tag, or being in an audience; of a list every member counts."""

    kind: Literal["person"] = "person"
    property: PropertyRef
    top_n: TopN = 10

    @model_validator(mode="after")
    def _of_people(self) -> Self:
        if self.property.scope not in OF_PEOPLE:
            raise ValueError("properties of events are asked for by touch")
        return self


class OfNumber(Value):
    """The number of a property of the profile or a tag, in ranges ``[-inf, b0) [b0, b1) … [bn, +inf)``.

    Without ``bounds`` they are the tenths of both sets together (R type 7), those that coincide once.
    """

    kind: Literal["number"] = "number"
    property: PropertyRef
    bounds: tuple[float, ...] | None = Field(default=None, min_length=1, max_length=50)

    @model_validator(mode="after")
    def _of_people(self) -> Self:
        if self.property.scope not in ("person", "tag"):
            raise ValueError("a number is a property of the profile or a tag")
        if self.bounds and any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("bounds must ascend")
        return self


class AtTouch(Value):
    """A property of the first or last of some events of a person that have it: source, device, region."""

    kind: Literal["touch"] = "touch"
    property: PropertyRef
    which: Literal["first", "last"] = "last"
    event: EventSelector = EventSelector()
    window: Window = Ever()
    top_n: TopN = 10

    @model_validator(mode="after")
    def _of_events(self) -> Self:
        if self.property.scope in OF_PEOPLE:
            raise ValueError("a touch has properties of events")
        return self


class Events(Value):
    """Which events people did at least once."""

    kind: Literal["events"] = "events"
    window: Window = Last(count=30)
    top_n: TopN = 20


class Hours(Value):
    """In which hours of the day, 0 to 23, people were active at least once."""

    kind: Literal["hours"] = "hours"
    event: EventSelector = EventSelector()
    window: Window = Last(count=30)


AnyFacet = OfPerson | OfNumber | AtTouch | Events | Hours
Facet = Annotated[AnyFacet, Field(discriminator="kind")]


class FacetSelection(Value):
    """The people of one side who have a value of a facet, or none (None).

    A range of numbers is named as in the result, whose bounds the facet then has to have.
    """

    value: str | None = None
    of: Literal["audience", "other"] = "audience"


def _last(name: str) -> AtTouch:
    return AtTouch(property=PropertyRef(name=name))


def _first(name: str) -> AtTouch:
    return AtTouch(property=PropertyRef(name=name), which="first")


# What can be asked without knowing a project: where people came from first, where and with what they are now.
STANDARD_FACETS: tuple[AnyFacet, ...] = (
    *(_first(name) for name in ("$channel", "$utm_source", "$utm_campaign", "$referrer_domain")),
    *(
        _last(name)
        for name in ("$channel", "$country", "$region", "$city", "$device_type", "$os", "$browser")
    ),
    AtTouch(property=PropertyRef(scope="field", name="source")),
    Events(),
    Hours(),
)


class PersonaQuery(Value):
    """Facets in which an audience is compared; ``false_findings``: which share of findings may be chance."""

    kind: Literal["persona"] = "persona"
    facets: tuple[Facet, ...] = Field(min_length=1, max_length=50)
    false_findings: float = Field(default=0.05, gt=0, lt=1)
