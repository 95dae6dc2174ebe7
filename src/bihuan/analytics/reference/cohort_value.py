"""Cohort value from its definition: add up what each person paid, by age."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.analytics.cohort_value.query import CohortValueQuery
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import resolve
from bihuan.analytics.reference.groups import Values, group_of, kept_values, values_of
from bihuan.analytics.reference.log import EventLog
from bihuan.analytics.reference.reading import read_number, relevant
from bihuan.analytics.reference.retention import timeline_until_now
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.reference.trend import Group


@dataclass
class ValueRow:
    """A cohort's people and, by age, those who paid until its end and how much; None before it begins."""

    people: set[int]
    payers: list[set[int] | None]
    value: list[float | None]


def cohort_value(
    ctx: ProjectContext, log: EventLog, query: CohortValueQuery
) -> dict[tuple[Group, str], ValueRow]:
    """The rows by (group, cohort); without a breakdown also those without people."""
    period = resolve(query.period, ctx)
    timeline, running = timeline_until_now(ctx, query.interval, period)
    firsts: dict[int, tuple[str, Values]] = {}
    early: set[int] = set()
    for event in relevant(ctx, log, query, query.start, whole_history=True):
        if event.person in early or event.person in firsts:
            continue
        if not period.start_ms <= event.time_ms < period.end_ms:
            early.add(event.person)
            continue
        values = values_of(ctx, log, event, query.breakdowns)
        firsts[event.person] = (bucket_of(ctx, query.interval, event.time_ms), values)
    kept = kept_values([(values, person) for person, (_, values) in firsts.items()], query.breakdowns)
    paid: dict[int, list[tuple[int, float]]] = {}
    for event in relevant(ctx, log, query, query.paying, whole_history=True):
        label, amount = (
            bucket_of(ctx, query.interval, event.time_ms),
            read_number(ctx, log, event, query.value),
        )
        if amount is not None and label in timeline:
            paid.setdefault(event.person, []).append((timeline.index(label), amount))
    members: dict[tuple[Group, str], set[int]] = {}
    for person, (label, values) in firsts.items():
        members.setdefault((group_of(values, query.breakdowns, kept), label), set()).add(person)
    if not query.breakdowns:
        for label in all_buckets(ctx, query.interval, period):
            members.setdefault(((), label), set())
    return {
        key: _row(people, timeline.index(key[1]), running, query.ages, paid)
        for key, people in members.items()
    }


def _row(
    people: set[int], start: int, running: int, ages: int, paid: dict[int, list[tuple[int, float]]]
) -> ValueRow:
    row = ValueRow(people, [], [])
    for age in range(ages + 1):
        begun = start + age <= running
        until = [
            (person, amount)
            for person in people
            for unit, amount in paid.get(person, ())
            if start <= unit <= start + age
        ]
        row.payers.append({person for person, _ in until} if begun else None)
        row.value.append(sum(amount for _, amount in until) if begun else None)
    return row
