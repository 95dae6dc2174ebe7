"""Messages inside the app: fetched with the write key, and what is done with them told to the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bihuan.kernel.hashing import key64
from bihuan.messages import OutboxRow, enqueue
from bihuan.messages.inbox.service import inbox_secret, signature_of
from bihuan.warehouse import Engine
from tests.insights.shop import send
from tests.messages.test_tracking import told
from tests.server.running import Running, running_server


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        send(
            running,
            [{"type": "identify", "userId": name, "traits": {"name": name}} for name in ("ann", "bob")],
        )
        body = {"name": "app", "kind": "in_app"}
        channel = running.api.post(running.path("/message-channels"), json=body).raise_for_status().json()
        content = {"form": "banner", "title": "Hi {{ person.name }}", "link": "https://shop.example"}
        rows = [
            OutboxRow(
                person_id=key64(name),
                occurrence="c1",
                step=step,
                channel_ids=[channel["id"]],
                purpose="transactional",
                context={"content": {"medium": "in_app", **content}},
            )
            for name in ("ann", "bob")
            for step in ("one", "two")
        ]
        with running.installation.database.session() as session:
            enqueue(session, running.project_id, rows)
        running.installation.messaging.start()
        told(running, "$message_sent", 4)
        yield running


def fetch(server: Running, distinct_id: str, **more: str) -> httpx.Response:
    query = {"key": server.write_key, "distinct_id": distinct_id, **more}
    return httpx.get(f"{server.url}/v1/inbox", params=query, headers={"origin": "https://shop.example"})


def act(server: Running, distinct_id: str, act: str, ids: list[str], **more: Any) -> httpx.Response:
    body = {"key": server.write_key, "distinct_id": distinct_id, "act": act, "ids": ids, **more}
    # As sendBeacon does, which asks nobody first.
    return httpx.post(f"{server.url}/v1/inbox", json=body, headers={"content-type": "text/plain"})


def test_messages_are_fetched_seen_clicked_and_dismissed(server: Running) -> None:
    answer = fetch(server, "ann")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (
        200,
        "https://shop.example",
    )
    shown = answer.json()["messages"]
    assert [(each["form"], each["title"], each["seen_ms"]) for each in shown] == [
        ("banner", "Hi ann", None)
    ] * 2
    first, second = (each["id"] for each in shown)
    assert act(server, "ann", "seen", [first, second]).json() == {"changed": 2}
    assert act(server, "ann", "seen", [first, second]).json() == {"changed": 0}
    assert act(server, "ann", "clicked", [first]).json() == {"changed": 1}
    assert act(server, "ann", "dismissed", [first]).json() == {"changed": 1}
    assert [each["id"] for each in fetch(server, "ann").json()["messages"]] == [second]
    assert act(server, "bob", "dismissed", [second]).json() == {"changed": 0}, "not bob's"
    opened = told(server, "$message_opened", 2)
    assert {(each["distinct_id"], each["properties"]["$message_id"]) for each in opened} == {
        ("ann", first),
        ("ann", second),
    }
    assert len(told(server, "$message_clicked", 1)) == 1
    assert len(told(server, "$message_dismissed", 1)) == 1


def test_what_is_no_request_is_refused(server: Running) -> None:
    assert httpx.get(f"{server.url}/v1/inbox").status_code == 422
    unknown = httpx.get(f"{server.url}/v1/inbox", params={"key": "bw_no", "distinct_id": "ann"})
    assert unknown.json()["error"]["code"] == "write_key_unknown"
    assert act(server, "ann", "eaten", []).status_code == 422
    assert httpx.put(f"{server.url}/v1/inbox", content=b"x").status_code == 422
    assert httpx.post(f"{server.url}/v1/inbox", content=b"x" * 70_000).status_code == 422


def test_with_signatures_nobody_reads_another_ones_messages(server: Running) -> None:
    policy = server.api.get(server.path("/messages/policy")).json()
    server.api.put(server.path("/messages/policy"), json={**policy, "sign_inbox": True}).raise_for_status()
    secret = server.api.post(server.path("/inbox-secret")).json()["secret"]
    assert secret == inbox_secret(server.installation.database, server.project_id)
    good = signature_of(secret, "bob")
    assert len(fetch(server, "bob", signature=good).json()["messages"]) == 2
    for wrong in ({}, {"signature": "x"}, {"signature": signature_of(secret, "ann")}):
        assert fetch(server, "bob", **wrong).json()["error"]["code"] == "inbox_signature_wrong"
    server.api.put(server.path("/messages/policy"), json=policy).raise_for_status()
