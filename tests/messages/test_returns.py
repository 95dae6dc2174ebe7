"""What comes back to a running server: callbacks signed as providers do, a mailbox read by IMAP."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bihuan.delivery.receipts.sms import twilio_signature
from bihuan.kernel.hashing import key64
from bihuan.messages import MAILBOXES, OutboxRow, enqueue
from bihuan.warehouse import Engine
from tests.delivery.servers.imap import mailbox_server
from tests.delivery.servers.listening import listening
from tests.delivery.servers.sms import Twilio
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.delivery.test_receipts import ANSWER, ARF, DSN, amazons
from tests.insights.conftest import caller
from tests.insights.shop import send
from tests.messages.amazon import notification
from tests.messages.test_tracking import channel, told, wait_for
from tests.server.running import Running, running_server

__all__ = ["caller"]
NAMES = ("ann", "bob", "cai", "dan", "eve", "fay", "gus", "hal")
MAILGUN = "mailgun-signing-key"


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("installation")
    with running_server(engine, data, private_webhooks=True, work=True) as running:
        traits = [
            {"name": each.title(), "email": f"{each}@example.com", "phone": f"1380013800{place}"}
            for place, each in enumerate(NAMES)
        ]
        send(
            running,
            [
                {"type": "identify", "userId": name, "traits": given}
                for name, given in zip(NAMES, traits, strict=True)
            ],
        )
        given = {"people": list(NAMES), "purpose": "marketing", "action": "given", "source": "form"}
        for medium in ("email", "sms"):
            answer = running.api.post(running.path("/consent/consents"), json={**given, "medium": medium})
            assert answer.status_code == 201, answer.text
        yield running


@pytest.fixture
def box() -> Iterator[Mailboxes]:
    with mail_server() as running:
        yield running


def queue(server: Running, names: list[str], channel_id: str, occurrence: str, medium: str = "email") -> None:
    content = {"email": {"subject": "Hi", "text": "Hi"}, "sms": {"text": "Hi 【Shop】"}}[medium]
    rows = [
        OutboxRow(
            person_id=key64(name),
            occurrence=occurrence,
            step="s",
            channel_ids=[channel_id],
            purpose="marketing",
            context={"content": {"medium": medium, **content}},
            origin={"$campaign_id": "c7"},
        )
        for name in names
    ]
    with server.installation.database.session() as session:
        enqueue(session, server.project_id, rows)


def messages(server: Running, channel_id: str, count: int) -> dict[str, dict[str, Any]]:
    """The messages of a channel once that many are settled, by the name of the person."""
    names = {f"#{key64(name)}": name for name in NAMES}
    until = time.monotonic() + 20
    while True:
        answer = server.api.get(server.path("/messages"), params={"channel_id": channel_id}).json()
        done = [each for each in answer["items"] if each["state"] in ("sent", "suppressed", "rejected")]
        if len(done) >= count or time.monotonic() > until:
            return {names[each["person"]]: each for each in reversed(done)}
        time.sleep(0.05)


def returns(server: Running, channel_id: str, **change: Any) -> dict[str, Any]:
    answer = server.api.patch(server.path(f"/message-channels/{channel_id}/returns"), json=change)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def callback(shown: dict[str, Any], provider: str) -> str:
    return str(next(each["url"] for each in shown["callbacks"] if each["provider"] == provider))


def mailgun(event: dict[str, Any], key: str = MAILGUN) -> bytes:
    stamp = str(int(time.time()))
    mac = hmac.new(key.encode(), f"{stamp}tok".encode(), hashlib.sha256).hexdigest()
    return json.dumps(
        {"signature": {"timestamp": stamp, "token": "tok", "signature": mac}, "event-data": event}
    ).encode()


def suppressed(server: Running, address: str) -> list[str]:
    found = server.api.get(server.path("/consent/suppressions"), params={"address": address}).json()["items"]
    return [each["reason"] for each in found]


def reported(sent: dict[str, Any], name: str, kind: str, **more: Any) -> dict[str, Any]:
    """What Mailgun says of somebody's mail."""
    headers = {"message-id": sent[name]["provider_id"].strip("<>")}
    about = {"event": kind, "recipient": f"{name}@example.com", "timestamp": time.time()}
    return {**about, "message": {"headers": headers}, **more}


def check_told(server: Running, sent: dict[str, Any]) -> None:
    """The events of what Mailgun said."""
    assert [each["distinct_id"] for each in told(server, "$message_delivered", 1)] == ["ann"]
    (click,) = told(server, "$message_clicked", 1)
    assert (click["properties"]["$url"], click["properties"]["$told_by"]) == (
        "https://shop.example/a",
        "mailgun",
    )
    (bounced,) = told(server, "$message_bounced", 1)
    assert bounced["distinct_id"] == "bob"
    assert bounced["properties"]["$message_id"] == str(sent["bob"]["id"])
    assert bounced["properties"]["$campaign_id"] == "c7"
    assert bounced["properties"]["$permanent"] is True
    assert [each["distinct_id"] for each in told(server, "$message_complained", 1)] == ["cai"]
    (left,) = told(server, "$message_unsubscribed", 1)
    assert (left["distinct_id"], left["properties"]["$message_id"]) == ("dan", str(sent["dan"]["id"]))
    assert left["properties"]["$campaign_id"] == "c7"


def test_signed_callbacks_become_events_and_stop_what_would_follow(
    server: Running, box: Mailboxes, caller: Callable[..., httpx.Client]
) -> None:
    made = channel(server, box.port)["id"]
    path = server.path(f"/message-channels/{made}/returns")
    with caller("write") as writer:
        assert writer.get(path).status_code == 403
        assert writer.patch(path, json={"renew": True}).status_code == 403
    url = callback(server.api.get(path).json(), "mailgun")
    assert url.startswith(f"{server.url}/m/r/{made}/")
    queue(server, list(NAMES[:4]), made, "mailgun")
    wait_for(box, 4)
    sent = messages(server, made, 4)
    assert httpx.post(url, content=mailgun({})).status_code == 422
    shown = returns(server, made, mailgun_key=MAILGUN)
    assert shown["secrets"] == ["mailgun_key"]
    assert MAILGUN not in json.dumps(shown)
    unknown = {"delivery-status": {"message": "5.1.1 unknown"}}
    dead = reported(sent, "bob", "failed", severity="permanent", **unknown)
    clicked = reported(sent, "ann", "clicked", url="https://shop.example/a")
    others = [reported(sent, name, kind) for name, kind in (("cai", "complained"), ("dan", "unsubscribed"))]
    for each in [reported(sent, "ann", "delivered"), clicked, dead, dead, *others]:
        done = httpx.post(url, content=mailgun(each))
        assert (done.status_code, done.json()["code"]) == (200, 0)
    for refused, status in (
        (httpx.post(url, content=mailgun(dead, "other")), 400),
        (httpx.post(url.replace("/mailgun", "/aliyun"), content=b"[]"), 404),
        (httpx.post(url.replace(f"/{made}/", f"/{made}/{'0' * 40}")[:-48] + "mailgun", content=b""), 404),
        (httpx.post(url, content=b"x" * (5 << 20)), 413),
    ):
        assert refused.status_code == status, refused.text
    check_told(server, sent)
    assert (suppressed(server, "bob@example.com"), suppressed(server, "cai@example.com")) == (
        ["hard_bounce"],
        ["complaint"],
    )
    queue(server, list(NAMES[:4]), made, "then")
    wait_for(box, 5)
    then = messages(server, made, 8)
    assert {name: each["reason"] for name, each in then.items()} == {
        "ann": None,
        "bob": "suppressed",
        "cai": "suppressed",
        "dan": "consent_withdrawn",
    }
    renewed = returns(server, made, renew=True)
    assert callback(renewed, "mailgun") != url
    assert httpx.post(url, content=mailgun(dead)).status_code == 404
    assert renewed["heard"] == 6


def test_amazons_notifications_and_its_question(server: Running, box: Mailboxes) -> None:
    made = channel(server, box.port)["id"]
    queue(server, ["eve"], made, "ses")
    wait_for(box, 1)
    sent = messages(server, made, 1)["eve"]
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    asked: list[str] = []
    topic = "arn:aws:sns:eu-west-1:1:bounces"

    def fetch(url: str) -> bytes:
        asked.append(url)
        return amazons(key)

    server.installation.messaging.fetch = fetch
    url = callback(returns(server, made, topic_arn=topic), "ses")
    certificate = "https://sns.eu-west-1.amazonaws.com/a.pem"
    question = {"Type": "SubscriptionConfirmation", "TopicArn": topic, "Token": "t"}
    subscribe = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    assert (
        httpx.post(url, content=notification(key, {**question, "SubscribeURL": subscribe})).status_code == 200
    )
    assert asked == [certificate, subscribe]
    elsewhere = notification(key, {**question, "SubscribeURL": "https://evil.example/"})
    assert httpx.post(url, content=elsewhere).status_code == 404
    about = {"messageId": "ses-1", "commonHeaders": {"messageId": sent["provider_id"]}}
    part = {"complainedRecipients": [{"emailAddress": "eve@example.com"}], "complaintFeedbackType": "abuse"}
    event = {"notificationType": "Complaint", "complaint": part, "mail": about}
    told_of = {"Type": "Notification", "TopicArn": topic, "Message": json.dumps(event)}
    assert httpx.post(url, content=notification(key, told_of)).status_code == 200
    assert httpx.post(url, content=notification(key, {**told_of, "TopicArn": "arn:x"})).status_code == 400
    assert "https://evil.example/" not in asked
    assert suppressed(server, "eve@example.com") == ["complaint"]
    assert "eve" in {each["distinct_id"] for each in told(server, "$message_complained", 2)}


def test_text_messages_receipts_and_answers(server: Running) -> None:
    provider = Twilio()
    with listening(provider.answer) as twilio:
        settings = {"account_sid": provider.sid, "sender": "+15005550006", "base_url": twilio.url}
        body = {"name": "texts", "kind": "sms_twilio", "settings": settings}
        answer = server.api.post(
            server.path("/message-channels"), json={**body, "secrets": {"auth_token": provider.token}}
        )
        assert answer.status_code == 201, answer.text
        made = answer.json()["id"]
        queue(server, ["fay", "gus", "hal"], made, "texts", "sms")
        sent = messages(server, made, 3)
    assert {each["state"] for each in sent.values()} == {"sent"}
    shown = server.api.get(server.path(f"/message-channels/{made}/returns")).json()
    assert [each["provider"] for each in shown["callbacks"]] == ["twilio"]
    url = callback(shown, "twilio")

    def post(form: dict[str, str], token: str = provider.token) -> int:
        signed = {"x-twilio-signature": twilio_signature(token, url, form)}
        return httpx.post(url, data=form, headers=signed).status_code

    failed = {"MessageSid": sent["fay"]["provider_id"], "MessageStatus": "undelivered", "ErrorCode": "30005"}
    failed["To"] = "+8613800138005"
    assert (post(failed, "other"), post(failed)) == (400, 200)
    stop = {"MessageSid": "SMx", "From": "+8613800138006", "Body": "Stop"}
    assert (post(stop), post({**stop, "From": "+8613800138007", "Body": "how much?"})) == (200, 200)
    bounced = {each["distinct_id"] for each in told(server, "$message_bounced", 2)}
    assert "fay" in bounced
    assert suppressed(server, "+86 138 0013 8005") == ["hard_bounce"]
    (replied,) = told(server, "$message_replied", 1)
    assert replied["distinct_id"] == "hal"
    assert replied["properties"]["$message_id"] == str(sent["hal"]["id"])
    states = server.api.get(server.path("/consent/person"), params={"person": "gus"}).json()["consents"]
    said = {(each["purpose"], each["medium"]): each["state"] for each in states}
    assert said == {("marketing", "sms"): "withdrawn", ("marketing", "email"): "given"}
    # Somebody who was never written to, who says no more: nobody writes to that number.
    assert post({**stop, "From": "+8613911112222"}) == 200
    assert suppressed(server, "13911112222") == ["unsubscribed"]


def test_a_mailbox_is_read_and_forged_reports_count_for_nothing(server: Running, box: Mailboxes) -> None:
    made = channel(server, box.port)["id"]
    queue(server, ["gus", "hal", "fay"], made, "boxed")
    wait_for(box, 3)
    sent = messages(server, made, 3)

    def about(raw: bytes, name: str, whom: str = "") -> bytes:
        theirs = raw.replace(b"<m7@shop.example>", sent[name]["provider_id"].encode())
        theirs = theirs.replace(b"<m8@shop.example>", sent[name]["provider_id"].encode())
        return theirs.replace(b"ann@example.com", f"{whom or name}@example.com".encode())

    # Of hal's message, and of another's address; of a message that was never sent.
    forged = [about(DSN, "hal", "ann"), about(ARF, "hal", "ann"), DSN]
    mails = [about(DSN, "gus"), about(ARF, "fay"), about(ANSWER, "hal"), *forged, b"Subject: x\r\n\r\nx"]
    with mailbox_server(mails) as imap:
        given = {"host": "127.0.0.1", "port": imap.port, "security": "none", "username": "bounces"}
        returns(server, made, mailbox=given, mailbox_password="wrong")
        poll = server.path(f"/message-channels/{made}/returns/poll")
        refused = server.api.post(poll)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "mailbox_unreadable")
        shown = server.api.get(server.path(f"/message-channels/{made}/returns")).json()
        assert "LOGIN" in shown["problem"]
        shown = returns(server, made, mailbox_password="imap-secret")
        assert (shown["secrets"], shown["problem"]) == (["mailbox_password"], None)
        assert "imap-secret" not in json.dumps(shown)
        jobs = server.installation.jobs
        jobs.wait(jobs.enqueue(MAILBOXES, {}), 30)
        assert imap.seen == set(range(1, len(mails) + 1))
        assert server.api.post(poll).json() == {"mails": 0, "reports": 0}
    gone = told(server, "$message_bounced", 3)
    assert {each["distinct_id"] for each in gone if each["properties"].get("$told_by") == "mailbox"} == {
        "gus"
    }
    assert "hal" in {each["distinct_id"] for each in told(server, "$message_replied", 2)}
    assert (suppressed(server, "gus@example.com"), suppressed(server, "fay@example.com")) == (
        ["hard_bounce"],
        ["complaint"],
    )
    assert suppressed(server, "ann@example.com") == []
    shown = server.api.get(server.path(f"/message-channels/{made}/returns")).json()
    assert (shown["heard"], shown["problem"]) == (3, None)
    assert shown["polled_at"] is not None


def test_a_channel_that_is_deleted_takes_its_way_back_along(server: Running, box: Mailboxes) -> None:
    made = channel(server, box.port)["id"]
    url = callback(returns(server, made, mailgun_key=MAILGUN), "mailgun")
    assert server.api.delete(server.path(f"/message-channels/{made}")).status_code == 204
    assert httpx.post(url, content=mailgun({})).status_code == 404
