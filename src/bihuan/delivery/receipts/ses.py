"""Events of Amazon SES, handed on by SNS, whose messages are signed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bihuan.delivery.receipts.events import Receipt, refused, time_ms_of, unreadable, unsigned

_HOST = re.compile(r"sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?")
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def sns_message(body: bytes, *, certificate: Callable[[str], bytes], topic_arn: str = "") -> dict[str, Any]:
    """The envelope of SNS, once its signature is checked.

    ``certificate`` fetches a PEM from a URL, which is Amazon's; a ``SubscriptionConfirmation`` has a
    ``SubscribeURL`` that the caller opens to subscribe. ``topic_arn``: no other topic is taken.

    Raises:
        ReceiptRefused.
    """
    try:
        found = json.loads(body)
    except ValueError:
        raise unreadable() from None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise unreadable()
    if topic_arn and found.get("TopicArn") != topic_arn:
        raise refused("it is of another topic", "不是所订阅的主题")
    url = urlsplit(found.get("SigningCertURL", ""))
    if url.scheme != "https" or not _HOST.fullmatch(url.netloc) or not url.path.endswith(".pem"):
        raise unsigned()
    fields = _NOTIFICATION if found.get("Type") == "Notification" else _CONFIRMATION
    said = "".join(f"{name}\n{found[name]}\n" for name in fields if name in found)
    # Version 1 is signed with SHA-1, which SNS still does unless told otherwise.
    algorithm = hashes.SHA256() if found.get("SignatureVersion") == "2" else hashes.SHA1()
    try:
        key = x509.load_pem_x509_certificate(certificate(url.geturl())).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise unsigned()
        key.verify(base64.b64decode(found.get("Signature", "")), said.encode(), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        raise unsigned() from None
    return found


def ses_receipts(message: str) -> list[Receipt]:
    """The receipts in a notification of SES (``Message`` of the envelope). Raises ``ReceiptRefused``."""
    try:
        found = json.loads(message)
        mail = found["mail"]
        kind = str(found.get("eventType") or found.get("notificationType") or "")
        return _receipts(kind, found, mail)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise unreadable() from None


def _receipts(kind: str, found: dict[str, Any], mail: dict[str, Any]) -> list[Receipt]:
    ours = mail.get("commonHeaders", {}).get("messageId", "")
    provider_id = str(ours or mail.get("messageId", ""))
    if kind == "Bounce":
        part = found["bounce"]
        permanent = part.get("bounceType") == "Permanent"
        return [
            Receipt(
                "bounced" if permanent else "deferred",
                provider_id,
                address=str(each.get("emailAddress", "")),
                is_permanent=permanent,
                reason=str(each.get("diagnosticCode") or part.get("bounceSubType") or "")[:300],
                time_ms=time_ms_of(part.get("timestamp")),
            )
            for each in part.get("bouncedRecipients", [])
        ]
    if kind == "Complaint":
        part = found["complaint"]
        return [
            Receipt(
                "complained",
                provider_id,
                address=str(each.get("emailAddress", "")),
                reason=str(part.get("complaintFeedbackType") or ""),
                time_ms=time_ms_of(part.get("timestamp")),
            )
            for each in part.get("complainedRecipients", [])
        ]
    if kind == "Delivery":
        part = found["delivery"]
        moment = time_ms_of(part.get("timestamp"))
        return [
            Receipt("delivered", provider_id, address=str(each), time_ms=moment)
            for each in part.get("recipients", [])
        ]
    return []
