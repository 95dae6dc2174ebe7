"""Conditions on everyone, as one statement that reads the events once."""

from __future__ import annotations

from collections.abc import Sequence as Ordered
from dataclasses import dataclass

from bihuan.analytics.conditions.anniversaries import near_sql
from bihuan.analytics.conditions.deeds import Deeds
from bihuan.analytics.conditions.figures import Figures
from bihuan.analytics.conditions.logic import without_deeds
from bihuan.analytics.conditions.values import (
    All,
    Anniversary,
    AnyCondition,
    AnyOf,
    Did,
    Has,
    Listed,
    Not,
    Occurrence,
    Sequence,
    Share,
)
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.filters import FilterGroup
from bihuan.analytics.sql import EventsSource, condition, events_source, in_sample_sql
from bihuan.analytics.sql.filters import NEGATIVE, people_with
from bihuan.kernel.hashing import key64
from bihuan.warehouse.assignments import owners_sql
from bihuan.warehouse.sql import literal


def people_sql(
    ctx: ProjectContext, wanted: AnyCondition, *, among: str | None = None, sample: float | None = None
) -> str:
    """SELECT of one column ``person``: everyone for whom it holds, each once.

    Args:
        among: a SELECT of the only persons in question.
        sample: only this share of people.
    """
    return f"SELECT person FROM (\n{values_sql(ctx, [(wanted, '1')], among=among, sample=sample)}\n)"


def values_sql(
    ctx: ProjectContext,
    cases: Ordered[tuple[AnyCondition, str]],
    *,
    among: str | None = None,
    sample: float | None = None,
) -> str:
    """SELECT of ``person, value``: the value of the first condition that holds, of those who have any."""
    deeds = Deeds(Figures(events_source(ctx, sample=sample)))
    tests = [_Statement(ctx, deeds).holds(wanted) for wanted, _ in cases]
    choices = ", ".join(f"{test}, {literal(value)}" for test, (_, value) in zip(tests, cases, strict=True))
    any_of = AnyOf(items=tuple(wanted for wanted, _ in cases))
    people = _people(ctx, any_of, deeds, _Scope(among, sample))
    return f"SELECT person, multiIf({choices}, '') AS value\nFROM (\n{people}\n)\nWHERE value != ''"


def everyone_sql(ctx: ProjectContext, *, among: str | None = None, sample: float | None = None) -> str:
    """SELECT of one column ``person``: whoever has an event by now or a profile, each once."""
    source = EventsSource(ctx).between(None, ctx.now_ms + 1).sampled(sample)
    source.column("person", source.person)
    profiles = f"SELECT p.person_id AS person FROM {ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted"
    if among is not None:
        source.where(f"{source.person} IN ({among})")
        profiles += f" AND p.person_id IN ({among})"
    sampled = in_sample_sql("p.person_id", sample)
    if sampled != "true":
        profiles += f" AND {sampled}"
    # DISTINCT would end in one thread.
    return f"SELECT person FROM (\n{source.sql()}\nUNION ALL\n{profiles}\n) GROUP BY person"


@dataclass(frozen=True)
class _Scope:
    among: str | None
    sample: float | None


def _people(ctx: ProjectContext, wanted: AnyCondition, deeds: Deeds, scope: _Scope) -> str:
    """SELECT of ``person`` and the figures, with nobody missing for whom ``wanted`` may hold."""
    figures, among = deeds.figures, scope.among
    # In a sample the people outside cost more to look up than to group.
    if among is None and not (figures.columns and scope.sample):
        among = _narrowing(ctx, wanted)
    if not figures.columns:
        return everyone_sql(ctx, among=among, sample=scope.sample)
    grouped = figures.grouped_sql(among)
    if without_deeds(wanted) is False:
        return grouped
    names = ", ".join(f"d.{name} AS {name}" for name in figures.columns)
    everyone = everyone_sql(ctx, among=among, sample=scope.sample)
    return (
        f"SELECT w.person AS person, {names}\nFROM (\n{everyone}\n) AS w\n"
        f"LEFT ANY JOIN (\n{grouped}\n) AS d ON d.person = w.person"
    )


def _narrowing(ctx: ProjectContext, wanted: AnyCondition) -> str | None:
    """A SELECT of persons outside of which it cannot hold, if that can be told."""
    match wanted:
        case All():
            found = (_narrowing(ctx, item) for item in wanted.items)
            return next((sql for sql in found if sql is not None), None)
        case AnyOf() if len(wanted.items) == 1:
            return _narrowing(ctx, wanted.items[0])
        case Has(filter=leaf) if not isinstance(leaf, FilterGroup) and leaf.operator not in NEGATIVE:
            return people_with(ctx, leaf)
        case Anniversary():
            return near_sql(ctx, wanted)
        case Listed():
            return _listed(ctx, wanted)
        case _:
            return None


class _Statement:
    """Conditions as SQL over ``person`` and the figures of their deeds."""

    def __init__(self, ctx: ProjectContext, deeds: Deeds) -> None:
        self._ctx = ctx
        self._deeds = deeds

    def holds(self, wanted: AnyCondition) -> str:
        """SQL Bool."""
        match wanted:
            case All():
                return f"({' AND '.join(map(self.holds, wanted.items))})" if wanted.items else "true"
            case AnyOf():
                return f"({' OR '.join(map(self.holds, wanted.items))})" if wanted.items else "false"
            case Not():
                return f"NOT ({self.holds(wanted.item)})"
            case Has():
                return condition(self._ctx, wanted.filter, person="person")
            case Anniversary():
                return f"person IN ({near_sql(self._ctx, wanted)})"
            case Listed():
                return f"person IN ({_listed(self._ctx, wanted)})"
            case Share():
                drawn = f"xxh3(concat({literal(wanted.salt + ':')}, toString(person))) % {Share.PARTS}"
                return f"({drawn} < {wanted.parts})"
            case Did() | Occurrence() | Sequence():
                return self._deeds.condition(wanted)


def _listed(ctx: ProjectContext, listed: Listed) -> str:
    keys = ", ".join(str(key64(each)) for each in dict.fromkeys(listed.distinct_ids))
    given = f"SELECT arrayJoin(CAST([{keys}] AS Array(UInt64))) AS person_id"
    return f"SELECT person FROM ({owners_sql(ctx.table, given)})"
