"""Live events against a running server: what is there, what arrives, and an end without loose ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from bihuan.access import Role, create_api_key, revoke_api_key
from bihuan.access.members.models import Membership
from bihuan.access.members.service import add_member, join
from bihuan.access.sessions import service as sessions
from bihuan.insights.live.routes import RECHECK_SECONDS
from tests.engine_server.process import EngineServer
from tests.insights.shop import INVITED, ORDERED, send
from tests.postgres import postgres_dsn
from tests.server.process import ServeProcess
from tests.server.running import Running

__all__ = ["postgres_dsn"]

WAIT_SECONDS = 30


class Listener:
    """Reads a stream in a thread until it ends or is closed."""

    def __init__(self, client: httpx.Client, path: str, **parameters: Any) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self.comments = 0
        self.ended = False
        self.began = threading.Event()
        self._stop = threading.Event()
        request = {"method": "GET", "url": path, "params": {"seconds": 60, **parameters}}
        self._thread = threading.Thread(target=self._read, args=(client, request), daemon=True)
        self._thread.start()
        assert self.began.wait(WAIT_SECONDS)

    def _read(self, client: httpx.Client, request: dict[str, Any]) -> None:
        kind = ""
        try:
            with client.stream(**request) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                for line in answer.iter_lines():
                    self.began.set()
                    if line.startswith("event: "):
                        kind = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        assert kind == "events"
                        self.batches.append(json.loads(line.removeprefix("data: ")))
                    elif line.startswith(":"):
                        self.comments += 1
                    if self._stop.is_set():
                        return
                self.ended = True
        except httpx.HTTPError:
            pass
        finally:
            self.began.set()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for batch in self.batches for event in batch]

    def wait_for(self, number: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.events) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.events

    def wait_end(self) -> bool:
        self._thread.join(WAIT_SECONDS)
        return self.ended

    def stop(self) -> None:
        self._stop.set()


@contextmanager
def listening(client: httpx.Client, path: str, **parameters: Any) -> Iterator[Listener]:
    listener = Listener(client, path, **parameters)
    try:
        yield listener
    finally:
        listener.stop()


def track(event: str, who: str = "ann", **more: Any) -> dict[str, Any]:
    return {"type": "track", "userId": who, "event": event, **more}


def test_recent_events_are_paged_and_narrowed(server: Running) -> None:
    def recent(**parameters: Any) -> dict[str, Any]:
        answer = server.api.get(server.path("/events/recent"), params=parameters)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    whole = recent()
    times = [event["time"] for event in whole["items"]]
    assert len(times) == 17
    assert times == sorted(times, reverse=True)
    found, cursor = [], None
    while True:
        page = recent(limit=3, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == whole["items"]
    assert {event["event"] for event in recent(event=[ORDERED, INVITED])["items"]} == {ORDERED, INVITED}
    mine = recent(person="cai", event=[ORDERED])["items"]
    assert [event["properties"]["$revenue"] for event in mine] == [30, 20, 10]
    assert {event["distinct_id"] for event in mine} == {"cai"}
    assert len(mine) == 3
    assert recent(person=f"#{mine[0]['person_id']}", event=[ORDERED])["items"] == mine
    assert recent(person="nobody")["items"] == []
    assert server.api.get(server.path("/events/recent"), params={"cursor": "?"}).status_code == 422


def test_old_events_are_recent_where_there_are_no_newer(empty: Running) -> None:
    long_ago = [track("old", timestamp=f"2017-0{month}-01T00:00:00Z") for month in (1, 5)]
    send(empty, long_ago)
    items = empty.api.get(empty.path("/events/recent")).json()["items"]
    assert [event["time"][:7] for event in items] == ["2017-05", "2017-01"]


def test_events_are_heard_once_soon_and_by_those_who_want_them(empty: Running) -> None:
    path = empty.path("/events/live")
    with (
        listening(empty.api, path) as everything,
        listening(empty.api, path, event=["b"]) as named,
        listening(empty.api, path, person="bob") as personal,
    ):
        began = time.monotonic()
        send(empty, [track("a"), track("b"), track("b", "bob"), track("c", timestamp="2017-01-01T00:00:00Z")])
        assert len(everything.wait_for(4)) == 4
        assert time.monotonic() - began < 10
        assert sorted(event["event"] for event in everything.events) == ["a", "b", "b", "c"]
        assert [event["distinct_id"] for event in personal.wait_for(1)] == ["bob"]
        assert len(named.wait_for(2)) == 2
        # Identities are those of the moment: what bob did under another id is his when they are joined.
        send(empty, [{"type": "alias", "previousId": "device", "userId": "bob"}, track("d", "device")])
        assert [event["distinct_id"] for event in personal.wait_for(2)] == ["bob", "device"]
        assert personal.events[0]["person_id"] == personal.events[1]["person_id"]
        time.sleep(3)
        assert (len(everything.events), len(named.events), len(personal.events)) == (5, 2, 2)


def test_what_came_just_before_is_heard_too(empty: Running) -> None:
    send(empty, [track("before")])
    with listening(empty.api, empty.path("/events/live")) as listener:
        assert [event["event"] for event in listener.wait_for(1)] == ["before"]


def test_of_very_many_the_latest_are_heard(empty: Running) -> None:
    with listening(empty.api, empty.path("/events/live")) as listener:
        send(empty, [track("many", messageId=f"n{number}") for number in range(900)])
        listener.wait_for(200)
        assert 200 <= len(listener.events) < 900
        assert max(map(len, listener.batches)) == 200


def test_whoever_may_not_see_personal_data_hears_it_hidden(empty: Running) -> None:
    path = empty.path("/events/live")
    properties = {"email": "ann@example.com", "plan": "free"}
    with empty.installation.database.session() as session:
        _, secret = create_api_key(session, empty.project_id, "viewer", ["view"])
    viewer = httpx.Client(base_url=empty.url, headers={"authorization": f"Bearer {secret}"}, timeout=60)
    with viewer, listening(viewer, path) as hidden, listening(empty.api, path) as clear:
        send(empty, [track("a", properties=properties)])
        assert clear.wait_for(1)[0]["properties"] == properties
        assert hidden.wait_for(1)[0]["properties"] == {"email": "a***@example.com", "plan": "free"}
        recent = viewer.get(empty.path("/events/recent")).json()["items"]
        assert recent[0]["properties"]["email"] == "a***@example.com"
        assert viewer.get(path, params={"unmask": True}).status_code == 403


def test_nobody_looks_when_nobody_listens(empty: Running) -> None:
    live = empty.live
    with listening(empty.api, empty.path("/events/live")) as one:
        with listening(empty.api, empty.path("/events/live")):
            assert live.watching() == 1
        send(empty, [track("a")])
        one.wait_for(1)
    deadline = time.monotonic() + WAIT_SECONDS
    while live.watching() and time.monotonic() < deadline:
        # Gone readers are noticed when something is to be said.
        send(empty, [track("b")])
        time.sleep(0.2)
    assert live.watching() == 0


def test_the_stream_ends_when_it_should(empty: Running) -> None:
    short = Listener(empty.api, empty.path("/events/live"), seconds=1)
    assert short.wait_end()
    assert empty.api.get(empty.path("/events/live"), params={"seconds": 0}).status_code == 422
    assert httpx.get(f"{empty.url}{empty.path('/events/live')}").status_code == 401


@contextmanager
def a_member(server: Running, role: Role) -> Iterator[tuple[httpx.Client, str, str]]:
    """A client of a member in a browser, with the ids of member and session."""
    with server.installation.database.session() as session:
        member = add_member(session, email=f"{role}@example.com", name=role, language="en")
        join(session, member, server.project_id, role)
        row, token = sessions.begin(session, member, address="test", user_agent="")
    with httpx.Client(base_url=server.url, cookies={"bihuan_session": token}, timeout=60) as client:
        yield client, member.id, row.id


def test_the_stream_ends_soon_after_the_session_or_the_role_does(empty: Running) -> None:
    path, database = empty.path("/events/live"), empty.installation.database
    with (
        a_member(empty, "viewer") as (viewer, _, viewers),
        a_member(empty, "manager") as (manager, who, _),
        listening(viewer, path) as one,
        listening(manager, path) as other,
    ):
        send(empty, [track("a")])
        assert len(one.wait_for(1)) == len(other.wait_for(1)) == 1
        time.sleep(2 * RECHECK_SECONDS)
        assert not one.ended
        with database.session() as session:
            sessions.end(session, viewers)
        assert one.wait_end()
        assert not other.ended
        with database.session() as session:
            session.execute(update(Membership).where(Membership.member_id == who).values(role="analyst"))
        assert other.wait_end()


def test_the_stream_ends_soon_after_the_key_does(empty: Running) -> None:
    with empty.installation.database.session() as session:
        key, secret = create_api_key(session, empty.project_id, "viewer", ["view"])
    with (
        httpx.Client(base_url=empty.url, headers={"authorization": f"Bearer {secret}"}, timeout=60) as client,
        listening(client, empty.path("/events/live")) as listener,
    ):
        with empty.installation.database.session() as session:
            revoke_api_key(session, empty.project_id, key.id)
        # Also where events never cease.
        deadline = time.monotonic() + WAIT_SECONDS
        while not listener.ended and time.monotonic() < deadline:
            send(empty, [track("b")])
            time.sleep(0.3)
        assert listener.ended


def test_the_stream_ends_with_the_project(empty: Running) -> None:
    listener = Listener(empty.api, empty.path("/events/live"))
    assert empty.api.delete(empty.path("")).status_code == 204
    assert listener.wait_end()


def test_an_ending_server_ends_its_streams(tmp_path: Path) -> None:
    server = ServeProcess(tmp_path / "data", durability="process")
    server.start()
    try:
        with server.api() as api:
            listener = Listener(api, "/api/projects/default/events/live")
            began = time.monotonic()
            server.stop()
            assert listener.wait_end()
            assert time.monotonic() - began < 20, "it waited for the stream"
    finally:
        server.kill()


@pytest.mark.timeout(300)
def test_what_another_process_stored_is_heard(tmp_path: Path, postgres_dsn: str) -> None:
    with EngineServer.start(tmp_path / "engine") as engine:
        stores = {"warehouse": engine.dsn, "database": postgres_dsn}
        servers = [ServeProcess(tmp_path / "data", options=("--no-work",), **stores) for _ in range(2)]
        try:
            for server in servers:
                server.start()
            first, second = servers
            with second.api() as api, listening(api, "/api/projects/default/events/live") as listener:
                body = {"userId": "ann", "event": "elsewhere", "timestamp": datetime.now(UTC).isoformat()}
                key = first.write_key()
                assert (
                    httpx.post(f"{first.url}/v1/track", json=body, auth=(key, ""), timeout=60).status_code
                    == 200
                )
                assert [event["event"] for event in listener.wait_for(1)] == ["elsewhere"]
        finally:
            for server in servers:
                server.kill()
