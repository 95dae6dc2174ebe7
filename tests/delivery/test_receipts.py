"""Callbacks of providers, signed as they sign them, and mails that came back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from bihuan.delivery import Receipt
from bihuan.delivery.errors import ReceiptRefused
from bihuan.delivery.receipts import (
    Mailbox,
    aliyun_receipts,
    mailgun_receipts,
    postmark_receipts,
    returned_receipts,
    sendgrid_receipts,
    ses_receipts,
    sns_message,
    tencent_receipts,
    twilio_receipts,
)
from bihuan.delivery.receipts.sms import twilio_signature
from tests.delivery.servers.imap import mailbox_server

DSN = b"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: bounces@shop.example
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 10:00:00 +0800
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sat, 21 Nov 2026 09:59:58 +0800

Final-Recipient: rfc822; ann@example.com
Original-Recipient: rfc822;ann@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.com>: Recipient address
    rejected: User unknown

Final-Recipient: rfc822; bob@example.com
Action: delayed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 mailbox full

--b1
Content-Type: text/rfc822-headers

Message-ID: <m7@shop.example>
To: ann@example.com

--b1--
"""

ARF = b"""\
From: <abusedesk@example.com>
Date: Thu, 8 Mar 2026 17:40:36 +0000
Subject: FW: Earn money
To: <abuse@shop.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1"

--part1
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--part1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <ann@example.com>

--part1
Content-Type: message/rfc822

From: <news@shop.example>
To: <ann@example.com>
Subject: Earn money
Message-ID: <m8@shop.example>

Spam Spam Spam
--part1--
"""


def test_bounces_are_read() -> None:
    first, second = returned_receipts(DSN)
    assert (first.what, first.provider_id, first.address) == (
        "bounced",
        "<m7@shop.example>",
        "ann@example.com",
    )
    assert first.is_permanent
    assert "User unknown" in first.reason
    assert first.time_ms == int(datetime(2026, 11, 21, 2, tzinfo=UTC).timestamp() * 1_000)
    assert (second.what, second.address, second.is_permanent) == ("deferred", "bob@example.com", False)
    full = DSN.replace(b"5.1.1", b"5.2.2")
    assert not returned_receipts(full)[0].is_permanent


def test_complaints_are_read() -> None:
    (found,) = returned_receipts(ARF)
    assert (found.what, found.provider_id, found.address) == (
        "complained",
        "<m8@shop.example>",
        "ann@example.com",
    )
    assert returned_receipts(ARF.replace(b"Type: abuse", b"Type: opt-out"))[0].what == "unsubscribed"
    assert returned_receipts(ARF.replace(b"Type: abuse", b"Type: not-spam")) == []


def test_other_mails_and_broken_ones_report_nothing() -> None:
    for raw in (b"", b"Subject: Hi\n\nHello", DSN[:400], DSN.replace(b"report-type=delivery-status;", b"")):
        assert returned_receipts(raw) == []


ANSWER = b"""\
From: Ann <ann@example.com>
To: news@shop.example
Subject: Re: Offers
Date: Sat, 21 Nov 2026 10:00:00 +0800
In-Reply-To: <m7@shop.example>
References: <m1@shop.example> <m7@shop.example>

How much is it?
"""


def test_answers_of_people_are_read_and_those_of_machines_are_not() -> None:
    (found,) = returned_receipts(ANSWER)
    assert (found.what, found.provider_id, found.address) == (
        "replied",
        "<m7@shop.example>",
        "ann@example.com",
    )
    (other,) = returned_receipts(ANSWER.replace(b"In-Reply-To: <m7@shop.example>\n", b""))
    assert other.provider_id == "<m7@shop.example>"
    for header in (b"Auto-Submitted: auto-replied", b"Precedence: bulk", b"X-Autoreply: yes"):
        assert returned_receipts(header + b"\n" + ANSWER) == []
    assert returned_receipts(b"Auto-Submitted: no\n" + ANSWER) == [found]


def test_a_mailbox_is_read_once() -> None:
    with mailbox_server([DSN, b"Subject: Hi\r\n\r\nHello", ARF]) as server:
        box = Mailbox("127.0.0.1", "bounces", "imap-secret", port=server.port, security="none")
        assert "imap-secret" not in repr(box)
        taken: list[str] = []

        def take(receipts: list[Receipt]) -> None:
            taken.extend(each.what for each in receipts)

        assert box.poll(take, most=2) == 2
        assert taken == ["bounced", "deferred"]

        def fail(receipts: list[Receipt]) -> None:
            raise OSError("the log does not answer")

        with pytest.raises(OSError, match="the log"):
            box.poll(fail)
        # What was not taken is there the next time.
        assert box.poll(take) == 1
        assert taken[2:] == ["complained"]
        assert box.poll(take) == 0
        with pytest.raises(Exception, match="LOGIN"):
            Mailbox("127.0.0.1", "bounces", "wrong", port=server.port, security="none").poll(take)


def test_answers_to_text_messages() -> None:
    up = {"phone_number": "13800138000", "content": " TD ", "send_time": "2026-11-21 10:00:00"}
    first, second = aliyun_receipts(json.dumps([up, {**up, "content": "多少钱"}]).encode())
    assert (first.what, first.address, second.what) == ("unsubscribed", "13800138000", "replied")
    answer = {"mobile": "13800138000", "nationcode": "86", "text": "退订", "time": 1_700_000_000}
    (found,) = tencent_receipts(json.dumps(answer).encode())
    assert (found.what, found.address, found.time_ms) == ("unsubscribed", "+8613800138000", 1_700_000_000_000)
    form = {"MessageSid": "SM1", "Body": "STOP", "From": "+14158675309", "To": "+1800"}
    url = "https://shop.example/x"
    signature = twilio_signature("12345", url, form)
    (stop,) = twilio_receipts(form, signature, auth_token="12345", url=url)
    assert (stop.what, stop.address, stop.provider_id) == ("unsubscribed", "+14158675309", "")


def test_receipts_of_text_messages() -> None:
    told = {"phone_number": "13800138000", "biz_id": "b1", "out_id": "m1", "success": True}
    told |= {"report_time": "2026-11-21 10:00:00", "err_code": "DELIVERED", "err_msg": "用户接收成功"}
    failed = {**told, "success": False, "err_code": "MK:0001", "err_msg": "空号", "out_id": "m2"}
    first, second = aliyun_receipts(json.dumps([told, failed]).encode())
    moment = int(datetime(2026, 11, 21, 2, tzinfo=UTC).timestamp() * 1_000)
    assert first == Receipt("delivered", "b1", "m1", "13800138000", time_ms=moment)
    assert (second.what, second.is_permanent, second.reason) == ("failed", True, "MK:0001 空号")
    tencent = {"user_receive_time": "2026-11-21 10:00:00", "nationcode": "86", "mobile": "13800138000"}
    tencent |= {"report_status": "FAIL", "errmsg": "MK:0012", "description": "空号", "sid": "s1", "ext": "m1"}
    (found,) = tencent_receipts(json.dumps([tencent]).encode())
    assert (found.what, found.provider_id, found.address) == ("failed", "s1", "+8613800138000")
    assert found.is_permanent
    for wrong in (b"", b"{}", b"[1]"):
        with pytest.raises(ReceiptRefused):
            aliyun_receipts(wrong)


def test_twilio_signs() -> None:
    # The example of Twilio's page on security.
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    example = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert twilio_signature("12345", url, example) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005", "To": "+14158675309"}
    signature = twilio_signature("12345", url, form)
    (found,) = twilio_receipts(form, signature, auth_token="12345", url=url)
    assert (found.what, found.provider_id, found.is_permanent) == ("failed", "SM1", True)
    with pytest.raises(ReceiptRefused):
        twilio_receipts({**form, "To": "+1"}, signature, auth_token="12345", url=url)
    sending = {**form, "MessageStatus": "sent"}
    assert (
        twilio_receipts(sending, twilio_signature("12345", url, sending), auth_token="12345", url=url) == []
    )


def test_mailgun_signs() -> None:
    def body(event: dict[str, Any], key: str, stamp: int) -> bytes:
        mac = hmac.new(key.encode(), f"{stamp}tok".encode(), hashlib.sha256).hexdigest()
        return json.dumps(
            {"signature": {"timestamp": str(stamp), "token": "tok", "signature": mac}, "event-data": event}
        ).encode()

    event = {
        "event": "failed",
        "severity": "permanent",
        "recipient": "ann@example.com",
        "timestamp": 1_700_000_000.5,
    }
    event["message"] = {"headers": {"message-id": "m7@shop.example"}}
    event["delivery-status"] = {"code": 550, "message": "5.1.1 unknown"}
    now = int(time.time())
    (found,) = mailgun_receipts(body(event, "key", now), signing_key="key")
    assert (found.what, found.provider_id, found.is_permanent) == ("bounced", "<m7@shop.example>", True)
    assert found.time_ms == 1_700_000_000_500
    (soft,) = mailgun_receipts(body({**event, "severity": "temporary"}, "key", now), signing_key="key")
    assert (soft.what, soft.is_permanent) == ("deferred", False)
    for key, stamp in (("other", now), ("key", now - 100_000)):
        with pytest.raises(ReceiptRefused):
            mailgun_receipts(body(event, key, stamp), signing_key="key")


def test_postmark_and_sendgrid() -> None:
    bounce = {"RecordType": "Bounce", "Type": "HardBounce", "MessageID": "x", "Email": "a@b.c"}
    (found,) = postmark_receipts(json.dumps({**bounce, "BouncedAt": "2026-11-21T02:00:00Z"}).encode())
    assert (found.what, found.address, found.is_permanent) == ("bounced", "a@b.c", True)
    assert found.time_ms == int(datetime(2026, 11, 21, 2, tzinfo=UTC).timestamp() * 1_000)
    assert postmark_receipts(json.dumps({**bounce, "Type": "Transient"}).encode())[0].what == "deferred"
    key = ec.generate_private_key(ec.SECP256R1())
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public = base64.b64encode(der).decode()
    events = [
        {
            "email": "a@b.c",
            "event": "bounce",
            "type": "bounce",
            "smtp-id": "<m7@shop.example>",
            "timestamp": 1,
        },
        {"email": "a@b.c", "event": "click", "url": "https://x.example", "timestamp": 2},
        {"event": "processed"},
    ]
    body = json.dumps(events).encode()
    signature = base64.b64encode(key.sign(b"170" + body, ec.ECDSA(hashes.SHA256()))).decode()
    first, second = sendgrid_receipts(body, signature=signature, timestamp="170", public_key=public)
    assert (first.what, first.provider_id, first.is_permanent) == ("bounced", "<m7@shop.example>", True)
    assert (second.what, second.url) == ("clicked", "https://x.example")
    for wrong in ((body + b" ", "170"), (body, "171")):
        with pytest.raises(ReceiptRefused):
            sendgrid_receipts(wrong[0], signature=signature, timestamp=wrong[1], public_key=public)


def amazons(key: rsa.RSAPrivateKey) -> bytes:
    """A certificate for a key, as PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def test_ses_through_sns() -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    certificate = amazons(key)
    bounced = [{"emailAddress": "ann@example.com", "diagnosticCode": "smtp; 550 5.1.1"}]
    event = {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": bounced,
            "timestamp": "2026-11-21T02:00:00.000Z",
        },
        "mail": {"messageId": "ses-1", "commonHeaders": {"messageId": "<m7@shop.example>"}},
    }
    envelope = {
        "Type": "Notification",
        "MessageId": "1",
        "TopicArn": "arn:aws:sns:eu-west-1:1:bounces",
        "Message": json.dumps(event),
        "Timestamp": "2026-11-21T02:00:01.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
    }
    fields = ("Message", "MessageId", "Timestamp", "TopicArn", "Type")
    said = "".join(f"{each}\n{envelope[each]}\n" for each in fields).encode()
    envelope["Signature"] = base64.b64encode(key.sign(said, padding.PKCS1v15(), hashes.SHA256())).decode()
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return certificate

    message = sns_message(json.dumps(envelope).encode(), certificate=fetch, topic_arn=envelope["TopicArn"])
    (found,) = ses_receipts(message["Message"])
    assert (found.what, found.provider_id, found.is_permanent) == ("bounced", "<m7@shop.example>", True)
    asked.clear()
    for change in (
        {"Message": "{}"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/x.pem"},
        {"TopicArn": "arn:other"},
    ):
        topic = "" if "TopicArn" not in change else envelope["TopicArn"]
        with pytest.raises(ReceiptRefused):
            sns_message(json.dumps({**envelope, **change}).encode(), certificate=fetch, topic_arn=topic)
    assert len(asked) == 1, "nothing is fetched from elsewhere"
    with pytest.raises(ReceiptRefused):
        ses_receipts("{}")
