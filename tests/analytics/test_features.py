"""Features of people as of cut-offs, and purchase histories: the oracle's, and nothing from later."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.analytics.calendar import local_date
from bihuan.analytics.features import (
    EPOCH,
    FeatureQuery,
    PurchaseQuery,
    RenewalQuery,
    cohorts_sql,
    feature_names,
    features_sql,
    purchases_sql,
    renewals_sql,
    repeats_sql,
    top_events_sql,
)
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.features import features, purchases, renewals
from bihuan.stats.purchases import fit_purchases, fit_spend, purchase_histories
from bihuan.warehouse.project import ProjectStore
from tests.analytics.conftest import RealProject
from tests.analytics.loading import context, load
from tests.analytics.random_log import DAY_MS, Scene, scenes, selectors
from tests.shared_data import shared_file

STEPS = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
REVENUE = PropertyRef(name="$revenue")


def ordinal(day: date) -> int:
    return (day - EPOCH).days


def same(found: Any, expected: float | None) -> bool:
    if expected is None:
        return math.isnan(found)
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=2e-6)


@st.composite
def queries(draw: st.DrawFn, scene: Scene) -> FeatureQuery:
    return FeatureQuery(
        active=draw(st.one_of(st.just(EventSelector()), selectors(scene))),
        recent_days=draw(st.integers(1, 10)),
        history_days=draw(st.integers(3, 30)),
        shares=draw(st.sampled_from([(), ("view",), ("buy", "it's")])),
        purchase=draw(st.one_of(st.none(), selectors(scene))),
        revenue=draw(st.sampled_from([None, PropertyRef(name="x")])),
    )


@STEPS
@given(data=st.data())
def test_features_are_the_oracles_at_every_cutoff(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=40, spread_days=10))
    load(store, scene.log)
    ctx = scene.context(store)
    today = local_date(ctx.now_ms, ctx.zone)
    for _ in range(2):
        query, horizon = data.draw(queries(scene)), data.draw(st.integers(0, 6))
        cutoffs = [
            today + timedelta(days=each) for each in data.draw(st.sets(st.integers(-8, 3), min_size=1))
        ]
        expected = {
            (person, ordinal(cutoff)): seen
            for cutoff in cutoffs
            for person, seen in features(ctx, scene.log, query, cutoff, horizon).items()
        }
        sql = features_sql(ctx, query, cutoffs, horizon_days=horizon)
        rows = {(row[0], row[1]): row for row in store.engine.rows(sql)}
        assert rows.keys() == expected.keys()
        for key, seen in expected.items():
            assert rows[key][2] == seen.left
            assert tuple(seen.features) == feature_names(query)
            for name, value, found in zip(seen.features, seen.features.values(), rows[key][3:], strict=True):
                assert same(found, value), (name, found, value)


@STEPS
@given(data=st.data())
def test_purchases_and_renewals_are_the_oracles(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=40, spread_days=20))
    load(store, scene.log)
    ctx = scene.context(store)
    today = local_date(ctx.now_ms, ctx.zone)
    for _ in range(2):
        query = PurchaseQuery(
            purchase=data.draw(selectors(scene)),
            revenue=data.draw(st.sampled_from([None, PropertyRef(name="x")])),
        )
        later = data.draw(st.integers(0, 9))
        cutoffs = [
            today + timedelta(days=each) for each in data.draw(st.sets(st.integers(-9, 3), min_size=1))
        ]
        rows = store.engine.rows(purchases_sql(ctx, query, cutoffs, later_days=later))
        expected = {
            (person, ordinal(cutoff)): buyer
            for cutoff in cutoffs
            for person, buyer in purchases(ctx, scene.log, query, cutoff, later).items()
        }
        assert {(row[0], row[1]) for row in rows} == expected.keys()
        for person, cutoff, frequency, recency, age, mean, *after in rows:
            buyer = expected[person, cutoff]
            assert (frequency, recency, age, after[0]) == (
                buyer.frequency,
                buyer.recency,
                buyer.age,
                buyer.later,
            )
            assert same(mean, buyer.mean_value)
            assert same(after[1], buyer.later_value)
        contract = RenewalQuery(
            payment=query.purchase,
            revenue=query.revenue,
            unit=data.draw(st.sampled_from(["day", "week", "month"])),
        )
        made = renewals(ctx, _until(scene, ctx.now_ms), contract)
        found = {row[0]: row[1:] for row in store.engine.rows(renewals_sql(ctx, contract))}
        assert {person: row[:2] for person, row in found.items()} == {p: row[:2] for p, row in made.items()}
        assert all(same(row[2], made[person][2]) for person, row in found.items())
        cohorts = store.engine.rows(cohorts_sql(ctx, contract))
        assert sum(row[2] for row in cohorts) == len(made)


def _until(scene: Scene, now_ms: int) -> EventLog:
    return EventLog(tuple(e for e in scene.log.events if e.time_ms <= now_ms), scene.log.profiles)


def test_nothing_after_the_cutoff_is_known(store: ProjectStore) -> None:
    """The same features, to the last digit, whatever happens from the cut-off on."""
    rng = np.random.default_rng(5)
    before = [_event(int(p), -int(d) * DAY_MS - 1) for p in range(1, 60) for d in rng.integers(0, 90, 12)]
    after = [_event(int(p), int(d) * DAY_MS, "leak") for p in range(1, 60) for d in range(0, 20) if p % 2]
    query = FeatureQuery(recent_days=90, shares=("buy", "leak"), purchase=EventSelector(), revenue=REVENUE)
    found = []
    for events in (before, before + after):
        load(store, EventLog(tuple(events)))
        ctx = context(store, time_zone="UTC")
        sql = features_sql(ctx, query, [CUTOFF], horizon_days=30)
        found.append({row[0]: row[2:] for row in store.engine.rows(sql)})
    plain, planted = found
    assert len(plain) == 59
    assert all(np.array_equal(row[1:], planted[person][1:], equal_nan=True) for person, row in plain.items())
    assert {person for person, row in planted.items() if not row[0]} == {p for p in range(1, 60) if p % 2}
    assert all(row[0] for row in plain.values())


CUTOFF = date(2025, 1, 1)


def _event(person: int, offset_ms: int, event: str = "buy") -> LogEvent:
    return LogEvent(event, ordinal(CUTOFF) * DAY_MS + offset_ms, person, str(person), {"$revenue": 5.0})


def test_among_and_sample_are_some_of_everyone(store: ProjectStore) -> None:
    # Spread over all ids, as hashes are.
    people = [each * ((1 << 64) // 200) for each in range(1, 200)]
    load(store, EventLog(tuple(_event(p, -DAY_MS * (1 + at % 3)) for at, p in enumerate(people))))
    ctx = context(store, time_zone="UTC")
    query = FeatureQuery()
    few = f"SELECT arrayJoin(CAST([{people[3]}, {people[4]}] AS Array(UInt64)))"
    rows = store.engine.rows(features_sql(ctx, query, [CUTOFF], among=few))
    assert {row[0] for row in rows} == {people[3], people[4]}
    some = store.engine.rows(features_sql(ctx, query, [CUTOFF], sample=0.25))
    assert {row[0] for row in some} == set(people[:49])
    top = store.engine.rows(top_events_sql(ctx, until=CUTOFF, days=30, most=3))
    assert top == [("buy",)]


def test_cdnow_as_published(cdnow: RealProject) -> None:
    """The 1/10 sample until 1997-09-30 gives the parameters of the papers, in weeks."""
    engine, ctx = cdnow
    with shared_file("cdnow/CDNOW_sample.txt").open() as lines:
        sample = {line.split()[0] for line in lines}
    listed = EventSelector(
        filter={"type": "text", "property": {"scope": "field", "name": "distinct_id"}, "operator": "is",
                "values": sorted(sample)}
    )  # fmt: skip
    query = PurchaseQuery(purchase=listed, revenue=REVENUE)
    cutoff = date(1997, 10, 1)
    rows = engine.rows(
        purchases_sql(ctx, query, [cutoff], later_days=273), settings={"max_query_size": 1 << 20}
    )
    assert len(rows) == 2357
    frequency, recency, age, mean, later = (np.array([row[i] for row in rows]) for i in (2, 3, 4, 5, 6))
    fitted = fit_purchases(purchase_histories(frequency, recency / 7, age / 7))
    assert fitted.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], rel=2e-3)
    spend = fit_spend(frequency, mean)
    assert (spend.p, spend.q, spend.gamma) == pytest.approx((6.25, 3.74, 15.44), rel=5e-3)
    assert int(later.sum()) == 1882
    until = repeats_sql(ctx, query, born_before=cutoff, until=cutoff + timedelta(days=273))
    repeats = engine.rows(until, settings={"max_query_size": 1 << 20})
    assert sum(times for day, times in repeats if day < ordinal(cutoff)) == int(frequency.sum())
    assert sum(times for day, times in repeats if day >= ordinal(cutoff)) == 1882
