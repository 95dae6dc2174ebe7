"""The SQL of trends, on disk."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.analytics.run import people_sql
from bihuan.analytics.trend import TrendQuery, TrendSelection
from tests.analytics.golden import check, check_sql, plain_context

WEEK = {"kind": "dates", "from_date": "2024-12-02", "to_date": "2024-12-08"}
BUY: dict[str, Any] = {"selector": {"events": ["buy"]}}
CASES: dict[str, dict[str, Any]] = {
    "count": {"series": [BUY]},
    "people_merged": {"series": [BUY | {"measure": {"kind": "people"}}]},
    "sum_by_category": {
        "series": [
            BUY | {"measure": {"kind": "property", "property": {"name": "$revenue"}, "aggregate": "sum"}},
            {"selector": {"events": ["view", "add"]}},
        ],
        "breakdowns": [
            {"property": {"name": "$category"}, "top_n": 3},
            {"property": {"name": "age", "scope": "person"}, "bounds": [18, 35]},
        ],
        "compare": "previous_period",
    },
    "first_ever_by_month": {
        "series": [BUY | {"measure": {"kind": "first_ever"}}],
        "interval": "month",
        "filter": {
            "type": "text",
            "property": {"name": "city", "scope": "person"},
            "operator": "is_not",
            "values": ["上海"],
        },
        "sample": 0.25,
    },
    "cumulative_people": {
        "series": [BUY | {"measure": {"kind": "people"}}],
        "cumulative": True,
        "interval": "hour",
    },
}


@pytest.mark.parametrize("name", CASES)
def test_the_sql_of_a_trend(name: str) -> None:
    query = TrendQuery.model_validate({"period": WEEK} | CASES[name])
    check(f"trend_{name}", query, has_overrides=name.endswith("merged"))


def test_the_sql_of_the_people_behind_a_number() -> None:
    query = TrendQuery.model_validate({"period": WEEK} | CASES["sum_by_category"])
    selection = TrendSelection.model_validate(
        {"bucket": "2024-12-03", "breakdown": [{"other": True}, {"value": "18 – 35"}]}
    )
    check_sql("trend_people", people_sql(plain_context(), query, selection))


def test_counting_events_does_not_ask_who_did_them() -> None:
    query = TrendQuery.model_validate({"period": WEEK, "series": [BUY]})
    check("trend_count", query, has_overrides=True)
