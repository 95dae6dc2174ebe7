"""Audiences sent out: signed messages to a real receiver, files on a schedule, and where nothing is sent."""

from __future__ import annotations

import csv
import io
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from bihuan.audiences import Sender, SyncOut
from bihuan.audiences.sync import delivering
from bihuan.audiences.sync.models import AudienceSync, Delivery
from bihuan.database import utc_now
from bihuan.delivery.errors import AddressRefused
from bihuan.delivery.webhooks.addresses import address_of, is_public, target_of
from bihuan.delivery.webhooks.sending import post
from bihuan.warehouse import Engine
from tests.audiences.receiving import Receiver, receiving
from tests.insights.shop import fill
from tests.server.members import member_client
from tests.server.running import Running, running_server

INSIDE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
    *("2002:7f00:1::", "::", "ff02::1"),
)


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("installation")
    with running_server(engine, data, private_webhooks=True) as running:
        fill(running)
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


class Tagged:
    """A tag kept by hand whose value ``yes`` is sent out."""

    def __init__(self, server: Running, name: str) -> None:
        self.server = server
        body = {"name": f"{name} {time.time_ns()}", "definition": {"kind": "manual"}}
        self.id = server.api.post(server.path("/tags"), json=body).raise_for_status().json()["id"]

    def give(self, value: str | None, *ids: str) -> None:
        path = self.server.path(f"/tags/{self.id}/values")
        self.server.api.post(path, json={"distinct_ids": ids, "value": value}).raise_for_status()

    def sync(self, **more: Any) -> dict[str, Any]:
        body = {"name": "To the CRM", "subject_id": self.id, "value": "yes", **more}
        answer = self.server.api.post(self.server.path("/audience-syncs"), json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
def tagged(server: Running) -> Tagged:
    return Tagged(server, "Sent")


def sender(server: Running, *, total_seconds: float = 15.0) -> Sender:
    installation = server.installation
    out = SyncOut(
        installation.settings.data.resolve() / "syncs", True, total_seconds=total_seconds, settled_ms=0
    )
    return Sender(out, installation.database, server.project.row, server.project.people)


def seen(server: Running, sync_id: str) -> dict[str, Any]:
    return dict(server.api.get(server.path(f"/audience-syncs/{sync_id}")).raise_for_status().json())


def deliveries(server: Running, sync_id: str) -> list[dict[str, Any]]:
    path = server.path(f"/audience-syncs/{sync_id}/deliveries")
    return list(server.api.get(path).raise_for_status().json()["items"])


def ids(people: list[dict[str, Any]]) -> list[str]:
    return sorted(person["distinct_ids"][0] for person in people)


def test_who_enters_and_leaves_is_told_signed(server: Running, tagged: Tagged, receiver: Receiver) -> None:
    tagged.give("yes", "ann", "bob")
    tagged.give("no", "cai")
    sync = tagged.sync(kind="webhook", url=receiver.url, properties=["city", "email"], unmask=True)
    assert sender(server).due(sync["id"]) == 1
    receiver.verify(sync["secret"])
    (first,) = receiver.messages()
    assert (first["type"], first["data"]["value"]) == ("tag.changed", "yes")
    assert ids(first["data"]["entered"]) == ["ann", "bob"]
    assert first["data"]["left"] == []
    mails = {person["properties"]["email"] for person in first["data"]["entered"]}
    assert "ann@example.com" in mails
    assert sender(server).due(sync["id"]) == 0, "nothing changed"
    tagged.give("no", "ann")
    tagged.give("yes", "cai", "dan")
    tagged.give(None, "dan")
    assert sender(server).due(sync["id"]) == 1
    second = receiver.messages()[-1]["data"]
    assert (ids(second["entered"]), ids(second["left"])) == (["cai"], ["ann"])
    states = [(each["state"], each["entered"], each["left"]) for each in deliveries(server, sync["id"])]
    assert states == [("delivered", 1, 1), ("delivered", 2, 0)]
    renewed = server.api.post(server.path(f"/audience-syncs/{sync['id']}/secret")).json()["secret"]
    tagged.give("yes", "dan")
    sender(server).due(sync["id"])
    receiver.verify(renewed)
    with pytest.raises(AssertionError):
        receiver.verify(sync["secret"])


def test_personal_data_is_hidden_unless_it_may_be_shown(
    server: Running, tagged: Tagged, receiver: Receiver, caller: Callable[..., httpx.Client]
) -> None:
    tagged.give("yes", "ann")
    body = {"name": "x", "subject_id": tagged.id, "value": "yes", "kind": "webhook", "url": receiver.url}
    for scope in ("view", "export", "read"):
        with caller(scope) as reader:
            assert reader.post(server.path("/audience-syncs"), json=body).status_code == 403
    with member_client(server, "analyst") as analyst:
        assert analyst.post("/audience-syncs", json={**body, "unmask": True}).status_code == 403
        made = analyst.post("/audience-syncs", json={**body, "properties": ["email"]}).json()
        assert sender(server).due(made["id"]) == 1
        change = analyst.patch(f"/audience-syncs/{made['id']}", json={"unmask": True})
        assert change.status_code == 403
    (person,) = receiver.messages()[0]["data"]["entered"]
    assert person["properties"]["email"] == "a***@example.com"
    with server.installation.database.session() as session:
        row = session.get_one(AudienceSync, made["id"])
        row.created_by = {**row.created_by, "id": "gone"}
    tagged.give("yes", "bob")
    assert sender(server).due(made["id"]) == 0
    stopped = seen(server, made["id"])
    assert (stopped["enabled"], stopped["error"]["code"]) == (False, "sync_creator_may_not")
    assert len(receiver.got) == 1


def test_a_failure_is_tried_again_later_with_the_same_id(
    server: Running, tagged: Tagged, receiver: Receiver
) -> None:
    tagged.give("yes", "ann")
    sync = tagged.sync(kind="webhook", url=receiver.url)
    receiver.answers = [(503, {"Retry-After": "3600"}), (500, {})]
    assert sender(server).due(sync["id"]) == 0
    after = seen(server, sync["id"])
    assert after["error"]["code"] == "delivery_failed"
    wait = seconds_of(after["next_at"]) - time.time()
    assert 3_500 < wait <= 3_600, "what Retry-After asks for is longer than the usual wait"
    assert sender(server).due() == 0
    assert len(receiver.got) == 1, "it is not tried before its time"
    hour_passed(server, sync["id"])
    sender(server).due()
    assert 0 < seconds_of(seen(server, sync["id"])["next_at"]) - time.time() <= 31, "the second wait is 30 s"
    tagged.give("yes", "bob")
    hour_passed(server, sync["id"])
    assert sender(server).due() == 2
    assert seen(server, sync["id"])["error"] is None
    assert len(set(receiver.ids())) == 2
    assert receiver.ids()[:3] == [receiver.ids()[0]] * 3
    assert [ids(each["data"]["entered"]) for each in receiver.messages()] == [["ann"]] * 3 + [["bob"]]


def test_whoever_is_killed_before_the_answer_is_kept_sends_the_same_again(
    server: Running, tagged: Tagged, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "BATCH", 2)
    tagged.give("yes", "ann", "bob", "cai", "dan", "eve")
    everybody = server.api.get(
        server.path(f"/tags/{tagged.id}/people"), params={"value": "yes", "limit": 100}
    ).json()["items"]
    sync = tagged.sync(kind="webhook", url=receiver.url)
    real, calls = post, 0

    def killed(*given: Any, **named: Any) -> int:
        nonlocal calls
        calls += 1
        status = real(*given, **named)
        if calls == 2:
            raise SystemExit
        return status

    monkeypatch.setattr(delivering, "post", killed)
    with pytest.raises(SystemExit):
        sender(server).due(sync["id"])
    sender(server).due(sync["id"])
    found = receiver.ids()
    assert len(found) == len(set(found)) + 1
    assert found[1] == found[2], "the message that was in flight came again"
    assert receiver.messages()[1] == receiver.messages()[2]
    once = {each["data"]["entered"][0]["person_id"]: each for each in receiver.messages()}
    told = [
        person["person_id"]
        for place, each in enumerate(receiver.messages())
        if place != 2
        for person in each["data"]["entered"]
    ]
    assert sorted(told) == sorted(person["person_id"] for person in everybody)
    assert once
    again = server.api.post(
        server.path(f"/audience-syncs/{sync['id']}/send"), json={"everyone": True}
    ).status_code
    assert again == 202
    monkeypatch.setattr(delivering, "post", real)
    before = len(receiver.got)
    sender(server).due(sync["id"])
    entered = [len(each["data"]["entered"]) for each in receiver.messages()[before:]]
    assert sum(entered) == len(everybody)


def test_a_connection_that_breaks_a_redirect_and_a_slow_receiver_are_failures(
    server: Running, tagged: Tagged, receiver: Receiver
) -> None:
    tagged.give("yes", "ann")
    sync = tagged.sync(kind="webhook", url=receiver.url)
    receiver.drop = True
    sender(server).due(sync["id"])
    assert "no answer" in seen(server, sync["id"])["error"]["en"]
    receiver.drop = False
    with receiving() as elsewhere:
        receiver.answers = [(302, {"Location": elsewhere.url})]
        sender(server).due(sync["id"])
        assert elsewhere.got == []
    assert "302" in seen(server, sync["id"])["error"]["en"]
    receiver.drip_seconds = 0.1
    begun = time.monotonic()
    sender(server, total_seconds=1.0).due(sync["id"])
    assert time.monotonic() - begun < 5, "whoever answers a letter at a time is cut off"
    assert "within 1 s" in seen(server, sync["id"])["error"]["en"]
    receiver.drip_seconds = 0.0
    receiver.answers = [(410, {})]
    sender(server).due(sync["id"])
    assert seen(server, sync["id"])["enabled"] is False, "410 says: never again"
    path = server.path(f"/audience-syncs/{sync['id']}")
    assert server.api.patch(path, json={"enabled": True}).json()["enabled"] is True
    assert sender(server).due() == 1
    assert len(set(receiver.ids())) == 1


def test_after_ten_failures_a_member_is_waited_for(
    server: Running, tagged: Tagged, receiver: Receiver
) -> None:
    tagged.give("yes", "ann")
    sync = tagged.sync(kind="webhook", url=receiver.url)
    receiver.answers = [(500, {})] * delivering.MOST_ATTEMPTS
    for _ in range(delivering.MOST_ATTEMPTS):
        assert seen(server, sync["id"])["enabled"] is True
        sender(server).due(sync["id"])
    assert seen(server, sync["id"])["enabled"] is False
    (only,) = deliveries(server, sync["id"])
    assert (only["state"], only["attempts"], only["status"]) == ("pending", delivering.MOST_ATTEMPTS, 500)


def test_addresses_inside_are_refused() -> None:
    for inside in INSIDE:
        assert not is_public(ip_address(inside)), inside
        shown = f"[{inside}]" if ":" in inside else inside
        with pytest.raises(AddressRefused):
            target_of(f"https://{shown}/", private=False)
        target_of(f"http://{shown}/", private=True)
    for outside in ("1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"):
        assert is_public(ip_address(outside)), outside
    for wrong in (
        "ftp://example.com/",
        "https://",
        "https://u:p@example.com/",
        "https://example.com/#x",
        "http://example.com/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "example.com",
    ):
        with pytest.raises(AddressRefused):
            target_of(wrong, private=False)


def test_a_name_that_leads_inside_is_refused_whichever_address_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = target_of("https://rebinding.example/", private=False)

    def found(*addresses: str) -> None:
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: answer)

    found("1.1.1.1", "10.0.0.1")
    with pytest.raises(AddressRefused):
        address_of(target, private=False)
    found("1.1.1.1", "1.0.0.1")
    assert address_of(target, private=False) == "1.1.1.1"
    found("127.0.0.1")
    assert address_of(target, private=True) == "127.0.0.1"


def test_without_the_setting_nothing_goes_inside(server: Running, tagged: Tagged, receiver: Receiver) -> None:
    tagged.give("yes", "ann")
    sync = tagged.sync(kind="webhook", url=receiver.url)
    careful = sender(server)
    careful = replace(careful, settings=replace(careful.settings, private=False))
    assert careful.due(sync["id"]) == 0
    assert seen(server, sync["id"])["error"]["code"] == "address_refused"
    assert receiver.got == []


def test_files_are_written_when_due_downloaded_and_deleted(
    server: Running, tagged: Tagged, caller: Callable[..., httpx.Client]
) -> None:
    tagged.give("yes", "ann", "bob")
    sync = tagged.sync(kind="files", every="daily", keep_days=2, properties=["email"])
    assert sync["secret"] is None
    assert sender(server).due() >= 1
    assert [each["people"] for each in deliveries(server, sync["id"])] == [2]
    sender(server).due()
    (row,) = deliveries(server, sync["id"])
    path = server.path(f"/audience-syncs/{sync['id']}/files/{row['id']}")
    answer = server.api.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    read = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sorted(each["email"] for each in read) == ["a***@example.com", "b***@example.com"]
    with caller("view") as viewer:
        assert viewer.get(path).status_code == 403
    actions = server.api.get(server.path("/audit"), params={"action": "sync.file_downloaded"}).json()["items"]
    assert actions[0]["target_id"] == sync["id"]
    with server.installation.database.session() as session:
        session.get_one(Delivery, row["id"]).created_at = utc_now() - timedelta(days=3)
        session.get_one(AudienceSync, sync["id"]).sent_ms -= 86_400_000
    assert sender(server).due() == 1
    assert [each["state"] for each in deliveries(server, sync["id"])] == ["delivered", "deleted"]
    assert server.api.get(path).status_code == 404
    where = server.installation.settings.data.resolve() / "syncs" / server.project_id / sync["id"]
    assert len(list(where.iterdir())) == 1
    assert server.api.delete(server.path(f"/audience-syncs/{sync['id']}")).status_code == 204
    sender(server).due()
    assert not where.exists()


def test_unmasked_files_are_for_those_who_may_see(
    server: Running, tagged: Tagged, caller: Callable[..., httpx.Client]
) -> None:
    tagged.give("yes", "ann")
    sync = tagged.sync(kind="files", every="hourly", properties=["email"], unmask=True)
    sender(server).due(sync["id"])
    (row,) = deliveries(server, sync["id"])
    path = server.path(f"/audience-syncs/{sync['id']}/files/{row['id']}")
    with caller("export") as exporter:
        assert exporter.get(path).status_code == 403
    assert "ann@example.com" in server.api.get(path).text


def test_what_makes_no_sync_is_refused(server: Running, tagged: Tagged, receiver: Receiver) -> None:
    path = server.path("/audience-syncs")
    good = {"name": "x", "subject_id": tagged.id, "value": "yes", "kind": "webhook", "url": receiver.url}
    for change in (
        {"kind": "files"},
        {"url": None},
        {"every": "daily"},
        {"value": None},
        {"url": "gopher://example.com/"},
    ):
        assert server.api.post(path, json={**good, **change}).status_code == 422, change
    assert server.api.post(path, json={**good, "subject_id": "nothing"}).status_code == 404
    sync = server.api.post(path, json=good).json()
    assert server.api.patch(f"{path}/{sync['id']}", json={"every": "daily"}).status_code == 422
    server.api.delete(server.path(f"/tags/{tagged.id}")).raise_for_status()
    assert sender(server).due(sync["id"]) == 0
    assert seen(server, sync["id"])["error"]["code"] == "sync_subject_gone"


def hour_passed(server: Running, sync_id: str) -> None:
    with server.installation.database.session() as session:
        session.get_one(AudienceSync, sync_id).next_at = utc_now() - timedelta(seconds=1)


def seconds_of(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
