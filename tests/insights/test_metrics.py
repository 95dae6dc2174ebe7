"""Metrics over HTTP: defined once, put into questions, followed, and shown where they are used."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.analytics.trend import TrendQuery
from bihuan.insights.metrics.errors import MetricUnusable
from bihuan.insights.metrics.resolution import Definition, resolve
from tests.insights.shop import ORDERED, SIGNED_UP, VIEWED
from tests.server.running import Running

WEEK = {"kind": "last", "count": 7}
REVENUE = {"kind": "property", "property": {"name": "$revenue"}, "aggregate": "sum"}


def series(event: str, measure: str | dict[str, Any] = "count", **more: Any) -> dict[str, Any]:
    return {
        "selector": {"events": [event]},
        "measure": {"kind": measure} if isinstance(measure, str) else measure,
        **more,
    }


def trend(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "trend", "period": WEEK, "series": list(lines), **more}


AVERAGE_ORDER = trend(series(ORDERED, REVENUE), series(ORDERED), formulas=[{"expression": "A / B"}])


def define(server: Running, name: str, query: dict[str, Any], **more: Any) -> str:
    answer = server.api.post(server.path("/metrics"), json={"name": name, "query": query, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ask(server: Running, query: dict[str, Any]) -> list[tuple[Any, ...]]:
    answer = server.api.post(server.path("/query"), json=query)
    assert answer.status_code == 200, answer.text
    return [(line["series"], line["formula"], line["name"], line["total"]) for line in answer.json()["lines"]]


def test_a_series_takes_the_definition_of_its_metric(server: Running) -> None:
    buyers = define(server, "Buyers", trend(series(ORDERED, "people")), unit="people", owner="Ann")
    metered = trend({"metric": buyers}, series(SIGNED_UP), formulas=[{"expression": "A / B * 100"}])
    assert ask(server, metered) == [
        (0, None, "Buyers", 3),
        (1, None, SIGNED_UP, 5),
        (None, 0, "A / B * 100", 60),
    ]
    query = {"query": metered, "selection": {"series": 0}}
    people = server.api.post(server.path("/query/people"), json=query).json()["items"]
    assert sorted(each["distinct_ids"][0] for each in people) == ["ann", "bob", "cai"]


def test_a_computed_metric_is_one_line_and_can_be_computed_with(server: Running) -> None:
    average = define(server, "Average order", AVERAGE_ORDER, unit="CNY")
    # Ten orders' worth: 10 + (10 + 20) + (10 + 20 + 30) over six.
    computed = trend(
        series(SIGNED_UP, "people"),
        {"metric": average, "label": "AOV"},
        series(ORDERED, "people"),
        formulas=[{"expression": "B * C / A"}],
    )
    expected = 100 / 6
    assert ask(server, computed) == [
        (0, None, SIGNED_UP, 5),
        (1, None, "AOV", pytest.approx(expected)),
        (2, None, ORDERED, 3),
        (None, 0, "B * C / A", pytest.approx(expected * 3 / 5)),
    ]
    selected = {"query": computed, "selection": {"series": 2}}
    people = server.api.post(server.path("/query/people"), json=selected).json()["items"]
    assert len(people) == 3
    refused = server.api.post(server.path("/query/people"), json={**selected, "selection": {"series": 1}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "selection_invalid")


def test_breakdowns_comparison_and_filters_go_through(server: Running) -> None:
    searched = {"type": "text", "property": {"name": "$utm_source"}, "operator": "is", "values": ["search"]}
    free = {"type": "text", "property": {"name": "plan"}, "operator": "is", "values": ["free"]}
    views = define(server, "Free views", {**trend(series(VIEWED)), "filter": free})
    narrowed = trend({"metric": views, "selector": {"filter": searched}})
    assert ask(server, trend({"metric": views})) == [(0, None, "Free views", 3)]
    assert ask(server, narrowed) == [(0, None, "Free views", 1)]
    average = define(server, "Average by channel", AVERAGE_ORDER)
    split = trend(
        {"metric": average},
        series(ORDERED),
        breakdowns=[{"property": {"name": "$utm_source"}}],
        compare="previous_period",
    )
    answer = server.api.post(server.path("/query"), json=split).json()
    found = {
        (line["breakdown"][0]["value"], line["series"]): (line["total"], line["compared_total"])
        for line in answer["lines"]
    }
    assert found == {
        ("search", 0): (pytest.approx(40 / 3), None),
        ("search", 1): (3, 0),
        ("social", 0): (20, None),
        ("social", 1): (3, 0),
    }
    exported = server.api.post(server.path("/query/export"), json=trend({"metric": average}))
    assert "16.66" in exported.text


def test_everything_that_uses_a_metric_follows_it_and_is_listed(server: Running) -> None:
    metric = define(server, "Followed", trend(series(SIGNED_UP)))
    insight = server.api.post(
        server.path("/insights"), json={"name": "Uses it", "query": trend({"metric": metric})}
    ).json()
    board = server.api.post(
        server.path("/dashboards"),
        json={"name": "Board", "tiles": [{"insight_id": insight["id"], "x": 0, "y": 0, "w": 6, "h": 4}]},
    ).json()
    path = server.path(f"/metrics/{metric}")
    assert server.api.get(f"{path}/uses").json() == {
        "insights": [{"id": insight["id"], "name": "Uses it"}],
        "dashboards": [{"id": board["id"], "name": "Board"}],
    }
    assert ask(server, insight["query"])[0][3] == 5
    changed = server.api.patch(path, json={"query": trend(series(ORDERED)), "direction": "down"}).json()
    assert (changed["name"], changed["direction"]) == ("Followed", "down")
    assert ask(server, insight["query"])[0][3] == 6
    refused = server.api.delete(path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "metric_in_use")
    insight_path = server.path(f"/insights/{insight['id']}")
    server.api.patch(insight_path, json={"query": trend(series(ORDERED))})
    assert server.api.get(f"{path}/uses").json() == {"insights": [], "dashboards": []}
    assert server.api.delete(path).status_code == 204
    assert server.api.get(path).status_code == 404
    restored = server.api.post(f"{insight_path}/versions/1/restore")
    assert restored.status_code == 200
    gone = server.api.post(server.path("/query"), json=restored.json()["query"])
    assert (gone.status_code, gone.json()["error"]["path"]) == (404, "series[0].metric")


def test_what_is_no_metric_is_refused(server: Running) -> None:
    define(server, "Taken", trend(series(ORDERED)))
    path = server.path("/metrics")
    for query in (
        trend(series(ORDERED), series(VIEWED)),
        trend(series(ORDERED), breakdowns=[{"property": {"name": "plan"}}]),
        trend({"metric": "abc"}),
        {"kind": "funnel", "steps": []},
    ):
        assert server.api.post(path, json={"name": "x", "query": query}).status_code == 422
    again = server.api.post(path, json={"name": "Taken", "query": trend(series(ORDERED))})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "metric_exists")
    saved = server.api.post(server.path("/insights"), json={"name": "x", "query": trend({"metric": "abc"})})
    assert (saved.status_code, saved.json()["error"]["code"]) == (404, "metric_not_found")
    listed = server.api.get(path, params={"search": "taken"}).json()["items"]
    assert [each["name"] for each in listed] == ["Taken"]


def test_a_metric_that_does_not_fit_its_place_says_so() -> None:
    average = Definition("Average", TrendQuery.model_validate(AVERAGE_ORDER))
    many = TrendQuery.model_validate(trend(*[{"metric": "m"} for _ in range(6)]))
    with pytest.raises(MetricUnusable):
        resolve(many, lambda metric_id, index: average)
    mean = {"kind": "property", "property": {"name": "x"}, "aggregate": "avg"}
    single = Definition("Mean", TrendQuery.model_validate(trend(series("a", mean))))
    with pytest.raises(MetricUnusable, match="cumulative"):
        resolve(
            TrendQuery.model_validate(trend({"metric": "m"}, cumulative=True)),
            lambda metric_id, index: single,
        )
