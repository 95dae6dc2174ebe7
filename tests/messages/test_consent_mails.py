"""Double opt-in and one-click unsubscribing through real mails of a running server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bihuan.kernel.hashing import key64
from bihuan.messages import OutboxRow, enqueue
from bihuan.messages.consent.asking import ask
from bihuan.warehouse import Engine
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.insights.shop import send
from tests.messages.test_returns import messages
from tests.messages.test_tracking import channel, told, wait_for
from tests.server.running import Running, running_server

NAMES = ("ann", "bob", "cai", "dan")


@pytest.fixture(scope="module")
def box() -> Iterator[Mailboxes]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory, box: Mailboxes) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        traits = [{"name": each.title(), "email": f"{each}@example.com"} for each in NAMES]
        send(
            running,
            [
                {"type": "identify", "userId": name, "traits": given}
                for name, given in zip(NAMES, traits, strict=True)
            ],
        )
        running.installation.messaging.start()
        yield running


def give(server: Running, *names: str, **more: Any) -> dict[str, int]:
    body = {"people": list(names), "purpose": "marketing", "medium": "email", "action": "given"}
    answer = server.api.post(server.path("/consent/consents"), json={**body, "source": "form", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def offer(server: Running, names: list[str], channel_id: str, occurrence: str) -> None:
    content = {"medium": "email", "subject": "Offer", "text": "Change it: {{ links.preferences }}"}
    rows = [
        OutboxRow(
            person_id=key64(name),
            occurrence=occurrence,
            step="s",
            channel_ids=[channel_id],
            purpose="marketing",
            context={"content": content},
            origin={"$campaign_id": "c1"},
        )
        for name in names
    ]
    with server.installation.database.session() as session:
        enqueue(session, server.project_id, rows)


def test_who_agreed_is_asked_and_confirms_by_the_link_of_the_mail(server: Running, box: Mailboxes) -> None:
    rules = {"email": "with_confirmed_consent"}
    body = {"name_en": "Digest", "name_zh": "周报", "rules": rules}
    assert server.api.put(server.path("/consent/purposes/digest"), json=body).status_code == 200
    assert give(server, "ann", purpose="digest", language="en") == {"recorded": 1, "pending": 1}
    # Without an address for the link, and a channel, nobody can be asked; then everybody is.
    made = channel(server, box.port)["id"]
    assert ask(server.installation.database, server.project_id, now_ms=1_900_000_000_000) == 0
    policy = server.path("/consent/policy")
    assert server.api.patch(policy, json={"public_url": server.url, "company": "Shop"}).status_code == 200
    assert give(server, "bob", purpose="digest")["pending"] == 1
    wait_for(box, 2)
    mails = {str(each["to"]): each for each in box.mails()}
    assert (mails["ann@example.com"]["subject"], mails["bob@example.com"]["subject"]) == (
        "Please confirm: Digest",
        "请确认订阅：周报 / Please confirm: Digest",
    )
    assert mails["ann@example.com"]["list-unsubscribe"] is None
    text = mails["ann@example.com"].get_content()
    (url,) = re.findall(rf"{server.url}/m/confirm/\S+", text)
    # What a member can look at does not let them confirm for others.
    shown = server.api.get(server.path("/messages")).json()["items"]
    detail = server.api.get(server.path(f"/messages/{shown[-1]['id']}")).text
    assert url.rsplit("/", 1)[1] not in detail
    question = {"people": ["ann", "bob"], "purpose": "digest", "medium": "email"}
    before = server.api.post(server.path("/consent/allowed"), json=question).json()
    assert before == {"allowed": 0, "refused": {"consent_unconfirmed": 2}}
    assert httpx.get(url).status_code == 200
    assert httpx.post(url).status_code == 200
    after = server.api.post(server.path("/consent/allowed"), json=question).json()
    assert after == {"allowed": 1, "refused": {"consent_unconfirmed": 1}}
    assert ask(server.installation.database, server.project_id, now_ms=1_900_000_000_000) == 0
    assert len(messages(server, made, 2)) == 2


def test_one_click_unsubscribes_and_the_next_message_does_not_go(server: Running, box: Mailboxes) -> None:
    server.api.patch(server.path("/consent/policy"), json={"public_url": server.url})
    give(server, "cai", "dan")
    made, before = channel(server, box.port)["id"], len(box.taken)
    offer(server, ["cai", "dan"], made, "first")
    wait_for(box, before + 2)
    mails = {str(each["to"]): each for each in box.mails()[before:]}
    mail = mails["cai@example.com"]
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<(\S+)>", str(mail["list-unsubscribe"]))
    assert found is not None
    done = httpx.post(found[1], data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    # The other one by the page that the mail links to.
    (page,) = re.findall(rf"{server.url}/m/preferences/\S+", mails["dan@example.com"].get_content())
    assert 'value="marketing:email" checked' in httpx.get(page).text
    assert httpx.post(page, data={}).status_code == 200
    offer(server, ["cai", "dan"], made, "second")
    sent = messages(server, made, 4)
    assert {name: (each["state"], each["reason"]) for name, each in sent.items()} == {
        "cai": ("suppressed", "consent_withdrawn"),
        "dan": ("suppressed", "consent_withdrawn"),
    }
    assert len(box.taken) == before + 2
    left = {each["distinct_id"]: each["properties"] for each in told(server, "$message_unsubscribed", 2)}
    first = {each["occurrence"]: each for each in server.api.get(server.path("/messages")).json()["items"]}
    assert set(left) == {"cai", "dan"}
    assert left["cai"]["$campaign_id"] == "c1"
    assert left["cai"]["$message_id"] < str(first["second"]["id"])


def test_what_became_of_messages_is_shown_and_masked(server: Running, box: Mailboxes) -> None:
    """After the others: who unsubscribed is in the log, in the figures and in the life of the message."""
    rows = server.api.get(server.path("/messages"), params={"medium": "email"}).json()["items"]
    first = next(each for each in rows if each["occurrence"] == "first" and each["state"] == "sent")
    path = server.path(f"/messages/{first['id']}")
    said = server.api.get(f"{path}/content").json()
    assert (said["medium"], said["content"]["subject"], said["problem"]) == ("email", "Offer", None)
    assert said["address"] in ("c***@example.com", "d***@example.com")
    assert "/m/preferences/…" in said["content"]["text"]
    assert said["content"]["headers"]["List-Unsubscribe"].endswith("/m/unsubscribe/…>")
    events = [each["event"] for each in server.api.get(f"{path}/events").json()]
    assert events == ["$message_sent", "$message_unsubscribed"]
    course = server.api.get(server.path("/messages/course"), params={"days": 2}).json()
    assert course["unit"] == "hour"
    counted = {(each["event"], each["reason"]): 0 for each in course["rows"]}
    for each in course["rows"]:
        counted[each["event"], each["reason"]] += each["count"]
    assert counted == {
        ("$message_sent", ""): 4,
        ("$message_suppressed", "consent_withdrawn"): 2,
        ("$message_unsubscribed", ""): 2,
    }
    figures = server.api.get(server.path("/consent/figures")).json()
    consents = {
        (each["purpose"], each["state"], each["confirmed"]): each["people"] for each in figures["consents"]
    }
    assert consents == {
        ("digest", "given", True): 1,
        ("digest", "pending", False): 1,
        ("marketing", "withdrawn", False): 2,
    }
    words = {each["source"] for each in figures["wordings"]}
    assert words == {"confirmation", "one_click", "preference_page"}
    page = server.api.get(server.path("/consent/preference-page"), params={"lang": "en"})
    assert "This is a preview" in page.text
    assert "Digest" in page.text
    # The same kept for nobody: the preview has no person, and what is ticked goes nowhere.
    assert server.api.post(server.path("/consent/preference-page")).status_code == 405


def test_the_list_of_suppressions_as_a_file(server: Running) -> None:
    path = server.path("/consent/suppressions")
    made = server.api.post(path, json={"medium": "email", "address": "x@y.cn", "detail": "=1+1"}).json()
    lines = server.api.get(f"{path}.csv").text.splitlines()
    assert lines[0] == "\ufeffmedium,shown,person_id,reason,detail,at,expires"
    assert lines[1].startswith("email,x***@y.cn,,manual,'=1+1,")
    assert server.api.delete(f"{path}/{made['id']}", params={"why": "asked for it"}).status_code == 204
    acts = server.api.get(server.path("/audit"), params={"limit": 5}).json()["items"]
    lifted = next(each for each in acts if each["action"] == "suppression.lifted")
    assert lifted["after"] == {"why": "asked for it"}
