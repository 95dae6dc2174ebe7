"""Mails that came back: delivery status notifications (RFC 3464), complaints (ARF, RFC 5965), answers."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime

from bihuan.delivery.mail.replies import enhanced_code, is_dead
from bihuan.delivery.receipts.events import Receipt, What

_ACTIONS: dict[str, What] = {
    "failed": "bounced",
    "delayed": "deferred",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
_ANGLES = re.compile(r"<[^<>\s]+@[^<>\s]+>")


def returned_receipts(raw: bytes) -> list[Receipt]:
    """What a mail in the mailbox says; empty for one that is neither a report nor an answer of somebody."""
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        return []
    if mail.get_content_type() != "multipart/report":
        return _answers(mail)
    kind = str(mail.get_param("report-type") or "").lower()
    original = _original(mail)
    provider_id = _message_id(original)
    when = _time_ms(mail)
    if kind == "delivery-status":
        return _bounces(mail, provider_id, when)
    if kind == "feedback-report":
        return _complaints(mail, original, provider_id, when)
    return []


def _bounces(mail: EmailMessage, provider_id: str, when: int) -> list[Receipt]:
    part = _part(mail, {"message/delivery-status", "message/global-delivery-status"})
    blocks = part.get_payload() if part is not None else []
    found: list[Receipt] = []
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        what = _ACTIONS.get(str(block.get("Action", "")).strip().lower())
        address = _typed(block.get("Final-Recipient")) or _typed(block.get("Original-Recipient"))
        if what is None or not address:
            continue
        status = enhanced_code(str(block.get("Status", "")))
        said = _typed(block.get("Diagnostic-Code"))
        dead = what == "bounced" and (is_dead(status) or is_dead(enhanced_code(said)))
        reason = " ".join(f"{status or ''} {said}".split())[:300]
        found.append(
            Receipt(what, provider_id, address=address, is_permanent=dead, reason=reason, time_ms=when)
        )
    return found


def _complaints(mail: EmailMessage, original: Message | None, provider_id: str, when: int) -> list[Receipt]:
    part = _part(mail, {"message/feedback-report"})
    if part is None:
        return []
    payload = part.get_payload()
    fields: Message = payload[0] if isinstance(payload, list) and isinstance(payload[0], Message) else part
    if not fields.get("Feedback-Type"):
        text = part.get_payload(decode=True)
        fields = message_from_bytes(text if isinstance(text, bytes) else b"", policy=policy.default)
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    if kind not in {"abuse", "fraud", "opt-out", "opt-out-list", "other"}:
        return []
    address = _typed(fields.get("Original-Rcpt-To")).strip("<>")
    if not address and original is not None:
        address = str(original.get("To", "")).strip("<>")
    what: What = "unsubscribed" if kind.startswith("opt-out") else "complained"
    return [Receipt(what, provider_id, address=address, reason=kind, time_ms=when)]


def _answers(mail: EmailMessage) -> list[Receipt]:
    """An answer of a person to a mail of ours; what machines answer, such as on holidays, is none."""
    automatic = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no"
    bulk = str(mail.get("Precedence", "")).strip().lower() in {"bulk", "junk", "list", "auto_reply"}
    if automatic or bulk or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "List-Id")):
        return []
    to = _ANGLES.findall(str(mail.get("In-Reply-To", ""))) or _ANGLES.findall(str(mail.get("References", "")))
    if not to:
        return []
    address = parseaddr(str(mail.get("From", "")))[1]
    return [Receipt("replied", to[-1], address=address, time_ms=_time_ms(mail))]


def _part(mail: EmailMessage, types: set[str]) -> Message | None:
    return next((each for each in mail.walk() if each.get_content_type() in types), None)


def _original(mail: EmailMessage) -> Message | None:
    """The headers of the mail that the report is about."""
    whole = _part(mail, {"message/rfc822", "message/global"})
    if whole is not None:
        payload = whole.get_payload()
        return payload[0] if isinstance(payload, list) and isinstance(payload[0], Message) else None
    headers = _part(mail, {"text/rfc822-headers", "message/rfc822-headers"})
    if headers is None:
        return None
    text = headers.get_payload(decode=True)
    return message_from_bytes(text if isinstance(text, bytes) else b"")


def _message_id(original: Message | None) -> str:
    found = _ANGLES.search(str(original.get("Message-ID", ""))) if original is not None else None
    return found.group(0) if found else ""


def _typed(value: object) -> str:
    """The value after ``rfc822;`` or ``smtp;``."""
    return str(value or "").rpartition(";")[2].strip()


def _time_ms(mail: EmailMessage) -> int:
    try:
        return int(parsedate_to_datetime(str(mail["Date"])).timestamp() * 1_000)
    except (TypeError, ValueError):
        return 0
