"""What went out is shown as it was, whatever became of everything that it was made of."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from bihuan.kernel.hashing import key64
from bihuan.messages import OutboxRow, enqueue, forget_messages
from bihuan.messages.outbox.models import OutboxWriting
from bihuan.messages.outbox.writings import DAY_MS, drop_old
from bihuan.warehouse import Engine
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.insights.shop import send
from tests.messages.test_tracking import channel, wait_for
from tests.server.members import member_client
from tests.server.running import Running, running_server

TEXT = (
    "{{ person.name }} of {{ person.city | upcase }}: {{ catalog.products[person.sku].name }}, "
    "{{ now | date: '%H:%M:%S' }}, {{ project.company }}"
)


@pytest.fixture(scope="module")
def box() -> Iterator[Mailboxes]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        _person(running, "ann", "Ann", "Bonn")
        put(running, "/message-lookups/products", files={"file": ("p.csv", b"sku,name\ns1,Shoe\n")})
        put(running, "/consent/policy", "PATCH", json={"public_url": running.url, "company": "Shop"})
        running.installation.messaging.start()
        yield running


def put(server: Running, rest: str, method: str = "PUT", **given: Any) -> Any:
    answer = server.api.request(method, server.path(rest), **given)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def _person(server: Running, name: str, called: str, city: str) -> None:
    traits = {"name": called, "city": city, "sku": "s1", "email": f"{name}@example.com", "language": "en"}
    send(server, [{"type": "identify", "userId": name, "traits": traits}])


def _body(text: str) -> dict[str, Any]:
    return {"variants": {"a": {"en": {"medium": "email", "subject": "For {{ person.name }}", "text": text}}}}


def _template(server: Running, name: str) -> str:
    body = {"name": name, "purpose": "transactional", "body": _body(TEXT)}
    return str(put(server, "/message-templates", "POST", json=body)["id"])


def _queue(server: Running, template_id: str, channel_id: str, occurrence: str, **more: Any) -> None:
    row = OutboxRow(
        person_id=key64("ann"),
        occurrence=occurrence,
        step="mail",
        channel_ids=[channel_id],
        purpose="transactional",
        template_id=template_id,
        **more,
    )
    with server.installation.database.session() as session:
        enqueue(session, server.project_id, [row])


def _message(server: Running, occurrence: str, state: str = "sent") -> int:
    until = time.monotonic() + 20
    while True:
        (found,) = put(server, f"/messages?occurrence={occurrence}", "GET")["items"]
        if found["state"] == state:
            return int(found["id"])
        assert time.monotonic() < until, found
        time.sleep(0.05)


def _said(server: Running, message_id: int) -> dict[str, Any]:
    return dict(put(server, f"/messages/{message_id}/content", "GET"))


def _kept(server: Running) -> int:
    with server.installation.database.read_session() as session:
        return session.scalar(select(func.count()).select_from(OutboxWriting)) or 0


def test_what_went_out_is_shown_though_everything_it_was_made_of_has_changed(
    server: Running, box: Mailboxes
) -> None:
    mail, template = channel(server, box.port)["id"], _template(server, "Offer")
    # As journeys do, without a version: that of the moment, which stays as it is from then on.
    _queue(server, template, mail, "first")
    wait_for(box, 1)
    (taken,) = box.mails()
    went = taken.get_content().replace("\r\n", "\n").strip()
    assert went.startswith("Ann of BONN: Shoe, ")
    assert went.endswith(", Shop")
    message = _message(server, "first")
    put(server, f"/message-templates/{template}", "PATCH", json={"body": _body("Other")})
    assert put(server, f"/message-templates/{template}", "GET")["version"] == 2
    put(server, "/message-lookups/products", files={"file": ("p.csv", b"sku,name\ns1,Boot\n")})
    put(server, "/consent/policy", "PATCH", json={"company": "Store"})
    _person(server, "ann", "Zoe", "Rome")
    said = _said(server, message)
    assert said["content"]["text"].strip() == went
    assert (said["content"]["subject"], said["address"]) == (taken["subject"], "a***@example.com")
    assert said["written_at"] is not None
    with member_client(server, "viewer") as viewer:
        masked = viewer.get(f"messages/{message}/content").json()
    assert masked["content"]["subject"] == "For A**"
    assert "BONN" in masked["content"]["text"]
    # One that waits is written when it goes.
    _queue(server, template, mail, "waits", not_before_ms=time.time_ns() // 1_000_000 + DAY_MS)
    waiting = _said(server, _message(server, "waits", "queued"))
    assert (waiting["content"]["subject"], waiting["written_at"]) == ("For Zoe", None)


def test_it_is_kept_as_long_as_the_project_says(server: Running, box: Mailboxes) -> None:
    mail, template = channel(server, box.port)["id"], _template(server, "Kept")
    before, taken = _kept(server), len(box.taken)
    _queue(server, template, mail, "kept")
    wait_for(box, taken + 1)
    message = _message(server, "kept")
    assert _kept(server) == before + 1
    database, now_ms = server.installation.database, time.time_ns() // 1_000_000
    assert drop_old(database, server.project_id, now_ms + 89 * DAY_MS) == 0
    rules = put(server, "/messages/policy", "GET")
    assert rules["keep_content_days"] == 90
    put(server, "/messages/policy", json={**rules, "keep_content_days": 30})
    assert drop_old(database, server.project_id, now_ms + 31 * DAY_MS) == before + 1
    said = _said(server, message)
    assert (said["written_at"], said["content"]["subject"]) == (None, "For Zoe")
    put(server, "/messages/policy", json={**rules, "keep_content_days": 0})
    _queue(server, template, mail, "unkept")
    wait_for(box, taken + 2)
    assert _said(server, _message(server, "unkept"))["written_at"] is None
    assert _kept(server) == 0
    put(server, "/messages/policy", json=rules)


def test_who_is_erased_leaves_nothing_of_it(server: Running, box: Mailboxes) -> None:
    mail, template = channel(server, box.port)["id"], _template(server, "Erased")
    taken = len(box.taken)
    _queue(server, template, mail, "erased")
    wait_for(box, taken + 1)
    _message(server, "erased")
    assert _kept(server) == 1
    forget_messages(server.installation.database, server.project_id, [key64("ann")])
    assert _kept(server) == 0
