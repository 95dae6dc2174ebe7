"""RFM: figures, scores and groups are the oracle's; on CDNOW they are what pandas makes of the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.conditions import Ever
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Dates, EventSelector, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.rfm import Buyer, rfm
from bihuan.analytics.rfm import (
    GROUPS,
    Fixed,
    Mean,
    Quantiles,
    RfmQuery,
    RfmResult,
    RfmSelection,
    people_sql,
    read_rfm,
    rfm_sql,
    values_sql,
)
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from tests.analytics.conftest import RealProject
from tests.analytics.golden import check_sql, plain_context
from tests.analytics.loading import context, load
from tests.analytics.random_log import DAY_MS, Scene, periods, scenes, selectors
from tests.shared_data import shared_file

STEPS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
BUY = EventSelector(events=("buy",))


def cuts() -> st.SearchStrategy[Any]:
    high = st.sampled_from([None, None, 2, 4])
    return st.one_of(
        st.builds(Quantiles, scores=st.integers(2, 5), high_from=high),
        st.builds(Mean, high_from=st.sampled_from([None, 2])),
        st.builds(Fixed, cuts=st.sampled_from([(1.0,), (0.0, 2.0), (0.0, 1.0, 2.0, 3.0)]), high_from=high),
    )


@st.composite
def queries(draw: st.DrawFn, scene: Scene) -> RfmQuery:
    revenue = st.sampled_from([None, PropertyRef(name="x"), PropertyRef(name="$revenue")])
    return RfmQuery(
        event=draw(st.one_of(st.just(EventSelector()), selectors(scene))),
        revenue=draw(revenue),
        window=draw(st.one_of(st.just(Ever()), periods(scene))),
        frequency=draw(st.sampled_from(["count", "days"])),
        monetary=draw(st.sampled_from(["sum", "mean"])),
        recency_cuts=draw(cuts()),
        frequency_cuts=draw(cuts()),
        monetary_cuts=draw(cuts()),
    )


def ask(engine: Engine, ctx: ProjectContext, query: RfmQuery) -> RfmResult:
    return read_rfm(ctx, query, engine.rows(rfm_sql(ctx, query)))


def check(result: RfmResult, expected: dict[int, Buyer]) -> None:
    """The figures of cells and groups are those of the buyers."""
    assert result.people == len(expected)
    for cell in result.cells:
        own = [b for b in expected.values() if b.scores[:2] == (cell.recency, cell.frequency)]
        assert cell.people == len(own)
        mean = sum(buyer.figures[2] for buyer in own) / len(own) if own else None
        assert cell.mean_monetary == pytest.approx(mean)
        assert cell.value == pytest.approx(sum(buyer.spent for buyer in own))
    assert sum(cell.people for cell in result.cells) == result.people
    spent = sum(buyer.spent for buyer in expected.values())
    for group in result.groups:
        own = [buyer for buyer in expected.values() if buyer.group == group.group]
        assert group.people == len(own)
        assert group.value == pytest.approx(sum(buyer.spent for buyer in own))
        assert group.value_share == pytest.approx(group.value / spent if spent > 0 else None)
        assert group.mean_recency == pytest.approx(
            sum(buyer.figures[0] for buyer in own) / len(own) if own else None
        )


@STEPS
@given(data=st.data())
def test_cells_groups_and_their_people_are_the_oracles(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=30, max_people=5))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(3):
        query = data.draw(queries(scene))
        expected = rfm(ctx, scene.log, query)
        check(ask(store.engine, ctx, query), expected)
        groups = store.engine.rows(values_sql(ctx, query))
        assert sorted(groups) == sorted((person, buyer.group) for person, buyer in expected.items()), query
        scores = dict(store.engine.rows(values_sql(ctx, query, of="scores")))
        assert scores == {person: "-".join(map(str, buyer.scores)) for person, buyer in expected.items()}
        for person, buyer in list(expected.items())[:1]:
            recency, frequency, monetary = buyer.scores
            at = RfmSelection(group=buyer.group, recency=recency, frequency=frequency, monetary=monetary)
            found = sorted(row[0] for row in store.engine.rows(people_sql(ctx, query, at)))
            assert found == sorted(p for p, b in expected.items() if b.scores == buyer.scores)
            few = f"SELECT toUInt64({person})"
            assert store.engine.rows(values_sql(ctx, query, among=few)) == [(person, buyer.group)]


def bought(person: int, days_ago: int, amount: float) -> LogEvent:
    return LogEvent("buy", 1_735_700_000_000 - days_ago * DAY_MS, person, properties={"amount": amount})


# One buyer for each of the eight groups.
EIGHT = {
    "important_value": [bought(1, 1, 100), bought(1, 2, 100), bought(1, 3, 100)],
    "important_develop": [bought(2, 1, 300)],
    "important_keep": [bought(3, 50, 100), bought(3, 51, 100), bought(3, 52, 100)],
    "important_win_back": [bought(4, 50, 300)],
    "general_value": [bought(5, 1, 1), bought(5, 2, 1), bought(5, 3, 1)],
    "general_develop": [bought(6, 1, 1)],
    "general_keep": [bought(7, 50, 1), bought(7, 51, 1), bought(7, 52, 1)],
    "general_win_back": [bought(8, 50, 1)],
}


@pytest.mark.parametrize(
    "cuts",
    [
        {},
        {f"{figure}_cuts": Mean() for figure in ("recency", "frequency", "monetary")},
        {
            "recency_cuts": Fixed(cuts=(30,)),
            "frequency_cuts": Fixed(cuts=(3,)),
            "monetary_cuts": Fixed(cuts=(300,)),
        },
    ],
)
def test_the_eight_groups(store: ProjectStore, cuts: dict[str, Any]) -> None:
    log = EventLog(tuple(event for events in EIGHT.values() for event in events))
    load(store, log)
    ctx = context(store, log)
    query = RfmQuery(event=BUY, revenue=PropertyRef(name="amount"), **cuts)
    found = dict(store.engine.rows(values_sql(ctx, query)))
    assert found == {events[0].person: code for code, events in EIGHT.items()}
    result = ask(store.engine, ctx, query)
    assert [(group.group, group.people) for group in result.groups] == [(each.code, 1) for each in GROUPS]
    assert result.groups[0].value_share == pytest.approx(300 / 1208)
    assert {group.lever for group in result.groups} == {"refer", "activate", "retain", "win_back", "convert"}


def test_groups_of_two_dates_differ_by_the_clock_alone(store: ProjectStore) -> None:
    log = EventLog((bought(1, 40, 10), bought(2, 3, 10)))
    load(store, log)
    query = RfmQuery(event=BUY, recency_cuts=Fixed(cuts=(7,)))
    now = context(store, log)
    then = replace(now, now_ms=now.now_ms - 39 * DAY_MS)
    assert dict(store.engine.rows(values_sql(then, query, of="scores"))) == {1: "2-1-1"}
    assert dict(store.engine.rows(values_sql(now, query, of="scores"))) == {1: "1-1-1", 2: "2-1-1"}


def test_golden_sql() -> None:
    query = RfmQuery(
        event=BUY, revenue=PropertyRef(name="$revenue"), frequency="days", monetary_cuts=Fixed(cuts=(100,))
    )
    check_sql("rfm", rfm_sql(plain_context(), query))
    check_sql("rfm_values", values_sql(plain_context(has_overrides=True), query, among="SELECT 1"))


def test_nobody_bought(store: ProjectStore) -> None:
    load(store, EventLog(()))
    result = ask(store.engine, context(store), RfmQuery(event=BUY))
    assert (result.people, result.thresholds, len(result.cells), len(result.groups)) == (0, (), 25, 8)


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    columns = ["customer", "day", "discs", "dollars"]
    path = shared_file("cdnow/CDNOW_master.txt")
    read = pd.read_csv(path, sep=r"\s+", names=columns, skiprows=1, dtype={"customer": str})
    return read.assign(day=pd.to_datetime(read["day"].astype(str), format="%Y%m%d"))


def test_cdnow_is_what_pandas_makes_of_the_file(cdnow: RealProject, purchases: pd.DataFrame) -> None:
    """Quantile scores are ``pandas.qcut``'s; where quantiles coincide, it drops the empty ones."""
    engine, ctx = cdnow
    period = Dates(from_date=date(1997, 1, 1), to_date=date(1998, 6, 30))
    query = RfmQuery(
        event=EventSelector(events=("purchase",)), revenue=PropertyRef(name="$revenue"), window=period
    )
    buyers = purchases.groupby("customer").agg(
        last=("day", "max"), times=("day", "size"), spent=("dollars", "sum")
    )
    buyers["recency"] = (pd.Timestamp("1998-06-30") - buyers["last"]).dt.days
    buyers["spent"] = buyers["spent"].round(6)
    result = ask(engine, ctx, query)
    assert result.people == len(buyers) == 23_570
    levels = [0.2, 0.4, 0.6, 0.8]
    for threshold, column in zip(result.thresholds, ("recency", "times", "spent"), strict=True):
        assert list(threshold.cuts) == pytest.approx(list(buyers[column].quantile(levels)))
    days = pd.qcut(buyers["recency"], 5, labels=[5, 4, 3, 2, 1]).astype(int)
    money = pd.qcut(buyers["spent"], 5, labels=False) + 1
    times = 1 + sum((buyers["times"] > cut).astype(int) for cut in buyers["times"].quantile(levels))
    expected = Counter(zip(days, times, strict=True))
    assert {(cell.recency, cell.frequency): cell.people for cell in result.cells if cell.people} == expected
    high = pd.DataFrame(
        {name: score > score.mean() for name, score in (("r", days), ("f", times), ("m", money))}
    )
    for group in result.groups:
        wanted = next(each for each in GROUPS if each.code == group.group)
        own = buyers[
            (high["r"] == wanted.recent) & (high["f"] == wanted.frequent) & (high["m"] == wanted.valuable)
        ]
        assert (group.people, group.value) == (len(own), pytest.approx(own["spent"].sum()))
    assert result.value == pytest.approx(purchases["dollars"].sum())


@pytest.mark.parametrize(
    "fault",
    [
        {"recency_cuts": {"kind": "fixed", "cuts": [3, 2]}},
        {"recency_cuts": {"kind": "fixed", "cuts": []}},
        {"recency_cuts": {"kind": "quantile", "scores": 6}},
        {"frequency": "often"},
    ],
)
def test_what_makes_no_sense_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RfmQuery.model_validate({"event": {"events": ["buy"]}, **fault})
