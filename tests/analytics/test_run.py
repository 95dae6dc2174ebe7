"""Running queries: discovery, limits, cancelling, pages of people."""

from __future__ import annotations

import threading
import time

import pytest
from pydantic import ValidationError

from bihuan.analytics.errors import AnalysisUnknown
from bihuan.analytics.query import Query
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.registry import kind_named, kinds, query_adapter
from bihuan.analytics.run import Limits, cancel, people, run
from bihuan.analytics.trend import TrendQuery, TrendSelection, TrendSeries
from bihuan.warehouse import Engine, ProjectStore, QueryCancelled, QueryMemoryLimit, QueryTimeLimit
from tests.analytics.loading import context, load

ENDLESS = "SELECT count() FROM (SELECT number % 1000000007 AS k FROM numbers(100000000000) GROUP BY k)"


def test_analyses_are_found_by_looking() -> None:
    assert {"trend", "distribution", "engagement", "intervals"} <= set(kinds())
    assert all(analysis.query.model_fields["kind"].default == kind for kind, analysis in kinds().items())


def test_a_query_is_read_by_its_kind() -> None:
    query = query_adapter().validate_python({"kind": "trend", "series": [{}]})
    assert query == TrendQuery(series=(TrendSeries(),))
    with pytest.raises(ValidationError):
        query_adapter().validate_python({"kind": "horoscope"})
    with pytest.raises(AnalysisUnknown) as raised:
        kind_named("horoscope")
    assert "trend" in (raised.value.hint("zh") or "")


def test_a_query_survives_json() -> None:
    query: Query = TrendQuery.model_validate(
        {
            "series": [{"selector": {"events": ["buy"], "filter": {
                "type": "group", "op": "or", "items": [
                    {"type": "time", "property": {"name": "due"}, "operator": "between", "at": "2024-01-01",
                     "until": "2024-01-02T10:00:00Z"},
                    {"type": "number", "property": {"name": "n"}, "operator": "gt", "value": 3},
                ]}}}],
            "period": {"kind": "last", "count": 3, "unit": "month"},
        }
    )  # fmt: skip
    assert query_adapter().validate_json(query.model_dump_json()) == query
    assert hash(query) == hash(query_adapter().validate_json(query.model_dump_json()))


def test_limits_stop_a_query(engine: Engine) -> None:
    with pytest.raises(QueryTimeLimit):
        engine.rows(ENDLESS, settings=Limits(time_seconds=0.3).settings())
    hungry = Limits(memory_bytes=50_000_000).settings() | {"max_bytes_before_external_group_by": 0}
    with pytest.raises(QueryMemoryLimit):
        engine.rows(ENDLESS, settings=hungry)


def test_a_running_query_is_cancelled_by_its_id(engine: Engine) -> None:
    outcome: list[Exception] = []

    def ask() -> None:
        try:
            engine.rows(ENDLESS, settings=Limits(query_id="slow-one").settings())
        except QueryCancelled as error:
            outcome.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    for _ in range(200):
        if cancel(engine, "slow-one"):
            break
        time.sleep(0.05)
    thread.join(30)
    assert [type(error) for error in outcome] == [QueryCancelled]
    assert cancel(engine, "slow-one") == 0


def test_people_come_in_pages(store: ProjectStore) -> None:
    start = 1_704_038_400_000
    load(store, EventLog(tuple(LogEvent("visit", start, person) for person in (2**64 - 1, 3, 1, 7, 3))))
    query = TrendQuery.model_validate(
        {"series": [{}], "period": {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"}}
    )
    ctx = context(store)
    first = people(store.engine, ctx, query, TrendSelection(), limit=2)
    second = people(store.engine, ctx, query, TrendSelection(), after=first[-1], limit=2)
    assert (first, second) == ([1, 3], [7, 2**64 - 1])
    assert people(store.engine, ctx, query, TrendSelection(), after=second[-1]) == []


def test_the_sql_of_a_result_can_be_run_as_it_is(store: ProjectStore) -> None:
    load(store, EventLog((LogEvent("visit", 1_704_038_400_000, 1),)))
    query = TrendQuery.model_validate(
        {"series": [{}], "period": {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"}}
    )
    result = run(store.engine, context(store), query)
    assert len(store.engine.rows(result.sql)) == 2


def test_a_result_says_what_was_read_for_it_not_what_came_of_it(store: ProjectStore) -> None:
    load(store, EventLog(tuple(LogEvent("visit", 1_704_038_400_000 + at, 1) for at in range(5000))))
    query = TrendQuery.model_validate(
        {"series": [{}], "period": {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"}}
    )
    result = run(store.engine, context(store), query)
    assert result.rows_read is not None
    assert result.rows_read >= 5000
    assert result.bytes_read is not None
    assert result.bytes_read >= 5000


def test_names_and_values_cannot_break_out_of_the_sql(store: ProjectStore) -> None:
    evil = "x') OR 1=1 -- `\\"
    properties: dict[str, str | float | bool | list[str] | list[float] | None] = {evil: evil, "x": "y"}
    load(
        store,
        EventLog(
            (LogEvent(evil, 1_704_038_400_000, 1, properties=properties), LogEvent("b", 1_704_038_400_000, 2))
        ),
    )
    query = TrendQuery.model_validate(
        {
            "series": [{"selector": {"events": [evil], "filter": {
                "type": "text", "property": {"name": evil}, "operator": "is", "values": [evil]}}}],
            "breakdowns": [{"property": {"name": evil}}],
            "period": {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"},
        }
    )  # fmt: skip
    result = run(store.engine, context(store), query).model_dump()
    assert [(line["breakdown"][0]["value"], line["total"]) for line in result["lines"]] == [(evil, 1.0)]
