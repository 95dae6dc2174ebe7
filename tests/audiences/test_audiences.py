"""Static audiences over HTTP: made of a number or of ids, listed, exported, and true to merges."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bihuan.audiences import service
from bihuan.warehouse.assignments import Held, sizes
from tests.insights.shop import ORDERED, SIGNED_UP, send
from tests.server.running import Running

BUYERS: dict[str, Any] = {
    "query": {
        "kind": "trend",
        "period": {"kind": "last", "count": 7},
        "series": [{"selector": {"events": [ORDERED]}, "measure": {"kind": "people"}}],
    },
    "selection": {"series": 0},
}


def make(server: Running, people: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"name": "Audience", "people": people, **more}
    answer = server.api.post(server.path("/audiences"), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def members(server: Running, audience_id: str, limit: int = 2) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        parameters = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        path = server.path(f"/audiences/{audience_id}/people")
        page = server.api.get(path, params=parameters).raise_for_status().json()
        found += [person["distinct_ids"][0] for person in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return sorted(found)


def size(server: Running, audience_id: str) -> int:
    return int(server.api.get(server.path(f"/audiences/{audience_id}")).json()["size"])


def test_the_people_behind_a_number_are_kept(server: Running) -> None:
    made = make(server, BUYERS, name="Buyers", description="Those of the week")
    assert (made["size"], made["unknown_count"], made["question"]["selection"]) == (3, 0, {"series": 0})
    assert members(server, made["id"]) == ["ann", "bob", "cai"]
    send(server, [{"type": "track", "userId": "eve", "event": ORDERED, "messageId": "late"}])
    assert size(server, made["id"]) == 3, "what happens later does not change a static audience"
    listed = server.api.get(server.path("/audiences"), params={"search": "buy"}).json()["items"]
    assert [(each["id"], each["size"]) for each in listed] == [(made["id"], 3)]


@pytest.mark.parametrize("at_once", [1, 2, 3, 10])
def test_many_are_kept_in_pages_and_too_many_are_refused(
    server: Running, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """There are at least three buyers, and one more after the test before."""
    monkeypatch.setattr(service, "_AT_ONCE", at_once)
    buyers = make(server, BUYERS)["size"]
    monkeypatch.setattr(service, "MOST_PEOPLE", buyers)
    made = make(server, BUYERS)
    assert len(members(server, made["id"])) == made["size"] == buyers >= 3
    monkeypatch.setattr(service, "MOST_PEOPLE", buyers - 1)
    refused = server.api.post(server.path("/audiences"), json={"name": "Too many", "people": BUYERS})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "audience_too_large")
    listed = server.api.get(server.path("/audiences"), params={"search": "Too many"}).json()["items"]
    assert listed == []


def test_ids_make_an_audience_and_unknown_ones_are_named(server: Running) -> None:
    made = make(server, {"distinct_ids": ["ann", "dan", "ann", "nobody", "none"]})
    assert (made["size"], made["unknown_count"], made["unknown_ids"]) == (2, 2, ["nobody", "none"])
    assert members(server, made["id"]) == ["ann", "dan"]
    assert made["question"] is None


def test_what_makes_no_audience_is_refused(server: Running) -> None:
    path = server.path("/audiences")
    for people in ({}, {"distinct_ids": []}, {**BUYERS, "distinct_ids": ["ann"]}):
        assert server.api.post(path, json={"name": "x", "people": people}).status_code == 422
    wrong = {"name": "x", "people": {**BUYERS, "selection": {"series": 7}}}
    refused = server.api.post(path, json=wrong)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "selection_invalid")
    assert server.api.get(server.path("/audiences/nothing")).status_code == 404
    assert server.api.get(server.path("/audiences/nothing/people")).status_code == 404


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_an_audience_is_exported_with_and_without_profiles(server: Running, file_format: str) -> None:
    send(server, [{"type": "track", "anonymousId": "stranger", "event": SIGNED_UP, "messageId": "s1"}])
    made = make(server, {"distinct_ids": ["ann", "stranger"]})
    path = server.path(f"/audiences/{made['id']}/export")
    answer = server.api.get(path, params={"format": file_format, "property": ["city", "email"]})
    assert answer.status_code == 200, answer.text
    if file_format == "csv":
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(answer.text)))
        found = {json.loads(row["distinct_ids"])[0]: (row["city"], row["first_seen"] != "") for row in rows}
        assert found == {"ann": ("Beijing", True), "stranger": ("", False)}
    else:
        rows = [json.loads(line) for line in answer.text.splitlines()]
        assert {row["email"] for row in rows} == {"ann@example.com", None}


def test_an_export_without_the_right_to_see_is_hidden(
    server: Running, caller: Callable[..., httpx.Client]
) -> None:
    made = make(server, {"distinct_ids": ["ann"]})
    with caller("export") as exporter:
        answer = exporter.get(server.path(f"/audiences/{made['id']}/export"), params={"property": ["email"]})
    assert answer.status_code == 200
    assert "a***@example.com" in answer.text
    assert "ann@" not in answer.text


def test_merged_people_count_once_and_erased_ones_not(empty: Running) -> None:
    send(empty, [{"type": "track", "userId": who, "event": SIGNED_UP} for who in ("a", "b", "c", "d")])
    made = make(empty, {"distinct_ids": ["a", "b", "c"]})
    merged = empty.api.post(empty.path("/identity-links/merge"), json={"from_id": "a", "to_id": "d"}).json()
    assert size(empty, made["id"]) == 3, "the person goes on under another id"
    assert members(empty, made["id"])[0] == "a"
    empty.api.post(empty.path("/identity-links/merge"), json={"from_id": "b", "to_id": "d"})
    assert size(empty, made["id"]) == 2
    people = empty.api.get(empty.path(f"/audiences/{made['id']}/people")).json()["items"]
    assert sorted(each["distinct_ids"] for each in people) == [["a", "b", "d"], ["c"]]
    link = next(each["link_id"] for each in merged["links"] if each["kind"] == "merge")
    assert empty.api.post(empty.path(f"/identity-links/{link}/undo")).status_code == 201
    assert size(empty, made["id"]) == 3
    erased = empty.api.delete(empty.path("/person"), params={"person": "c"})
    assert erased.status_code == 200
    assert size(empty, made["id"]) == 2
    assert empty.api.delete(empty.path(f"/audiences/{made['id']}")).status_code == 204
    assert empty.api.get(empty.path(f"/audiences/{made['id']}")).status_code == 404
    assert sizes(empty.project.store, [made["id"]]) == {made["id"]: Held()}


def test_who_may_make_and_export_audiences(server: Running, caller: Callable[..., httpx.Client]) -> None:
    made = make(server, {"distinct_ids": ["ann"]})
    path = server.path(f"/audiences/{made['id']}")
    with caller("view") as viewer:
        assert viewer.get(path).status_code == 200
        (person,) = viewer.get(f"{path}/people").json()["items"]
        assert person["properties"]["email"] == "a***@example.com"
        assert viewer.get(f"{path}/export").status_code == 403
        body = {"name": "x", "people": {"distinct_ids": ["ann"]}}
        assert viewer.post(server.path("/audiences"), json=body).status_code == 403
        assert viewer.delete(path).status_code == 403
