"""Breakdowns mean the same in every analysis that has them; what each splits, by hand; tables; refusals."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.cohort_value import CohortValueQuery, CohortValueSelection
from bihuan.analytics.distribution import DistributionQuery, DistributionSelection
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.intervals import IntervalsQuery, IntervalsSelection
from bihuan.analytics.lifecycle import STAGES, LifecycleQuery, LifecycleSelection
from bihuan.analytics.query import (
    Breakdown,
    BreakdownValue,
    Dates,
    EventSelector,
    FilterGroup,
    People,
    PresenceFilter,
    PropertyRef,
    Query,
    Selection,
    TextFilter,
)
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.retention import On, RetentionQuery, RetentionSelection
from bihuan.analytics.run import people, run, sql_of
from bihuan.analytics.stickiness import StickinessQuery, StickinessSelection
from bihuan.analytics.trend import TrendQuery, TrendSelection, TrendSeries
from bihuan.kernel.tables import rows_of
from bihuan.warehouse.project import ProjectStore
from tests.analytics.groups import BREAKDOWNS
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, periods, scenes

OS = PropertyRef(name="$os")
PLAN = PropertyRef(scope="person", name="plan")
DAYS = Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 4))
VIEW, BUY = EventSelector(events=("view",)), EventSelector(events=("buy",))
Values = tuple[BreakdownValue, ...]
QUERIES: tuple[type[Query], ...] = (LifecycleQuery, StickinessQuery, DistributionQuery)


def groups(store: ProjectStore, ctx: Any, query: Query) -> dict[Values, Any]:
    """The groups of an answer by their values."""
    return {group.breakdown: group for group in run(store.engine, ctx, query).groups}  # type: ignore[attr-defined]


def alone(value: BreakdownValue, shown: Iterable[BreakdownValue]) -> FilterGroup:
    """The events of one group of a breakdown by system, as a filter."""
    if value.other:
        return FilterGroup(items=tuple(has(one, negated=True) for one in shown if not one.other))
    return FilterGroup(items=(has(value, negated=False),))


def has(value: BreakdownValue, *, negated: bool) -> TextFilter | PresenceFilter:
    """Events with a value or none of the system; negated all the others."""
    if value.value is None:
        return PresenceFilter(property=OS, operator="exists" if negated else "not_exists")
    return TextFilter(property=OS, operator="is_not" if negated else "is", values=(value.value,))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, Dates]:
    scene = draw(scenes(max_events=40))
    return scene, draw(periods(scene))


@settings(max_examples=15, deadline=None)
@given(cases(), st.integers(1, 2), st.sampled_from(QUERIES))
def test_a_group_is_what_the_analysis_says_of_its_events_alone(
    store: ProjectStore, case: tuple[Scene, Dates], top_n: int, kind: type[Query]
) -> None:
    scene, period = case
    load(store, scene.log)
    ctx = scene.context(store)
    whole = kind(period=period)
    split = whole.model_copy(update={"breakdowns": (Breakdown(property=OS, top_n=top_n),)})
    found = groups(store, ctx, split)
    assert sum(value.other for (value,) in found) <= 1
    assert len(found) <= top_n + 1
    for (value,), group in found.items():
        narrowed = whole.model_copy(update={"filter": alone(value, [one for (one,) in found])})
        (expected,) = groups(store, ctx, narrowed).values()
        assert group.model_copy(update={"breakdown": ()}) == expected


@settings(max_examples=15, deadline=None)
@given(cases(), BREAKDOWNS)
def test_the_active_people_of_a_group_are_those_of_a_trend(
    store: ProjectStore, case: tuple[Scene, Dates], breakdowns: tuple[Breakdown, ...]
) -> None:
    scene, period = case
    load(store, scene.log)
    ctx = scene.context(store)
    trend = TrendQuery(series=(TrendSeries(measure=People()),), period=period, breakdowns=breakdowns)
    lines = {line.breakdown: line for line in run(store.engine, ctx, trend).lines}  # type: ignore[attr-defined]
    stages, sticky, spread = (
        groups(store, ctx, kind(period=period, breakdowns=breakdowns))
        for kind in (LifecycleQuery, StickinessQuery, DistributionQuery)
    )
    assert set(sticky) == set(spread) == set(lines) <= set(stages)
    for values, group in stages.items():
        active = tuple(unit.active for unit in group.units)
        assert active == (lines[values].values if values in lines else (0,) * len(active))
    for values, line in lines.items():
        assert sticky[values].spans[0].at_least[0] == spread[values].whole.people == line.total


@settings(max_examples=10, deadline=None)
@given(cases())
def test_by_a_property_of_people_everybody_is_in_one_group(
    store: ProjectStore, case: tuple[Scene, Dates]
) -> None:
    scene, period = case
    load(store, scene.log)
    ctx = scene.context(store)
    plain = LifecycleQuery(period=period)
    by_person = Breakdown(property=PropertyRef(scope="person", name="x"), top_n=2)
    split = groups(store, ctx, plain.model_copy(update={"breakdowns": (by_person,)}))
    for place, unit in enumerate(groups(store, ctx, plain)[()].units):
        for stage in STAGES:
            parts = [getattr(group.units[place], stage) for group in split.values()]
            assert sum(parts) == getattr(unit, stage)


def at(day: int, person: int, system: str | None, event: str = "view", *, minute: int = 0) -> LogEvent:
    """An event at noon of a day of January 2024 in Shanghai, or some minutes later."""
    properties = {} if system is None else {"$os": system}
    time_ms = 1_704_081_600_000 + ((day - 1) * 1440 + minute) * 60_000
    return LogEvent(event, time_ms, person, properties=properties)


LOG = EventLog(
    (
        at(1, 1, "iOS"), at(2, 1, "Android"), at(3, 1, "iOS"), at(4, 1, "iOS"),
        at(1, 2, "iOS"), at(2, 2, "iOS"), at(4, 2, None),
        at(1, 3, "Android"), at(2, 3, "Web"),
    ),
    {1: {"plan": "pro"}, 2: {"plan": "free"}},
)  # fmt: skip
IOS, ANDROID = (BreakdownValue(value="iOS"),), (BreakdownValue(value="Android"),)
NONE, OTHER = (BreakdownValue(),), (BreakdownValue(other=True),)
BY_SYSTEM = (Breakdown(property=OS, top_n=2),)


def test_stages_are_judged_among_the_events_of_a_group(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG)
    query = LifecycleQuery(period=DAYS, breakdowns=BY_SYSTEM)
    split = groups(store, ctx, query)
    assert list(split) == [IOS, ANDROID, OTHER]
    figures = {
        values: [tuple(getattr(unit, stage) for stage in STAGES) for unit in group.units]
        for values, group in split.items()
    }
    assert figures == {
        IOS: [(2, 0, 0, 0), (0, 1, 0, 1), (0, 0, 1, 1), (0, 1, 0, 0)],
        ANDROID: [(1, 0, 0, 0), (1, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 0)],
        OTHER: [(0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 1), (1, 0, 0, 0)],
    }
    new = LifecycleSelection(bucket="2024-01-02", stage="new")
    assert people(store.engine, ctx, query, new) == [1, 3]
    assert people(store.engine, ctx, query, new.model_copy(update={"breakdown": ANDROID})) == [1]
    assert people(store.engine, ctx, query, new.model_copy(update={"breakdown": OTHER})) == [3]
    assert people(store.engine, ctx, query, new.model_copy(update={"breakdown": IOS})) == []


def test_two_breakdowns_keep_values_each_by_itself(store: ProjectStore) -> None:
    load(store, LOG)
    both = (Breakdown(property=OS, top_n=1), Breakdown(property=PLAN, top_n=5))
    split = groups(store, context(store, LOG), StickinessQuery(period=DAYS, breakdowns=both))
    plans = {name: (BreakdownValue(value=name),) for name in ("free", "pro")}
    assert {values: group.spans[0].exactly for values, group in split.items()} == {
        ANDROID + plans["pro"]: (1, 0, 0, 0),
        ANDROID + NONE: (1, 0, 0, 0),
        OTHER + plans["pro"]: (0, 0, 1, 0),
        OTHER + plans["free"]: (0, 0, 1, 0),
        OTHER + NONE: (1, 0, 0, 0),
    }


def test_a_number_for_each_person_and_group(store: ProjectStore) -> None:
    load(store, LOG)
    split = groups(store, context(store, LOG), DistributionQuery(period=DAYS, breakdowns=BY_SYSTEM))
    found = {values: (group.whole.people, group.whole.mean) for values, group in split.items()}
    assert found == {IOS: (2, 2.5), ANDROID: (2, 1.0), OTHER: (2, 1.0)}


@pytest.mark.parametrize(("counted_from", "system", "seconds"), [("last", ANDROID, 60), ("first", IOS, 120)])
def test_an_interval_has_the_values_of_the_event_it_is_counted_from(
    store: ProjectStore, counted_from: str, system: Values, seconds: float
) -> None:
    log = EventLog(
        (at(1, 1, "iOS"), at(1, 1, "Android", minute=1), at(1, 1, "Web", "buy", minute=2), at(1, 2, "Web"))
    )
    load(store, log)
    query = IntervalsQuery.model_validate(
        {"period": DAYS, "start": VIEW, "end": BUY, "counted_from": counted_from, "breakdowns": BY_SYSTEM}
    )
    split = groups(store, context(store, log), query)
    assert {values: group.whole.maximum for values, group in split.items()} == {system: seconds}
    behind = IntervalsSelection(breakdown=system)
    assert people(store.engine, context(store, log), query, behind) == [1]
    elsewhere = IntervalsSelection(breakdown=(BreakdownValue(value="Web"),))
    assert people(store.engine, context(store, log), query, elsewhere) == []


@pytest.mark.parametrize(("counted_from", "system"), [("last", ANDROID), ("first", IOS)])
def test_of_starts_at_one_instant_the_order_of_their_ids_decides(
    store: ProjectStore, counted_from: str, system: Values
) -> None:
    # The later one stands first in the log and comes first by text.
    second, first = (
        dataclasses.replace(at(1, 1, name), event_id=uuid.UUID(int=number))
        for number, name in ((2, "Android"), (1, "iOS"))
    )
    log = EventLog((second, first, at(1, 1, None, "buy", minute=1)))
    load(store, log)
    query = IntervalsQuery.model_validate(
        {"period": DAYS, "start": VIEW, "end": BUY, "counted_from": counted_from, "breakdowns": BY_SYSTEM}
    )
    assert list(groups(store, context(store, log), query)) == [system]


def test_retention_by_two_properties_at_the_start(store: ProjectStore) -> None:
    load(store, LOG)
    both = (Breakdown(property=OS, top_n=1), Breakdown(property=PLAN, top_n=1))
    query = RetentionQuery(period=DAYS, returning=On(ages=1), breakdowns=both)
    split = groups(store, context(store, LOG), query)
    # Each plan and none start one cohort; the tie goes to the first by text, and a missing one comes first.
    assert {values: (group.size, group.cohorts[0].people) for values, group in split.items()} == {
        IOS + OTHER: (2, (2, 2)),
        OTHER + NONE: (1, (1, 1)),
    }
    started = RetentionSelection(cohort="2024-01-01", breakdown=IOS + OTHER)
    assert people(store.engine, context(store, LOG), query, started) == [1, 2]


KINDS: dict[str, tuple[dict[str, Any], type[Query], Selection]] = {
    "lifecycle": ({}, LifecycleQuery, LifecycleSelection(bucket="2024-01-02", stage="new", breakdown=IOS)),
    "stickiness": ({}, StickinessQuery, StickinessSelection(units=1, breakdown=IOS)),
    "distribution": ({"interval": "day"}, DistributionQuery, DistributionSelection(breakdown=IOS)),
    "intervals": ({"start": VIEW, "end": VIEW}, IntervalsQuery, IntervalsSelection(breakdown=IOS)),
    "retention": ({}, RetentionQuery, RetentionSelection(breakdown=IOS)),
    "cohort_value": ({}, CohortValueQuery, CohortValueSelection(breakdown=IOS)),
    "trend": ({"series": [{}]}, TrendQuery, TrendSelection(breakdown=IOS)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [0, 2, 3])
def test_a_group_is_named_by_one_value_for_each_breakdown(
    store: ProjectStore, kind: str, number: int
) -> None:
    asked, model, selection = KINDS[kind]
    query = model.model_validate({"period": DAYS, **asked, "breakdowns": BY_SYSTEM * number})
    with pytest.raises(SelectionInvalid, match="one value for each breakdown"):
        people(store.engine, context(store), query, selection)


@pytest.mark.parametrize("kind", KINDS)
def test_more_than_three_breakdowns_and_more_numbers_than_anyone_reads_are_refused(
    store: ProjectStore, kind: str
) -> None:
    asked, model, _ = KINDS[kind]
    with pytest.raises(ValidationError):
        model.model_validate({**asked, "breakdowns": BY_SYSTEM * 4})
    wide = [{"property": OS, "top_n": 500}] * 3
    with pytest.raises(QueryTooLarge):
        sql_of(context(store), model.model_validate({"period": DAYS, **asked, "breakdowns": wide}))


@pytest.mark.parametrize("kind", ["lifecycle", "stickiness", "distribution", "intervals", "retention"])
def test_an_empty_log_has_no_groups_but_everybody(store: ProjectStore, kind: str) -> None:
    load(store, EventLog(()))
    asked, model, _ = KINDS[kind]
    query = model.model_validate({"period": DAYS, **asked})
    assert list(groups(store, context(store), query)) == [()]
    assert groups(store, context(store), query.model_copy(update={"breakdowns": BY_SYSTEM})) == {}


@pytest.mark.parametrize(
    ("kind", "first", "rows"),  # groups × units (× places of a list)
    [
        ("lifecycle", {"breakdown_1": "iOS", "bucket": "2024-01-01", "new": 2}, 3 * 4),
        ("stickiness", {"breakdown_1": "Android", "exactly": 2, "position": 0}, 3 * 4),
        ("distribution", {"breakdown_1": "Android", "whole.people": 2, "bucket": "2024-01-01"}, 3 * 4 * 10),
        ("retention", {"breakdown_1": "iOS", "cohort": "2024-01-01", "position": 0, "people": 2}, 2 * 4 * 11),
    ],
)
def test_every_row_of_a_table_says_its_group(
    store: ProjectStore, kind: str, first: dict[str, Any], rows: int
) -> None:
    load(store, LOG)
    asked, model, _ = KINDS[kind]
    query = model.model_validate({"period": DAYS, **asked, "breakdowns": BY_SYSTEM})
    found = rows_of(run(store.engine, context(store, LOG), query).model_dump(mode="json"))
    assert {name: found[0].get(name) for name in first} == first
    shown = {"iOS", "Android", "(other)"} if kind != "retention" else {"iOS", "Android"}
    assert {row["breakdown_1"] for row in found} == shown
    assert len(found) == rows
