"""Public links: what they show and to whom, for how long, and which pages may be embedded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest
from sqlalchemy import text

from bihuan.access import ProjectInput, create_project
from bihuan.database import Database
from bihuan.insights.sharing.schemas import LinkInput, as_origin
from bihuan.insights.sharing.service import create_link, shown
from bihuan.insights.wire import Author
from tests.insights.shop import ORDERED, SIGNED_UP, VIEWED
from tests.server.running import Running

# Imported here: Python 3.11 stumbles over it in a server's thread while pytest rewrites what it imports.
assert anyio.open_file

WEEK = {"kind": "last", "count": 7}
LONG_AGO = {"kind": "dates", "from_date": "2020-01-01", "to_date": "2020-01-31"}


def trend(event: str, **more: Any) -> dict[str, Any]:
    return {"kind": "trend", "period": WEEK, "series": [{"selector": {"events": [event]}}], **more}


def insight(server: Running, query: dict[str, Any], **more: Any) -> str:
    body = {"name": "Shared", "query": query, "chart": "line", **more}
    answer = server.api.post(server.path("/insights"), json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def link(server: Running, target: str, **more: Any) -> dict[str, Any]:
    body = {"expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(), **more}
    answer = server.api.post(server.path(f"/{target}/links"), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def anybody(server: Running) -> httpx.Client:
    """Somebody without a key; answers are checked against the description."""
    return httpx.Client(base_url=server.url, timeout=60, event_hooks=server.api.event_hooks)


def test_a_link_shows_an_insight_for_its_period_only(server: Running, anybody: httpx.Client) -> None:
    made = insight(server, trend(ORDERED), description="Weekly", options={"target": 3})
    free = link(server, f"insights/{made}")
    page = anybody.get(f"/api/public/{free['token']}")
    assert page.status_code == 200, page.text
    (tile,) = page.json()["tiles"]
    assert (page.json()["kind"], page.json()["name"], tile["chart"]) == ("insight", "Shared", "line")
    assert (tile["result"]["lines"][0]["total"], tile["options"]) == (6, {"target": 3})
    fixed = link(server, f"insights/{made}", period=LONG_AGO)
    for asked in ("", "?period=%7B%22kind%22%3A%22last%22%2C%22count%22%3A7%7D"):
        (tile,) = anybody.get(f"/api/public/{fixed['token']}{asked}").json()["tiles"]
        assert (tile["result"]["first_day"], tile["result"]["lines"][0]["total"]) == ("2020-01-01", 0)


def test_a_link_shows_a_board_and_nothing_else_of_the_project(server: Running, anybody: httpx.Client) -> None:
    people = {"property": {"scope": "person", "name": "email"}}
    personal = insight(server, trend(SIGNED_UP, breakdowns=[people]), name="By mail")
    searched = {"type": "text", "property": {"name": "$utm_source"}, "operator": "is", "values": ["search"]}
    tiles = [
        {"insight_id": insight(server, trend(VIEWED)), "x": 0, "y": 0, "w": 6, "h": 4},
        {"text": "# Hello", "x": 6, "y": 0, "w": 6, "h": 4},
        {"insight_id": personal, "x": 0, "y": 4, "w": 6, "h": 4},
    ]
    board = {"name": "Public board", "tiles": tiles, "filters": searched, "refresh_seconds": 60}
    made = server.api.post(server.path("/dashboards"), json=board).json()
    shared = link(server, f"dashboards/{made['id']}")
    answer = anybody.get(f"/api/public/{shared['token']}")
    page = answer.json()
    assert [tile["text"] for tile in page["tiles"]] == [None, "# Hello", None]
    assert page["tiles"][0]["result"]["lines"][0]["total"] == 2
    assert (page["kind"], page["refresh_seconds"]) == ("dashboard", 60)
    assert page["tiles"][0]["result"]["rows_read"] is None
    # Neither how it was asked, nor whose data it is, nor where it lies.
    for secret in ("ann@", "bob@", "SELECT", server.project_id, "search", "utm_source", "created_by"):
        assert secret not in answer.text, secret
    assert len(page["tiles"][2]["result"]["lines"]) == 2
    token = {"authorization": f"Bearer {shared['token']}"}
    assert anybody.get(server.path("/insights"), headers=token).status_code == 401


def test_only_the_hash_of_a_token_is_kept_and_links_end(server: Running, anybody: httpx.Client) -> None:
    made = insight(server, trend(ORDERED))
    kept, withdrawn, expired = (link(server, f"insights/{made}") for _ in range(3))
    listed = server.api.get(server.path(f"/insights/{made}/links")).json()["items"]
    assert [each["id"] for each in listed] == [expired["id"], withdrawn["id"], kept["id"]]
    assert [each["token_ending"] for each in listed][2] == kept["token"][-4:]
    assert "token" not in listed[0]
    with server.installation.database.session() as session:
        rows = session.execute(text("SELECT * FROM public_links")).all()
        assert kept["token"] not in repr(rows)
        past = {"at": datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1), "id": expired["id"]}
        session.execute(text("UPDATE public_links SET expires_at = :at WHERE id = :id"), past)
    path = server.path(f"/insights/{made}/links/{withdrawn['id']}")
    assert server.api.delete(path).status_code == 204
    assert server.api.delete(path).status_code == 404
    for gone in (withdrawn["token"], expired["token"], kept["token"][:-1], "pl_"):
        answer = anybody.get(f"/api/public/{gone}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "public_link_not_found")
    assert anybody.get(f"/api/public/{kept['token']}").status_code == 200
    listed = server.api.get(server.path(f"/insights/{made}/links")).json()["items"]
    assert {each["id"]: each["expired"] for each in listed} == {expired["id"]: True, kept["id"]: False}
    server.api.delete(server.path(f"/insights/{made}"))
    assert anybody.get(f"/api/public/{kept['token']}").status_code == 404


def test_a_link_must_end_and_belong_to_something(server: Running) -> None:
    made = insight(server, trend(ORDERED))
    for days in (-1, 800):
        at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        answer = server.api.post(server.path(f"/insights/{made}/links"), json={"expires_at": at})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "expiry_invalid")
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for target in ("insights/nothing", "dashboards/nothing"):
        answer = server.api.post(server.path(f"/{target}/links"), json={"expires_at": at})
        assert answer.status_code == 404


def test_a_period_that_cannot_be_read_shows_no_other(server: Running, anybody: httpx.Client) -> None:
    shared = link(server, f"insights/{insight(server, trend(ORDERED))}", period=LONG_AGO)
    with server.installation.database.session() as session:
        session.execute(text("UPDATE public_links SET period = '{}' WHERE id = :id"), {"id": shared["id"]})
    answer = anybody.get(f"/api/public/{shared['token']}")
    assert (answer.status_code, answer.json()["error"]["path"]) == (409, "period")


def test_pages_may_be_embedded_where_the_project_says(server: Running) -> None:
    shared = link(server, f"insights/{insight(server, trend(ORDERED))}")
    path = server.path("/embedding")
    page = f"/public/{shared['token']}"

    def framed(address: str) -> tuple[str, bool]:
        headers = httpx.get(f"{server.url}{address}", timeout=60).headers
        policy = headers["content-security-policy"]
        return policy.partition("frame-ancestors ")[2].partition(";")[0], "x-frame-options" in headers

    assert framed(page) == ("'none'", True)
    given = ["https://Wiki.Example.com/", "http://localhost:3000", "https://wiki.example.com"]
    saved = server.api.put(path, json={"origins": given}).json()
    assert saved["origins"] == ["https://wiki.example.com", "http://localhost:3000"]
    assert server.api.get(path).json() == saved
    assert framed(page) == ("https://wiki.example.com http://localhost:3000", False)
    assert httpx.get(f"{server.url}{page}", timeout=60).headers["referrer-policy"] == "no-referrer"
    assert framed("/public/pl_unknown") == framed("/") == ("'none'", True)
    for wrong in (
        "https://a.com/path",
        "javascript:alert(1)",
        "https://a.com; script-src *",
        "*",
        "https://*",
    ):
        assert server.api.put(path, json={"origins": [wrong]}).status_code == 422
    # Settings may also be written as a whole.
    settings = {"embed_origins": ["https://ok.example", "https://a b", "x; script-src *", 5]}
    server.api.patch(server.path(""), json={"settings": settings})
    assert framed(page) == ("https://ok.example", False)
    server.api.put(path, json={"origins": []})
    assert framed(page) == ("'none'", True)


def test_who_may_make_links(server: Running, caller: Callable[..., httpx.Client]) -> None:
    made = insight(server, trend(ORDERED))
    path = server.path(f"/insights/{made}/links")
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    with caller("read") as reader, caller("write") as writer:
        assert reader.get(path).status_code == 200
        assert reader.post(path, json={"expires_at": at}).status_code == 403
        assert writer.post(path, json={"expires_at": at}).status_code == 201
        assert writer.put(server.path("/embedding"), json={"origins": []}).status_code == 403


@pytest.mark.parametrize("origin", ["https://[::1]:8080", "http://10.0.0.1", "https://a-b.example.com:444"])
def test_origins_keep_their_form(origin: str) -> None:
    assert as_origin(origin.upper() + "/") == origin


def test_both_databases_find_a_link_by_its_token(database: Database, author: Author) -> None:
    from bihuan.insights.saved.schemas import InsightInput
    from bihuan.insights.saved.service import create_insight

    given = InsightInput.model_validate({"name": "x", "query": trend(ORDERED)})
    body = LinkInput.model_validate({"expires_at": datetime.now(UTC) + timedelta(hours=1), "period": WEEK})
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
        row = create_insight(session, "shop", author, given)
        _, token = create_link(session, "shop", author, body, insight_id=row.id)
    found = shown(database, token)
    assert (found.target.id, found.project.id, len(found.asked)) == (row.id, "shop", 1)
    assert json.loads(found.asked[0].query.period.model_dump_json())["count"] == 7  # type: ignore[union-attr]
