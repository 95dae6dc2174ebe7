"""Mails of a running server, taken by a real SMTP server; their links clicked, their pixels fetched."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bihuan.messages.tracking.links import Links
from bihuan.messages.tracking.tokens import Tokens, Tracked, is_trackable
from bihuan.warehouse import Engine
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.insights.shop import send
from tests.server.members import member_client
from tests.server.running import Running, running_server

HOST = "example.com"
CONTENT = {
    "medium": "email",
    "subject": "Hi {{ person.name }}",
    "html": """<html><body><p>Hi {{ person.name }}</p>
<a class="b" href="https://shop.example/a?x=1&amp;y={{ person.name }}">A</a>
<a href='mailto:x@example.com'>mail</a> <a data-untracked href="https://shop.example/raw">raw</a>
</body></html>""",
    "text": "Hi {{ person.name }}",
}


def wait_for(box: Mailboxes, count: int) -> None:
    until = time.monotonic() + 20
    while len(box.taken) < count:
        assert time.monotonic() < until, f"{len(box.taken)} of {count} mails came"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        people = [
            {
                "type": "identify",
                "userId": name,
                "traits": {"name": name.title(), "email": f"{name}@example.com"},
            }
            for name in ("ann", "bob", "cai")
        ]
        send(running, people)
        running.installation.messaging.start()
        yield running


@pytest.fixture
def box() -> Iterator[Mailboxes]:
    with mail_server() as running:
        yield running


def channel(server: Running, port: int, **more: Any) -> dict[str, Any]:
    settings = {
        "servers": [{"host": "127.0.0.1", "port": port, "security": "none"}],
        "sender": "Shop <shop@example.com>",
    }
    body = {"name": f"mail {time.time_ns()}", "kind": "smtp", "settings": settings, **more}
    answer = server.api.post(server.path("/message-channels"), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def queue(server: Running, names: list[str], channel_id: str, occurrence: str, **more: Any) -> None:
    from bihuan.kernel.hashing import key64
    from bihuan.messages import OutboxRow, enqueue

    rows = [
        OutboxRow(
            person_id=key64(name),
            occurrence=occurrence,
            step="mail",
            channel_ids=[channel_id],
            purpose="transactional",
            context={"content": CONTENT},
            **more,
        )
        for name in names
    ]
    with server.installation.database.session() as session:
        enqueue(session, server.project_id, rows)


def told(server: Running, event: str, count: int) -> list[dict[str, Any]]:
    until = time.monotonic() + 10
    while True:
        found = [each for each in server.events() if each["event"] == event]
        if len(found) >= count or time.monotonic() > until:
            return found
        time.sleep(0.05)


def test_a_mail_is_sent_opened_and_clicked(server: Running, box: Mailboxes) -> None:
    from bihuan.messages.consent.purposes import set_policy

    with server.installation.database.session() as session:
        set_policy(session, server.project_id, {"public_url": server.url})
    made = channel(server, box.port)
    begun = time.monotonic()
    queue(server, ["ann", "bob"], made["id"], "first", origin={"$campaign_id": "c9"})
    wait_for(box, 2)
    assert time.monotonic() - begun < 5
    mails = {str(mail["to"]): mail for mail in box.mails()}
    assert set(mails) == {"ann@example.com", "bob@example.com"}
    mail = mails["ann@example.com"]
    assert mail["subject"] == "Hi Ann"
    body = mail.get_body(("html",))
    assert body is not None
    page = body.get_content()
    (link,) = re.findall(rf'href="({server.url}/m/c/[^"]+)"', page)
    (pixel,) = re.findall(rf'src="({server.url}/m/o/[^"]+)"', page)
    assert "mailto:x@example.com" in page
    assert "https://shop.example/raw" in page
    sent = told(server, "$message_sent", 2)
    assert {each["properties"]["$campaign_id"] for each in sent} == {"c9"}
    with httpx.Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"}) as reader:
        image = reader.get(pixel)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/gif")
        for _ in range(2):
            led = reader.get(link)
            assert (led.status_code, led.headers["location"]) == (302, "https://shop.example/a?x=1&y=Ann")
        # A link that was tampered with leads nowhere.
        assert reader.get(link[:-4] + "AAAA").status_code == 404
        assert reader.get(f"{server.url}/m/c/{'A' * 60}").status_code == 404
    (opened,) = told(server, "$message_opened", 1)
    clicks = told(server, "$message_clicked", 1)
    assert {each["properties"]["$url"] for each in clicks} == {"https://shop.example/a?x=1&y=Ann"}
    assert opened["distinct_id"] == clicks[0]["distinct_id"] == "ann"
    assert opened["properties"]["$campaign_id"] == "c9"
    assert 1 <= len(clicks) <= 2


def test_a_reply_is_told(server: Running, box: Mailboxes) -> None:
    made = channel(server, box.port)
    queue(server, ["cai"], made["id"], "reply")
    wait_for(box, 1)
    (row,) = server.api.get(server.path("/messages?occurrence=reply")).json()["items"]
    path = server.path(f"/messages/{row['id']}/happened")
    body = {"event": "replied", "properties": {"text": "Thanks"}}
    assert server.api.post(path, json=body).status_code == 204
    (reply,) = told(server, "$message_replied", 1)
    assert (reply["distinct_id"], reply["properties"]["text"]) == ("cai", "Thanks")
    assert server.api.post(server.path("/messages/999999/happened"), json=body).status_code == 404


def test_what_the_api_says_of_messages(server: Running, box: Mailboxes) -> None:
    made = channel(server, box.port)
    queue(server, ["ann", "bob", "nobody"], made["id"], "second")
    wait_for(box, 2)
    told(server, "$message_sent", 5)
    listed = server.api.get(server.path("/messages?occurrence=second&limit=2")).json()
    assert [each["state"] for each in listed["items"]] == ["suppressed", "sent"]
    rest = server.api.get(server.path(f"/messages?occurrence=second&cursor={listed['next_cursor']}")).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)
    counts = server.api.get(server.path("/messages/statistics?occurrence=second")).json()["counts"]
    assert [(each["state"], each["reason"], each["count"]) for each in counts] == [
        ("sent", None, 2),
        ("suppressed", "person_unknown", 1),
    ]
    of_ann = server.api.get(server.path("/messages?person=ann&occurrence=second")).json()["items"]
    assert [each["person"] for each in of_ann] == [rest["items"][0]["person"]]
    detail = server.api.get(server.path(f"/messages/{of_ann[0]['id']}")).json()
    assert detail["context"]["content"]["subject"] == "Hi {{ person.name }}"
    refused = server.api.post(
        server.path("/messages/resolve"), json={"decision": "resend", "message_ids": [of_ann[0]["id"]]}
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "message_not_uncertain")
    assert server.api.get(server.path("/messages/999999")).status_code == 404


def test_secrets_of_channels_go_in_and_never_come_out(server: Running) -> None:
    made = channel(server, 2525, secrets={"passwords": {"127.0.0.1": "hunter2-secret"}})
    assert made["secrets"] == ["passwords"]
    assert "hunter2" not in server.api.get(server.path("/message-channels")).text
    path = server.path(f"/message-channels/{made['id']}")
    changed = server.api.patch(
        path, json={"per_second": 5, "secrets": {"passwords": {"127.0.0.1": "other-secret"}}}
    )
    assert (changed.status_code, changed.json()["per_second"]) == (200, 5)
    audit = server.api.get(server.path("/audit")).text
    assert "hunter2" not in audit
    assert "other-secret" not in audit
    with server.installation.database.read_session() as session:
        from bihuan.messages.channels.models import MessageChannel
        from bihuan.messages.channels.sealing import Seal

        row = session.get_one(MessageChannel, made["id"])
        assert "other" not in row.secrets
        assert Seal(server.installation.database).open(row.secrets) == {
            "passwords": {"127.0.0.1": "other-secret"}
        }
    bad = server.api.patch(path, json={"settings": {"servers": []}})
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "channel_settings_invalid")
    with member_client(server, "viewer") as viewer:
        assert viewer.patch(f"/message-channels/{made['id']}", json={"enabled": False}).status_code == 403
        assert (
            viewer.post(f"/message-channels/{made['id']}/test", json={"addresses": ["x"]}).status_code == 403
        )
    assert server.api.delete(path).status_code == 204
    assert server.api.get(path).status_code == 404


def test_tests_go_to_addresses_and_the_seed_list(server: Running, box: Mailboxes) -> None:
    made = channel(server, box.port)
    seeds = [
        {"medium": "email", "address": "boss@example.com", "name": "Boss"},
        {"medium": "sms", "address": "+8613800138000", "name": "Phone"},
    ]
    assert server.api.put(server.path("/messages/seeds"), json={"seeds": seeds}).status_code == 200
    body = {"addresses": ["me@example.com"], "seeds": True, "person": "bob", "content": CONTENT}
    answer = server.api.post(server.path(f"/message-channels/{made['id']}/test"), json=body)
    assert answer.status_code == 200, answer.text
    assert [each["outcome"] for each in answer.json()["results"]] == ["sent", "sent"]
    assert {str(mail["to"]): mail["subject"] for mail in box.mails()} == {
        "me@example.com": "Hi Bob",
        "boss@example.com": "Hi Bob",
    }
    broken = {"addresses": ["me@example.com"], "content": {**CONTENT, "subject": "{{ person.nickname }}"}}
    refused = server.api.post(server.path(f"/message-channels/{made['id']}/test"), json=broken)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "test_unrendered")


def test_policies_are_changed_by_who_manages(server: Running) -> None:
    path = server.path("/messages/policy")
    before = server.api.get(path).json()
    assert before["caps"] == []
    wanted = {**before, "caps": [{"medium": "email", "count": 2, "hours": 24}]}
    assert server.api.put(path, json=wanted).json() == wanted
    with member_client(server, "analyst") as analyst:
        assert analyst.put("/messages/policy", json=before).status_code == 403
    assert server.api.get(path).json() == wanted
    assert server.api.put(path, json=before).json() == before


def test_tokens_are_only_those_made_here(server: Running) -> None:
    tokens = Tokens(server.installation.database)
    for url in ("", "https://x.example/" + "a" * 300, "https://短.example/路?q=1"):
        tracked = Tracked("shop", "17", url)
        token = tokens.make(tracked)
        assert tokens.read(token) == tracked
        for place in range(0, len(token), 5):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            assert tokens.read(changed) in (None, tracked)
    assert tokens.read("") is None
    assert tokens.read("é") is None


def test_only_web_addresses_of_others_are_tracked(server: Running) -> None:
    links = Links(Tokens(server.installation.database), "https://mail.example")
    assert links.click("https://shop.example", "p", "1").startswith("https://mail.example/m/c/")
    for url in ("mailto:x@example.com", "tel:1", "javascript:alert(1)", "#top", "https://mail.example/m/u/x"):
        assert links.click(url, "p", "1") == url
    assert not is_trackable("https://a b")
    assert not is_trackable("https://x.example\\@evil.example")
