"""RFM from the kept sequences: the oracle's buyers, with late events, merges and clock changes."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.analytics.conditions import Ever
from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Dates, EventSelector, PresenceFilter, PropertyRef
from bihuan.analytics.reference import EventLog
from bihuan.analytics.reference.rfm import rfm
from bihuan.analytics.rfm import (
    Quantiles,
    RfmQuery,
    RfmSelection,
    ask_people,
    ask_rfm,
    read_rfm,
    rfm_sql,
    sequenced,
)
from bihuan.analytics.run import Limits
from bihuan.analytics.sequences.blocks import Range
from bihuan.kernel.hashing import key64
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.errors import QueryTimeLimit
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sequences import building
from tests.analytics.histories import STEPS, Life
from tests.analytics.keeping import build, build_before_the_rest, with_sequences, work_in_small_pieces
from tests.analytics.kept_queries import OS, REVENUE
from tests.analytics.loading import add_events, context, fresh_project
from tests.analytics.random_log import Scene, scenes
from tests.analytics.test_rfm import BUY, bought, check, queries

WEEK = Dates(from_date=date(2025, 10, 9), to_date=date(2025, 10, 15))
AMOUNT = PropertyRef(name="x")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    work_in_small_pieces(monkeypatch)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, int, list[RfmQuery]]:
    scene = draw(scenes(max_events=40, max_people=5))
    asked = [without_filter(draw(queries(scene))) for _ in range(5)]
    return scene, draw(st.integers(0, len(scene.log.events))), asked


def without_filter(query: RfmQuery) -> RfmQuery:
    """What the sequences answer."""
    event = query.event.model_copy(update={"filter": None})
    return query.model_copy(update={"event": event})


@settings(max_examples=14, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_they_are_the_oracles_buyers_whatever_came_after_they_were_written(
    store: ProjectStore, case: tuple[Scene, int, list[RfmQuery]]
) -> None:
    scene, built, asked = case
    build_before_the_rest(store, scene, built)
    ctx = scene.context(store)
    for query in asked:
        kept = with_sequences(store, ctx)
        rows = sequenced.sequenced_rows(kept, query, 60.0)
        start_ms, end_ms = instants(query.window, ctx)
        assert (rows is None) == (built == 0 or start_ms is None or start_ms >= end_ms)
        expected = rfm(ctx, scene.log, query)
        check(ask_rfm(store.engine, kept, query, Limits()), expected)
        for person, buyer in list(expected.items())[:2]:
            selection = RfmSelection(group=buyer.group, monetary=buyer.scores[2])
            wanted = {
                p: b for p, b in expected.items() if (b.group, b.scores[2]) == (buyer.group, buyer.scores[2])
            }
            assert person in wanted
            assert people(store, kept, query, selection) == sorted(wanted)
            assert people(store, ctx, query, selection) == sorted(wanted)


def people(store: ProjectStore, ctx: ProjectContext, query: RfmQuery, selection: RfmSelection) -> list[int]:
    """Read two at a time, to the page that has nobody."""
    found: list[int] = []
    for _ in range(10):
        after = found[-1] if found else None
        page = ask_people(store.engine, ctx, query, selection, after=after, limit=2, limits=Limits())
        if not page:
            return found
        found += page
    raise AssertionError(f"there is no last page: {found}")


@settings(max_examples=4, deadline=None)
@given(STEPS)
def test_whatever_happens_they_are_those_of_the_log(engine: Engine, steps: list[tuple[str, Any]]) -> None:
    life = Life(engine, build)
    for what, given_to_it in [*steps, ("build", None)]:
        life.do(what, given_to_it)
        for frequency in ("count", "days"):
            query = RfmQuery(event=EventSelector(), revenue=REVENUE, window=WEEK, frequency=frequency)
            ctx = life.context()
            found = ask_rfm(life.store.engine, with_sequences(life.store, ctx), query, Limits())
            assert found == read_rfm(ctx, query, life.store.engine.rows(rfm_sql(ctx, query)))


@pytest.fixture
def shop(engine: Engine) -> tuple[ProjectStore, ProjectContext]:
    """Five buyers on up to nine days, the last of whom has come since."""
    store = fresh_project(engine)
    log = EventLog(tuple(bought(who, who * day, 1.5) for who in range(1, 6) for day in range(2 * who - 1)))
    events = [replace(event, properties={"x": event.properties["amount"]}) for event in log.events]
    add_events(store, [event for event in events if event.person != 5])
    build(store)
    add_events(store, [event for event in events if event.person == 5])
    return store, context(store, log)


ALL = Dates(from_date=date(2024, 1, 1), to_date=date(2025, 12, 31))


@pytest.mark.parametrize(
    "unanswered",
    [
        {"window": Ever()},
        {"event": BUY.model_copy(update={"filter": PresenceFilter(property=OS, operator="exists")})},
        {"revenue": PropertyRef(scope="person", name="x")},
        {"revenue": PropertyRef(name="unknown")},
    ],
)
def test_what_they_cannot_answer_is_asked_of_the_log(
    shop: tuple[ProjectStore, ProjectContext], unanswered: dict[str, Any]
) -> None:
    store, ctx = shop
    query = RfmQuery(**{"event": BUY, "revenue": AMOUNT, "window": ALL, **unanswered})
    kept = with_sequences(store, ctx)
    assert sequenced.sequenced_rows(kept, query, 60.0) is None
    assert ask_rfm(store.engine, kept, query, Limits()) == ask_rfm(store.engine, ctx, query, Limits())
    assert people(store, kept, query, RfmSelection()) == people(store, ctx, query, RfmSelection())


def test_every_buyer_is_asked_for_page_by_page(shop: tuple[ProjectStore, ProjectContext]) -> None:
    store, ctx = shop
    query = RfmQuery(event=BUY, revenue=AMOUNT, window=ALL, frequency="days", monetary="mean")
    kept = with_sequences(store, ctx)
    assert sequenced.sequenced_people(kept, query, RfmSelection(), 60.0) is not None
    assert people(store, kept, query, RfmSelection()) == [1, 2, 3, 4, 5]
    result = ask_rfm(store.engine, kept, query, Limits())
    assert (result.people, result.value) == (5, 25 * 1.5)


def test_nobody_bought(shop: tuple[ProjectStore, ProjectContext]) -> None:
    store, ctx = shop
    query = RfmQuery(event=EventSelector(events=("never",)), window=ALL)
    kept = with_sequences(store, ctx)
    assert sequenced.sequenced_rows(kept, query, 60.0) == []
    assert people(store, kept, query, RfmSelection(recency=1)) == []


def test_people_come_in_one_order_whoever_took_which(shop: tuple[ProjectStore, ProjectContext]) -> None:
    """Otherwise sums, and a mean that is a cut, would differ in the last digit from one time to the next."""
    store, ctx = shop
    rfm = sequenced._rfm(with_sequences(store, ctx), RfmQuery(event=BUY, window=ALL))
    assert rfm is not None

    def first_of(people: Range) -> int:
        time.sleep(0.01)
        return people.first

    found = rfm.reading.each_range(first_of, 60.0)
    assert len(found) > 3
    assert found == sorted(found)


def test_it_stops_when_its_time_is_over(shop: tuple[ProjectStore, ProjectContext]) -> None:
    store, ctx = shop
    with pytest.raises(QueryTimeLimit):
        sequenced.sequenced_rows(with_sequences(store, ctx), RfmQuery(event=BUY, window=ALL), -1.0)


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40),
    st.integers(2, 5),
)
@settings(max_examples=200, deadline=None)
def test_quantiles_are_those_of_numpy(numbers: list[float], scores: int) -> None:
    levels = [place / scores for place in range(1, scores)]
    found = sequenced._cuts(Quantiles(scores=scores), np.array(numbers))
    assert list(found) == pytest.approx(list(np.quantile(numbers, levels)), abs=1e-4)
    assert all(low <= high for low, high in pairwise(found))


def test_a_month_of_too_many_rows_is_left_to_the_log(
    shop: tuple[ProjectStore, ProjectContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, ctx = shop
    monkeypatch.setattr(building, "MOST_ROWS", 3)
    add_events(store, [replace(bought(key64("new"), 1, 2.0), properties={"x": 2.0})])
    build(store)
    query = RfmQuery(event=BUY, revenue=AMOUNT, window=ALL)
    found = ask_rfm(store.engine, with_sequences(store, ctx), query, Limits())
    assert found == ask_rfm(store.engine, ctx, query, Limits())
    assert found.people == 6
