"""Statistic tags: everyone's value is the oracle's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.conditions import Ago, Ever, Rolling, Since, Span
from bihuan.analytics.query import Current, EventSelector, Last, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.statistic import statistic
from bihuan.analytics.statistic import AGGREGATES, Bins, Statistic, values_sql
from bihuan.warehouse.assignments import Held, assign, sizes
from bihuan.warehouse.project import ProjectStore
from tests.analytics.conftest import RealProject
from tests.analytics.golden import check_sql, plain_context
from tests.analytics.loading import context, load
from tests.analytics.random_log import DAY_MS, Scene, periods, refs, scenes, selectors

STEPS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS, EVENTS = (
    ("first", "last", "most_frequent"),
    ("count", "active_days", "days_since_first", "days_since_last"),
)


def windows(scene: Scene) -> st.SearchStrategy[Any]:
    """Every kind of window."""
    units = st.sampled_from(["day", "week", "month"])
    return st.one_of(
        st.just(Ever()),
        periods(scene),
        st.builds(Since, from_date=periods(scene).map(lambda period: period.from_date)),
        st.builds(Last, count=st.integers(1, 3), unit=units, include_current=st.booleans()),
        st.builds(Current, unit=units),
        st.builds(Rolling, span=st.builds(Span, count=st.integers(1, 60), unit=st.just("hour"))),
        st.builds(
            lambda to, more: Ago(from_days=to + more, to_days=to), st.integers(0, 3), st.integers(0, 3)
        ),
    )


@st.composite
def statistics(draw: st.DrawFn, scene: Scene) -> Statistic:
    aggregate: Any = draw(st.sampled_from(AGGREGATES))
    bins = st.sampled_from([None, Bins(bounds=(1, 2)), Bins(bounds=(0,), names=("low", "high"))])
    return Statistic(
        event=draw(selectors(scene)),
        window=draw(windows(scene)),
        aggregate=aggregate,
        property=None if aggregate in EVENTS else draw(refs()),
        bins=None if aggregate in TEXTS else draw(bins),
    )


def same(found: dict[int, str], expected: dict[int, float | str]) -> bool:
    """Whether texts are equal and numbers so to a millionth."""
    if found.keys() != expected.keys():
        return False
    return all(
        found[person] == value
        if isinstance(value, str)
        else float(found[person]) == pytest.approx(value, abs=1e-6)
        for person, value in expected.items()
    )


@STEPS
@given(data=st.data())
def test_everyones_value_is_the_oracles(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=30))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(4):
        asked = data.draw(statistics(scene))
        rows = store.engine.rows(values_sql(ctx, asked))
        found, expected = dict(rows), statistic(ctx, scene.log, asked)
        assert len(found) == len(rows)
        assert "" not in found.values()
        assert same(found, expected), asked
        few = sorted(expected)[:1]
        among = f"SELECT arrayJoin(CAST({few} AS Array(UInt64)))"
        assert dict(store.engine.rows(values_sql(ctx, asked, among=among))) == {
            person: value for person, value in found.items() if person in few
        }


def bought(minute: int, amount: Any, person: int = 1) -> LogEvent:
    return LogEvent("buy", 1_735_600_000_000 + minute * 60_000, person, properties={"x": amount})


LOG = EventLog(
    (
        *(bought(minute, text) for minute, text in enumerate(["a", "b", "b", "a", ""])),
        *(bought(minute, number, 2) for minute, number in enumerate([0.1, 0.2, -0.3])),
    )
)


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("most_frequent", {1: "a", 2: "-0.3"}),
        ("first", {1: "a", 2: "0.1"}),
        ("last", {1: "a", 2: "-0.3"}),
        ("distinct", {1: "3", 2: "3"}),
        ("sum", {2: "0"}),
        ("max", {2: "0.2"}),
    ],
)
def test_of_a_property(store: ProjectStore, aggregate: Any, expected: dict[int, str]) -> None:
    load(store, LOG)
    asked = Statistic(event=EventSelector(), aggregate=aggregate, property=PropertyRef(name="x"))
    assert dict(store.engine.rows(values_sql(context(store, LOG), asked))) == expected


def test_days_are_counted_on_the_projects_calendar(store: ProjectStore) -> None:
    # 16:00 UTC is midnight in Shanghai.
    midnight = 1_735_574_400_000
    log = EventLog((LogEvent("buy", midnight - 1, 1), LogEvent("buy", midnight, 2)))
    load(store, log)
    asked = Statistic(event=EventSelector(events=("buy",)), aggregate="days_since_last")
    for now_ms, expected in ((midnight, {1: "1", 2: "0"}), (midnight + 3 * DAY_MS, {1: "4", 2: "3"})):
        assert dict(store.engine.rows(values_sql(context(store, log, now_ms=now_ms), asked))) == expected


def test_golden_sql() -> None:
    buy, name = EventSelector(events=("buy",)), PropertyRef(name="$product_id")
    most = Statistic(event=buy, aggregate="most_frequent", property=name)
    check_sql(
        "statistic_most_frequent", values_sql(plain_context(has_overrides=True), most, among="SELECT 1")
    )
    days = Statistic(event=buy, aggregate="days_since_last", bins=Bins(bounds=(7, 30)), window=Last(count=90))
    check_sql("statistic_days", values_sql(plain_context(), days))


def test_values_are_stored_as_a_tag(store: ProjectStore) -> None:
    load(store, LOG)
    asked = Statistic(
        event=EventSelector(events=("buy",)), aggregate="count", bins=Bins(bounds=(4,), names=("few", "many"))
    )
    for _ in range(2):
        assign(store, "tag_orders", values_sql(context(store, LOG), asked), at_ms=1_000, cause="refresh")
    assert sizes(store, ["tag_orders"]) == {"tag_orders": Held(2, 2, {"few": 1, "many": 1})}


def test_cdnow_purchases(cdnow: RealProject) -> None:
    engine, ctx = cdnow
    asked = Statistic(event=EventSelector(events=("purchase",)), bins=Bins(bounds=(2, 3)))
    rows = engine.rows(f"SELECT value, count() FROM ({values_sql(ctx, asked)}) GROUP BY value")
    found = dict(rows)
    assert sum(found.values()) == 23_570
    assert set(found) == {"< 2", "2 – 3", "≥ 3"}


@pytest.mark.parametrize(
    "fault",
    [
        {"aggregate": "sum"},
        {"property": {"name": "x"}},
        {"aggregate": "last", "property": {"name": "x"}, "bins": {"bounds": [1]}},
        {"bins": {"bounds": [2, 1]}},
        {"bins": {"bounds": [1], "names": ["one"]}},
        {"bins": {"bounds": [1], "names": ["one", ""]}},
        {"aggregate": "median", "property": {"name": "x"}},
    ],
)
def test_what_makes_no_sense_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Statistic.model_validate({"event": {"events": ["buy"]}, **fault})
