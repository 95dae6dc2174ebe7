"""Saved insights over HTTP: kept, found, changed, restored, starred."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bihuan.access import ProjectInput, create_project
from bihuan.database import Database
from bihuan.insights.saved import repository, service
from bihuan.insights.saved.schemas import InsightChange, InsightInput
from bihuan.insights.wire import Author
from tests.insights.shop import ORDERED
from tests.server.running import Running

ORDERS: dict[str, Any] = {
    "kind": "trend",
    "period": {"kind": "last", "count": 7},
    "series": [{"selector": {"events": [ORDERED]}}],
}


def save(server: Running, **given: Any) -> dict[str, Any]:
    body = {"name": "Orders", "query": ORDERS, **given}
    answer = server.api.post(server.path("/insights"), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def listed(server: Running, **parameters: Any) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        asked = {**parameters, **({"cursor": cursor} if cursor else {})}
        page = server.api.get(server.path("/insights"), params=asked).raise_for_status().json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_a_saved_question_comes_back_and_can_be_asked(server: Running) -> None:
    made = save(server, chart="bar", options={"target": 5, "colours": ["red"]}, tags=["weekly", "weekly"])
    assert (made["version"], made["chart"], made["tags"], made["starred"]) == (1, "bar", ["weekly"], False)
    assert made["created_by"]["kind"] == "key"
    again = server.api.get(server.path(f"/insights/{made['id']}")).json()
    assert again == made
    answer = server.api.post(server.path("/query"), json=made["query"]).json()
    assert answer["lines"][0]["total"] == 6


def test_lists_are_paged_newest_first_and_narrowed(server: Running) -> None:
    names = [f"Paged {number}%_" for number in range(5)]
    made = [save(server, name=name, tags=["paged"], description="100%")["id"] for name in names]
    assert listed(server, tag="paged", limit=2) == made[::-1]
    assert listed(server, search="paged 3%_") == [made[3]]
    assert listed(server, search="PAGED 3") == [made[3]]
    assert listed(server, search="paged 3_%") == []
    assert listed(server, tag="page") == []
    server.api.post(server.path("/dashboards"), json={"name": "x", "tags": ["paged", "boards"]})
    counts = {each["tag"]: each["count"] for each in server.api.get(server.path("/insight-tags")).json()}
    assert (counts["paged"], counts["boards"]) == (6, 1)
    funnel = {"kind": "funnel", "steps": [{"selector": {"events": ["a"]}}, {"selector": {"events": ["b"]}}]}
    other = save(server, query=funnel)["id"]
    assert listed(server, kind="funnel") == [other]
    assert server.api.get(server.path("/insights"), params={"cursor": "?"}).status_code == 422


def test_every_change_is_a_version_and_each_can_be_restored(server: Running) -> None:
    made = save(server, name="First", chart="line")
    path = server.path(f"/insights/{made['id']}")
    renamed = server.api.patch(path, json={"name": "Second", "version": 1}).json()
    assert (renamed["name"], renamed["version"], renamed["chart"]) == ("Second", 2, "line")
    refused = server.api.patch(path, json={"name": "Third", "version": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "insight_changed")
    weekly = {**ORDERS, "interval": "week"}
    assert server.api.patch(path, json={"query": weekly, "chart": None}).json()["chart"] is None
    same = server.api.patch(path, json={"name": "Second"}).json()
    assert same["version"] == 3, "what changes nothing makes no version"
    versions = server.api.get(f"{path}/versions", params={"limit": 2}).json()
    assert [(item["version"], item["name"]) for item in versions["items"]] == [(3, "Second"), (2, "Second")]
    rest = server.api.get(f"{path}/versions", params={"cursor": versions["next_cursor"]}).json()
    assert [(item["version"], item["name"]) for item in rest["items"]] == [(1, "First")]
    restored = server.api.post(f"{path}/versions/1/restore").json()
    assert (restored["name"], restored["version"], restored["chart"]) == ("First", 4, "line")
    assert restored["query"]["interval"] == "day"
    missing = server.api.post(f"{path}/versions/9/restore")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "insight_version_not_found")


def test_copies_are_numbered_and_independent(server: Running) -> None:
    made = save(server, name="Copied", tags=["t"])
    path = server.path(f"/insights/{made['id']}/duplicate")
    first, second = (server.api.post(path).json() for _ in range(2))
    assert (first["name"], second["name"]) == ("Copied (2)", "Copied (3)")
    assert (first["version"], first["tags"], first["query"]) == (1, ["t"], made["query"])
    assert server.api.post(path, json={"name": "Mine"}).json()["name"] == "Mine"
    assert server.api.delete(server.path(f"/insights/{made['id']}")).status_code == 204
    assert server.api.get(server.path(f"/insights/{made['id']}")).status_code == 404
    assert server.api.get(server.path(f"/insights/{first['id']}")).status_code == 200


def test_stars_are_each_callers_own(server: Running, caller: Callable[..., httpx.Client]) -> None:
    made = save(server, name="Starred")
    path = server.path(f"/insights/{made['id']}")
    for _ in range(2):
        assert server.api.put(f"{path}/star").status_code == 204
    assert server.api.get(path).json()["starred"] is True
    assert listed(server, starred=True) == [made["id"]]
    with caller("read") as other:
        assert other.get(path).json()["starred"] is False
        assert other.get(server.path("/insights"), params={"starred": True}).json()["items"] == []
        assert other.put(f"{path}/star").status_code == 204
    for _ in range(2):
        assert server.api.delete(f"{path}/star").status_code == 204
    assert listed(server, starred=True) == []
    assert server.api.put(server.path("/insights/nothing/star")).status_code == 404


def test_whoever_may_only_look_cannot_save(server: Running, caller: Callable[..., httpx.Client]) -> None:
    made = save(server)
    with caller("read") as reader:
        path = server.path(f"/insights/{made['id']}")
        assert reader.get(path).status_code == 200
        body = {"name": "x", "query": ORDERS}
        assert reader.post(server.path("/insights"), json=body).status_code == 403
        assert reader.patch(path, json={"name": "x"}).status_code == 403
        assert reader.post(f"{path}/duplicate").status_code == 403
        assert reader.post(f"{path}/versions/1/restore").status_code == 403
        assert reader.delete(path).status_code == 403


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"query": {"kind": "trend", "series": []}}, "query.trend.series"),
        ({"name": ""}, "name"),
        ({"options": {"x": "\0"}}, "options"),
        ({"options": {"x": "y" * 40_000}}, "options"),
        ({"tags": ["a\nb"]}, "tags[0]"),
        ({"extra": 1}, "extra"),
        ({"query": {**ORDERS, "series": [{"selector": {"events": ["\0"]}}]}}, "query"),
    ],
)
def test_what_cannot_be_kept_is_refused(server: Running, given: dict[str, Any], path: str) -> None:
    answer = server.api.post(server.path("/insights"), json={"name": "x", "query": ORDERS, **given})
    assert answer.status_code == 422
    assert answer.json()["error"]["path"].startswith(path)


def test_a_question_of_another_version_is_shown_as_it_is(server: Running) -> None:
    made = save(server, name="From the future")
    with server.installation.database.session() as session:
        stored = '{"kind": "oracle", "depth": 3}'
        session.execute(
            text("UPDATE insights SET query = :q WHERE id = :id"), {"q": stored, "id": made["id"]}
        )
    path = server.path(f"/insights/{made['id']}")
    shown = server.api.get(path).json()
    assert shown["query"] is None
    assert shown["unreadable"]["stored"] == {"kind": "oracle", "depth": 3}
    assert made["id"] in listed(server)
    assert server.api.post(f"{path}/versions/1/restore").json()["query"] == made["query"]


def test_both_databases_keep_find_and_count_versions(database: Database, author: Author) -> None:
    given = InsightInput.model_validate({"name": "Orders_%", "query": ORDERS, "tags": ["a_b", "x"]})
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
        row = service.create_insight(session, "shop", author, given)
    with database.session() as session:
        change = InsightChange.model_validate({"description": "New", "tags": ["a_b"]})
        service.change_insight(session, "shop", row.id, author, change)
    with database.read_session() as session:

        def found(**conditions: Any) -> list[str]:
            return [each.name for each in session.scalars(repository.insights("shop", **conditions))]

        assert found(search="orders_%") == found(tag="a_b") == found(kind="trend") == ["Orders_%"]
        assert found(search="orders%_") == found(tag="a.b") == found(tag="x") == found(kind="paths") == []
        assert found(starred_by=author) == []
        versions = list(session.scalars(repository.versions(row.id)))
    assert sorted((each.version, each.description) for each in versions) == [(1, ""), (2, "New")]
