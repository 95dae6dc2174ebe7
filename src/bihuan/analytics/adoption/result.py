"""Adoption of each feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.adoption.query import AdoptionQuery
from bihuan.analytics.adoption.sql import adoption_units
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading


class Adoption(BaseModel):
    """One feature.

    ``reach`` = ``people`` / the people it is relative to. ``events_per_person`` and ``units_per_person``
    are means over those who used it; ``frequency`` is the latter as a share of the period's units.
    ``retention`` = of the units in which somebody used it, the share after which the same person used it in
    the next unit as well; only of units whose next one lies in the period and has ended. ``adoption`` =
    reach × frequency × retention. Null where there is nothing to divide by.
    """

    model_config = ConfigDict(frozen=True)

    event: str | None = None
    feature: int | None = None
    name: str
    people: int
    events: int
    reach: float | None
    events_per_person: float | None
    units_per_person: float | None
    frequency: float | None
    retention: float | None
    adoption: float | None


class AdoptionResult(Result):
    """Features by people, most first (those of the query in its order).

    ``people`` is how many reach is relative to.
    """

    kind: Literal["adoption"] = "adoption"
    interval: Literal["day", "week", "month"]
    units: int
    people: int
    features: tuple[Adoption, ...]


def read_adoption(ctx: ProjectContext, query: AdoptionQuery, rows: Sequence[Row]) -> AdoptionResult:
    """The result of the statement's rows."""
    units = adoption_units(ctx, query).count
    everybody = next(row[2] for row in rows if row[1])
    found = {row[0]: tuple(row[2:]) for row in rows if not row[1]}
    if query.features:
        names = [str(index) for index in range(len(query.features))]
    else:
        names = sorted(found, key=lambda name: (-found[name][0], name))
    features = tuple(
        _adoption(query, name, found.get(name, (0, 0, 0, 0, 0)), everybody, units) for name in names
    )
    return AdoptionResult(
        **heading(ctx, query), interval=query.interval, units=units, people=everybody, features=features
    )


def _adoption(query: AdoptionQuery, name: str, row: Row, everybody: int, units: int) -> Adoption:
    people, events, person_units, kept, eligible = row
    feature = int(name) if query.features else None
    reach = _share(people, everybody)
    frequency, retention = _share(person_units, people * units), _share(kept, eligible)
    known = reach is not None and frequency is not None and retention is not None
    return Adoption(
        event=name if feature is None else None,
        feature=feature,
        name=name if feature is None else query.features[feature].name,
        people=people,
        events=events,
        reach=reach,
        events_per_person=_share(events, people),
        units_per_person=_share(person_units, people),
        frequency=frequency,
        retention=retention,
        adoption=(reach or 0) * (frequency or 0) * (retention or 0) if known else None,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
