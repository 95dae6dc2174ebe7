"""Receipts, into the event log, into the list of whom nobody writes to, and into what people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.delivery import Receipt
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.consent import service, suppressions
from bihuan.messages.consent.addresses import AddressHashes
from bihuan.messages.consent.purposes import purposes_of
from bihuan.messages.consent.service import Change
from bihuan.messages.consent.suppressions import BounceKind, Never, Returned
from bihuan.messages.consent.telling import tell
from bihuan.messages.outbox.ports import Recipient, SendingProject
from bihuan.messages.outbox.recipients import recipients_of
from bihuan.messages.returns.matching import messages_of, owns
from bihuan.messages.tracking.telling import Happened, Happening, write_happened

_EVENTS: dict[str, Happening] = {
    "delivered": "$message_delivered",
    "failed": "$message_bounced",
    "bounced": "$message_bounced",
    "complained": "$message_complained",
    "opened": "$message_opened",
    "clicked": "$message_clicked",
    "replied": "$message_replied",
}
_CAME_BACK = frozenset(("failed", "bounced", "deferred", "complained"))


@dataclass(frozen=True)
class Way:
    """The way that reports came: to which channel of which project, and who told.

    ``is_trusted``: whoever told knows a secret. In a mailbox anybody can put a mail: what it says counts only
    of messages that were sent, to the address that it names.
    """

    database: Database
    project: SendingProject
    channel: MessageChannel
    source: str
    is_trusted: bool = True


@dataclass
class _Found:
    receipt: Receipt
    at_ms: int
    message: Row[Any] | None = None
    recipient: Recipient | None = None


@dataclass
class Taken:
    """How many reports were about messages that are known, and how many about others."""

    known: int = 0
    unknown: int = 0
    events: int = field(default=0)


def take(way: Way, receipts: Sequence[Receipt], *, now_ms: int) -> Taken:
    """Keep what some receipts say; told twice it is kept once.

    Raises:
        Overloaded, EngineUnavailable: tell again.
    """
    found = _found(way, receipts, now_ms)
    if not way.is_trusted:
        found = [each for each in found if owns(way.channel, each.recipient, each.receipt.address)]
    happened = [told for each in found if (told := _happened(each, way)) is not None]
    hashes = AddressHashes.of(way.database)
    project_id = way.project.row.id
    with way.database.session() as session:
        returned = [made for each in found if (made := _returned(each, way)) is not None]
        suppressions.record_returns(session, hashes, project_id, returned, now_ms=now_ms)
        _unsubscribe(session, hashes, way, [each for each in found if each.receipt.what == "unsubscribed"])
    write_happened(way.project, happened, now_ms)
    tell(way.database, project_id, way.project.people, way.project.intake, now_ms=now_ms)
    known = sum(each.message is not None for each in found)
    return Taken(known, len(receipts) - known, len(happened))


def _found(way: Way, receipts: Sequence[Receipt], now_ms: int) -> list[_Found]:
    with way.database.read_session() as session:
        messages = messages_of(session, way.project, way.channel, receipts)
    persons = [row.person_id for row in messages.values()]
    recipients: Mapping[int, Recipient] = recipients_of(way.project, persons) if persons else {}
    found = []
    for place, receipt in enumerate(receipts):
        row = messages.get(place)
        recipient = None if row is None else recipients.get(row.person_id)
        at_ms = min(receipt.time_ms or now_ms, now_ms)
        found.append(_Found(receipt, at_ms, row if recipient is not None else None, recipient))
    return found


def _happened(each: _Found, way: Way) -> Happened | None:
    event = _EVENTS.get(each.receipt.what)
    if event is None or each.message is None or each.recipient is None:
        return None
    said: dict[str, Any] = {"$told_by": way.source}
    if event == "$message_bounced":
        said |= {"$reason": each.receipt.reason, "$permanent": each.receipt.is_permanent}
    if each.receipt.url:
        said["$url"] = each.receipt.url
    return Happened(each.message, each.recipient, event, each.at_ms, said)


def _returned(each: _Found, way: Way) -> Returned | None:
    receipt = each.receipt
    if receipt.what not in _CAME_BACK or not receipt.address:
        return None
    kind: BounceKind = "hard" if receipt.is_permanent else "soft"
    if receipt.what == "complained":
        kind = "complaint"
    # However often a provider tells of one message, it is one bounce.
    named = str(each.message.id) if each.message is not None else receipt.message_id or receipt.provider_id
    person = None if each.recipient is None else each.recipient.person_id
    report = f"{way.channel.id}:{named}" if named else ""
    return Returned(way.channel.medium, receipt.address, kind, each.at_ms, person, receipt.reason, report)


def _unsubscribe(session: Session, hashes: AddressHashes, way: Way, those: Sequence[_Found]) -> None:
    project_id, medium = way.project.row.id, way.channel.medium
    purposes = purposes_of(session, project_id) if those else {}
    never = []
    for each in those:
        how = {"source": f"provider:{way.source}", "wording": each.receipt.reason}
        if each.message is None or each.recipient is None:
            if each.receipt.address:
                never.append(Never(medium, "unsubscribed", each.receipt.address, detail=way.source))
            continue
        how["message_id"] = str(each.message.id)
        person, purpose = each.recipient.person_id, purposes.get(each.message.purpose)
        # By an answer, or from what cannot be declined: whoever says no more means all advertising.
        if medium == "sms" or purpose is None or purpose.kind != "marketing":
            media = [medium]
            service.withdraw_everything(session, project_id, person, media, at_ms=each.at_ms, **how)
        else:
            change = Change(person, purpose.key, medium, "withdrawn", **how)  # type: ignore[arg-type]
            service.record(session, project_id, [change], at_ms=each.at_ms)
    suppressions.suppress(session, hashes, project_id, never, at_ms=max((e.at_ms for e in those), default=0))
