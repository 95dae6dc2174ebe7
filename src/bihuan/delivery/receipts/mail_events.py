"""Events of mail providers: Mailgun, Postmark, SendGrid."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bihuan.delivery.receipts.events import Receipt, What, time_ms_of, unreadable, unsigned

_OLDEST_SECONDS = 86_400.0
_SENDGRID: dict[str, What] = {
    "delivered": "delivered",
    "bounce": "bounced",
    "dropped": "failed",
    "deferred": "deferred",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "open": "opened",
    "click": "clicked",
}
_MAILGUN: dict[str, What] = {
    "delivered": "delivered",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
    "opened": "opened",
    "clicked": "clicked",
}
_POSTMARK: dict[str, What] = {
    "Delivery": "delivered",
    "Bounce": "bounced",
    "SpamComplaint": "complained",
    "SubscriptionChange": "unsubscribed",
    "Open": "opened",
    "Click": "clicked",
}
_POSTMARK_DEAD = {"HardBounce", "BadEmailAddress"}


def mailgun_receipts(body: bytes, *, signing_key: str, now: float | None = None) -> list[Receipt]:
    """Mailgun's webhook, signed by HMAC of timestamp and token. Raises ``ReceiptRefused``."""
    found = _object(body)
    signature, event = found.get("signature"), found.get("event-data")
    if not isinstance(signature, dict) or not isinstance(event, dict):
        raise unreadable()
    stamp, token = str(signature.get("timestamp", "")), str(signature.get("token", ""))
    expected = hmac.new(signing_key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), str(signature.get("signature", "")).encode()):
        raise unsigned()
    current = time.time() if now is None else now
    if not stamp.isdigit() or abs(current - int(stamp)) > _OLDEST_SECONDS:
        raise unsigned()
    name, permanent = str(event.get("event", "")), event.get("severity") == "permanent"
    what = _MAILGUN.get(name)
    if name == "failed":
        what = "bounced" if permanent else "deferred"
    if what is None:
        return []
    status = event.get("delivery-status")
    status = status if isinstance(status, dict) else {}
    message = event.get("message")
    headers = message.get("headers", {}) if isinstance(message, dict) else {}
    return [
        Receipt(
            what=what,
            provider_id=_bracketed(str(headers.get("message-id", ""))),
            address=str(event.get("recipient", "")),
            is_permanent=name == "failed" and permanent,
            reason=_short(status.get("message") or status.get("description")),
            time_ms=time_ms_of(event.get("timestamp", 0)),
            url=str(event.get("url", "")),
        )
    ]


def postmark_receipts(body: bytes) -> list[Receipt]:
    """Postmark's webhook. It is not signed: the URL has a name and password. Raises ``ReceiptRefused``."""
    found = _object(body)
    what = _POSTMARK.get(str(found.get("RecordType", "")))
    if what is None or (what == "unsubscribed" and not found.get("SuppressSending")):
        return []
    times = ("BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt")
    moment = next((found[name] for name in times if found.get(name)), "")
    kind = str(found.get("Type", ""))
    if what == "bounced" and kind in {"Transient", "SoftBounce", "DnsError"}:
        what = "deferred"
    return [
        Receipt(
            what=what,
            provider_id=str(found.get("MessageID", "")),
            address=str(found.get("Recipient") or found.get("Email") or ""),
            is_permanent=what == "bounced" and kind in _POSTMARK_DEAD,
            reason=_short(" ".join(filter(None, (kind, found.get("Description"))))),
            time_ms=time_ms_of(moment),
            url=str(found.get("OriginalLink", "")),
        )
    ]


def sendgrid_receipts(
    body: bytes, *, signature: str = "", timestamp: str = "", public_key: str = ""
) -> list[Receipt]:
    """SendGrid's event webhook; ``public_key`` (base64, as its page shows it) checks the signature.

    Raises:
        ReceiptRefused.
    """
    if public_key:
        _check_sendgrid(public_key, signature, timestamp.encode() + body)
    try:
        events = json.loads(body)
    except ValueError:
        raise unreadable() from None
    if not isinstance(events, list):
        raise unreadable()
    found: list[Receipt] = []
    for event in events:
        what = _SENDGRID.get(str(event.get("event", ""))) if isinstance(event, dict) else None
        if what is None:
            continue
        blocked = event.get("type") == "blocked"
        found.append(
            Receipt(
                what="failed" if what == "bounced" and blocked else what,
                provider_id=_bracketed(str(event.get("smtp-id") or event.get("sg_message_id") or "")),
                address=str(event.get("email", "")),
                is_permanent=what == "bounced" and not blocked,
                reason=_short(event.get("reason") or event.get("response")),
                time_ms=time_ms_of(event.get("timestamp", 0)),
                url=str(event.get("url", "")),
            )
        )
    return found


def _check_sendgrid(public_key: str, signature: str, said: bytes) -> None:
    try:
        key = serialization.load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise unsigned()
        key.verify(base64.b64decode(signature), said, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise unsigned() from None


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        raise unreadable() from None
    if not isinstance(found, dict):
        raise unreadable()
    return found


def _bracketed(message_id: str) -> str:
    """A Message-ID as its header has it, which is what ``Sent`` gives."""
    plain = message_id.strip().strip("<>")
    return f"<{plain}>" if "@" in plain else plain


def _short(text: Any) -> str:
    return " ".join(str(text or "").split())[:300]
