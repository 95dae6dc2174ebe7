"""Dashboards over HTTP: tiles, one filter and one period for all, results as they are ready."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
from sqlalchemy import text

from tests.insights.shop import ORDERED, SIGNED_UP, VIEWED
from tests.server.running import Running

SEARCH = {"type": "text", "property": {"name": "$utm_source"}, "operator": "is", "values": ["search"]}


def trend(event: str, **more: Any) -> dict[str, Any]:
    period = {"kind": "last", "count": 7}
    return {"kind": "trend", "period": period, "series": [{"selector": {"events": [event]}}], **more}


def insight(server: Running, query: dict[str, Any], name: str = "Insight") -> str:
    answer = server.api.post(server.path("/insights"), json={"name": name, "query": query, "chart": "line"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def tile(content: str, *, y: int = 0, is_text: bool = False) -> dict[str, Any]:
    return {("text" if is_text else "insight_id"): content, "x": 0, "y": y, "w": 6, "h": 4}


def board(server: Running, **given: Any) -> dict[str, Any]:
    answer = server.api.post(server.path("/dashboards"), json={"name": "Board", **given})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def results(server: Running, made: dict[str, Any], **question: Any) -> dict[str, dict[str, Any]]:
    answer = server.api.post(server.path(f"/dashboards/{made['id']}/results"), json=question)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    return {line["tile_id"]: line for line in lines}


def totals(server: Running, made: dict[str, Any], **question: Any) -> list[float | None]:
    found = results(server, made, **question)
    tiles = [each["id"] for each in made["tiles"] if each["insight_id"]]
    return [found[each]["result"]["lines"][0]["total"] if each in found else None for each in tiles]


def test_a_board_is_made_changed_copied_starred_and_deleted(server: Running) -> None:
    first, second = insight(server, trend(ORDERED)), insight(server, trend(VIEWED))
    made = board(server, tiles=[tile(first), tile("# Notes", is_text=True), tile(second, y=4)], tags=["t"])
    path = server.path(f"/dashboards/{made['id']}")
    assert server.api.get(path).json() == made
    kept = made["tiles"][2]
    changed = server.api.patch(
        path, json={"tiles": [{**kept, "text": None, "x": 6}, tile(first)], "refresh_seconds": 60}
    ).json()
    assert [(each["id"] == kept["id"], each["x"], each["insight_id"]) for each in changed["tiles"]] == [
        (True, 6, second),
        (False, 0, first),
    ]
    assert server.api.patch(path, json={"refresh_seconds": None}).json()["refresh_seconds"] is None
    copy = server.api.post(f"{path}/duplicate").json()
    assert copy["name"] == "Board (2)"
    assert [each["insight_id"] for each in copy["tiles"]] == [second, first]
    assert {each["id"] for each in copy["tiles"]}.isdisjoint(each["id"] for each in changed["tiles"])
    assert server.api.put(f"{path}/star").status_code == 204
    starred = server.api.get(server.path("/dashboards"), params={"starred": True}).json()["items"]
    assert [each["id"] for each in starred] == [made["id"]]
    assert [
        each["id"] for each in server.api.get(server.path("/dashboards?tag=t&limit=1")).json()["items"]
    ] == [copy["id"]]
    server.api.delete(server.path(f"/insights/{first}"))
    assert [each["insight_id"] for each in server.api.get(path).json()["tiles"]] == [second]
    assert server.api.delete(path).status_code == 204
    assert server.api.get(path).json()["error"]["code"] == "dashboard_not_found"
    assert server.api.get(server.path(f"/insights/{second}")).status_code == 200


def test_what_is_no_tile_is_refused(server: Running) -> None:
    made = insight(server, trend(ORDERED))
    path = server.path("/dashboards")
    both, neither = {**tile(made), "text": "x"}, {"x": 0, "y": 0, "w": 1, "h": 1}
    wide, low = {**tile(made), "w": 13}, {**tile(made), "h": 0}
    for wrong in (both, neither, wide, low):
        assert server.api.post(path, json={"name": "x", "tiles": [wrong]}).status_code == 422
    gone = server.api.post(path, json={"name": "x", "tiles": [tile(made), tile("nothing")]})
    assert (gone.status_code, gone.json()["error"]["path"]) == (404, "tiles[1].insight_id")


def test_the_boards_filter_and_period_apply_to_every_insight(server: Running) -> None:
    free = {"type": "text", "property": {"name": "plan"}, "operator": "is", "values": ["free"]}
    tiles = [tile(insight(server, trend(SIGNED_UP))), tile(insight(server, trend(VIEWED, filter=free)))]
    made = board(server, tiles=[*tiles, tile("text", is_text=True)])
    assert totals(server, made) == [5, 3]
    path = server.path(f"/dashboards/{made['id']}")
    assert server.api.patch(path, json={"filters": SEARCH}).json()["filters"]["values"] == ["search"]
    assert totals(server, made) == [2, 1]
    long_ago = {"kind": "dates", "from_date": "2020-01-01", "to_date": "2020-01-31"}
    server.api.patch(path, json={"period": long_ago})
    assert totals(server, made) == [0, 0]
    assert totals(server, made, period={"kind": "last", "count": 7}) == [2, 1]
    social = {**SEARCH, "values": ["social"]}
    assert totals(server, made, period={"kind": "last", "count": 7}, filters=social) == [0, 0]
    server.api.patch(path, json={"filters": None, "period": None})
    only = results(server, made, filters=SEARCH, tiles=[made["tiles"][1]["id"]])
    (line,) = only.values()
    assert line["result"]["lines"][0]["total"] == 1
    assert (line["insight"]["name"], line["insight"]["chart"], line["error"]) == ("Insight", "line", None)
    assert line["insight"]["query"]["filter"]["op"] == "and"


def test_one_insight_that_fails_does_not_take_the_others_with_it(server: Running) -> None:
    broken = insight(server, trend(ORDERED))
    large = trend(ORDERED, interval="hour", breakdowns=[{"property": {"name": "$utm_source"}, "top_n": 500}])
    large = insight(server, {**large, "period": {"kind": "last", "count": 4000}})
    made = board(server, tiles=[tile(broken), tile(large), tile(insight(server, trend(ORDERED)))])
    with server.installation.database.session() as session:
        session.execute(text("UPDATE insights SET query = '{}' WHERE id = :id"), {"id": broken})
    answer = server.api.post(
        server.path(f"/dashboards/{made['id']}/results"), headers={"accept-language": "zh-CN"}
    )
    found = {line["tile_id"]: line for line in map(json.loads, answer.text.splitlines())}
    errors = [(found[each["id"]]["error"] or {}).get("code") for each in made["tiles"]]
    assert errors == ["insight_unreadable", "query_too_large", None]
    assert found[made["tiles"][0]["id"]]["insight"]["query"] is None
    assert "无法读取" in found[made["tiles"][0]["id"]]["error"]["message"]
    assert found[made["tiles"][2]["id"]]["result"]["lines"][0]["total"] == 6


def test_a_board_whose_own_filter_cannot_be_read_shows_no_wrong_numbers(server: Running) -> None:
    made = board(server, tiles=[tile(insight(server, trend(ORDERED)))], filters=SEARCH)
    with server.installation.database.session() as session:
        session.execute(text("UPDATE dashboards SET filters = '{}' WHERE id = :id"), {"id": made["id"]})
    assert server.api.get(server.path(f"/dashboards/{made['id']}")).json()["filters"] is None
    answer = server.api.post(server.path(f"/dashboards/{made['id']}/results"))
    assert (answer.status_code, answer.json()["error"]["path"]) == (409, "filters")


def test_whoever_stops_listening_stops_the_queries(server: Running) -> None:
    # Forty questions of which none has been asked before.
    many = {"kind": "paths", "period": {"kind": "last", "count": 4000}, "steps": 20}
    slow = [insight(server, {**many, "top_n": top}) for top in range(60, 100)]
    made = board(server, tiles=[tile(each) for each in slow])
    with server.api.stream("POST", server.path(f"/dashboards/{made['id']}/results")) as answer:
        next(answer.iter_lines())
    deadline = time.monotonic() + 20
    while server.installation.queries.running(server.project_id) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.installation.queries.running(server.project_id) == []
    assert not [each for each in threading.enumerate() if each.name.startswith("board") and _busy(each)]


def _busy(thread: threading.Thread) -> bool:
    thread.join(5)
    return thread.is_alive()


def test_personal_data_on_a_board_is_hidden_from_viewers(
    server: Running, caller: Callable[..., httpx.Client]
) -> None:
    mail = {"property": {"scope": "person", "name": "email"}}
    made = board(server, tiles=[tile(insight(server, trend(ORDERED, breakdowns=[mail])))])
    path = server.path(f"/dashboards/{made['id']}/results")
    assert "ann@example.com" in server.api.post(path).text
    with caller("view") as viewer:
        shown = viewer.post(path).text
        assert "a***@example.com" in shown
        assert "ann@" not in shown


def test_whoever_may_only_look_sees_boards(server: Running, caller: Callable[..., httpx.Client]) -> None:
    made = board(server, tiles=[tile(insight(server, trend(ORDERED)))])
    path = server.path(f"/dashboards/{made['id']}")
    with caller("read") as reader:
        assert reader.post(f"{path}/results").status_code == 200
        assert reader.patch(path, json={"name": "x"}).status_code == 403
        assert reader.delete(path).status_code == 403
        assert reader.post(server.path("/dashboards"), json={"name": "x"}).status_code == 403
