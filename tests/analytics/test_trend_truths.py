"""Trends of real data give the known numbers, and uniques are exact beyond any sampling threshold."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from bihuan.analytics.reference import LogEvent
from bihuan.analytics.run import people, run
from bihuan.analytics.trend import TrendLine, TrendQuery, TrendResult, TrendSelection
from bihuan.warehouse.engine import Engine
from tests.analytics.conftest import RealProject
from tests.analytics.loading import add_events, context, fresh_project
from tests.analytics.real_data import truth

REVENUE = {"kind": "property", "property": {"name": "$revenue"}, "aggregate": "sum"}
INVOICES = {"kind": "property", "property": {"name": "$order_id"}, "aggregate": "distinct"}


def ask(
    project: RealProject, first: str, last: str, series: list[dict[str, Any]], **more: Any
) -> tuple[TrendLine, ...]:
    engine, ctx = project
    period = {"kind": "dates", "from_date": first, "to_date": last}
    result = run(engine, ctx, TrendQuery.model_validate({"period": period, "series": series} | more))
    assert isinstance(result, TrendResult)
    return result.lines


def test_online_retail(online_retail: RealProject) -> None:
    rows, invoices, customers, codes, countries, without_customer, cancellations = truth(
        "online_retail", "rows /"
    )
    known = {"type": "presence", "property": {"name": "customer"}, "operator": "exists"}
    cancelled = {
        "type": "text",
        "property": {"name": "$order_id"},
        "operator": "starts_with",
        "values": ["C"],
    }
    distinct = {"kind": "property", "aggregate": "distinct"}
    lines = ask(
        online_retail,
        "2010-12-01",
        "2011-12-09",
        [
            {},
            {"measure": INVOICES},
            {"selector": {"filter": known}, "measure": {"kind": "people"}},
            {"measure": distinct | {"property": {"name": "$product_id"}}},
            {"measure": distinct | {"property": {"name": "$country"}}},
            {"selector": {"filter": known | {"operator": "not_exists"}}},
            {"selector": {"filter": cancelled}},
            {"measure": REVENUE},
        ],
        interval="month",
    )
    assert [line.total for line in lines[:7]] == [
        rows,
        invoices,
        customers,
        codes,
        countries,
        without_customer,
        cancellations,
    ]
    assert lines[7].total == pytest.approx(truth("online_retail", "sum("), abs=1e-4)
    assert len(lines[0].values) == 13
    assert sum(value or 0 for value in lines[0].values) == rows
    assert sum(value or 0 for value in lines[7].values) == pytest.approx(9_747_747.934, abs=1e-4)


def test_online_retail_by_country_adds_up_to_the_whole(online_retail: RealProject) -> None:
    lines = ask(
        online_retail,
        "2010-12-01",
        "2011-12-09",
        [{"measure": REVENUE}],
        interval="year",
        breakdowns=[{"property": {"name": "$country"}, "top_n": 5}],
    )
    names = [line.breakdown[0].value for line in lines]
    assert names == ["United Kingdom", "Netherlands", "EIRE", "Germany", "France", None]
    assert [line.breakdown[0].other for line in lines] == [False] * 5 + [True]
    assert sum(line.total or 0 for line in lines) == pytest.approx(9_747_747.934, abs=1e-4)


def test_taobao(taobao: RealProject) -> None:
    rows, users, *by_event, buyers = truth("taobao_userbehavior", "panel814")
    events = ("pv", "cart", "fav", "buy")
    series: list[dict[str, Any]] = [{}, {"measure": {"kind": "people"}}]
    series += [{"selector": {"events": [event]}} for event in events]
    series.append({"selector": {"events": ["buy"]}, "measure": {"kind": "people"}})
    lines = ask(taobao, "2017-11-25", "2017-12-03", series)
    assert [line.total for line in lines] == [rows, users, *by_event, buyers]
    broken = ask(
        taobao,
        "2017-11-25",
        "2017-12-03",
        [{}],
        breakdowns=[{"property": {"name": "event", "scope": "field"}}],
    )
    assert {line.breakdown[0].value: line.total for line in broken} == dict(
        zip(events, by_event, strict=True)
    )


def test_taobao_people_behind_the_buyers(taobao: RealProject) -> None:
    engine, ctx = taobao
    query = TrendQuery.model_validate(
        {
            "series": [{"selector": {"events": ["buy"]}}],
            "period": {"kind": "dates", "from_date": "2017-11-25", "to_date": "2017-12-03"},
        }
    )
    assert len(people(engine, ctx, query, TrendSelection(), limit=10_000)) == 558


def test_taobao_first_ever_and_cumulative_people_end_at_the_same_number(taobao: RealProject) -> None:
    series = [{"measure": {"kind": "first_ever"}}, {"measure": {"kind": "people"}}]
    first, cumulative = ask(taobao, "2017-11-25", "2017-12-03", series, cumulative=True)
    assert first.values == cumulative.values
    assert cumulative.values[-1] == first.total == 814


def test_cdnow(cdnow: RealProject) -> None:
    rows, customers, first, last = truth("cdnow", "master file")
    series = [{}, {"measure": {"kind": "people"}}, {"measure": {"kind": "first_ever"}}]
    counted, who, new = ask(cdnow, first, last, series, interval="month")
    assert (counted.total, who.total, new.total) == (rows, customers, customers)
    # The study takes everybody whose first purchase was in the first quarter of 1997.
    assert len(new.values) == 18
    assert sum(value or 0 for value in new.values[:3]) == customers
    assert set(new.values[3:]) == {0.0}


def test_github(github: RealProject) -> None:
    counted, who = ask(
        github, "2015-01-01", "2015-01-01", [{}, {"measure": {"kind": "people"}}], interval="hour"
    )
    assert counted.values == (7702.0, 7427.0) + (0.0,) * 22
    assert who.values[:2] == (3648.0, 3416.0)


def test_seventy_thousand_people_are_counted_one_by_one(engine: Engine) -> None:
    number_of_people = 70_000
    store = fresh_project(engine)
    start = 1_704_038_400_000
    events = (
        LogEvent("visit", start + (index % 2) * 86_400_000, person, session_id=f"s{index % 3}")
        for index, person in enumerate(itertools.chain(range(1, number_of_people + 1), range(1, 11)))
    )
    add_events(store, events)
    people_measure, sessions = {"kind": "people"}, {"kind": "sessions"}
    project = (engine, context(store))
    who, visits = ask(
        project, "2024-01-01", "2024-01-02", [{"measure": people_measure}, {"measure": sessions}]
    )
    assert (who.total, who.values) == (70_000.0, (35_000.0 + 0, 35_000.0 + 0))
    assert visits.total == 70_010.0
    (cumulative,) = ask(project, "2024-01-01", "2024-01-02", [{"measure": people_measure}], cumulative=True)
    assert cumulative.values == (35_000.0, 70_000.0)
    by_session = ask(
        project,
        "2024-01-01",
        "2024-01-02",
        [{"measure": people_measure}],
        breakdowns=[{"property": {"name": "session_id", "scope": "field"}, "top_n": 1}],
    )
    # Ten people did it in two sessions; three of them in s1 and s2, which are gathered.
    assert [line.total for line in by_session] == [23_337.0, 46_670.0]
