"""Which message a receipt is about: by our id, by what the provider calls it, or by who answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from bihuan.delivery import Receipt, kind_of
from bihuan.messages.channels.kinds import PROPERTIES, address_of
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.consent.addresses import normal
from bihuan.messages.consent.sets import among_texts
from bihuan.messages.outbox.claims import TABLE
from bihuan.messages.outbox.ports import Recipient, SendingProject
from bihuan.people.profiles.repository import present_properties, select_profiles
from bihuan.warehouse.sql import json_path, tuple_of

_ROWS = TABLE.c
_MAIL = re.compile(r"<(\d{1,18})@[^<>@\s]+>")
_OURS = re.compile(r"\d{1,18}")
_ANSWERS = frozenset(("replied", "unsubscribed"))


def messages_of(
    session: Session, project: SendingProject, channel: MessageChannel, receipts: Sequence[Receipt]
) -> dict[int, Row[Any]]:
    """The rows of the outbox that receipts are about, by the place of the receipt."""
    ids = {place: key for place, each in enumerate(receipts) if (key := _id(each)) is not None}
    wanted = select(TABLE).where(_ROWS.project_id == project.row.id)
    by_id = {
        row.id: row for row in session.execute(wanted.where(_ROWS.id.in_(set(ids.values())))) if row.sent_ms
    }
    names = {each.provider_id for each in receipts if each.provider_id and channel.medium == "sms"}
    by_name = {}
    if names:
        # As a text, so that the index of these alone is taken.
        told = (_ROWS.channel_id == channel.id, among_texts(session, _ROWS.provider_id, names))
        by_name = {
            row.provider_id: row for row in session.execute(wanted.where(*told, text("medium = 'sms'")))
        }
    answers = [each.address for each in receipts if each.what in _ANSWERS and not each.provider_id]
    by_address = _last_to(session, project, channel, answers) if answers else {}
    found = {}
    for place, each in enumerate(receipts):
        row = by_id.get(ids.get(place, -1)) or by_name.get(each.provider_id)
        if row is None and not each.provider_id:
            row = by_address.get(each.address)
        if row is not None:
            found[place] = row
    return found


def owns(channel: MessageChannel, recipient: Recipient | None, address: str) -> bool:
    """Whether an address is the one at which a channel reaches a person."""
    if recipient is None or not address:
        return False
    known = address_of(channel.kind, channel.address_property, recipient.person_id, recipient.properties)
    return known is not None and normal(channel.medium, known) == normal(channel.medium, address)


def _id(receipt: Receipt) -> int | None:
    if _OURS.fullmatch(receipt.message_id):
        return int(receipt.message_id)
    mail = _MAIL.fullmatch(receipt.provider_id)
    return int(mail[1]) if mail else None


def _last_to(
    session: Session, project: SendingProject, channel: MessageChannel, addresses: Sequence[str]
) -> dict[str, Row[Any]]:
    """The last message that went out by a channel to whoever has an address."""
    named = channel.address_property
    names = (named,) if named else PROPERTIES.get(kind_of(channel.kind).address, ())
    spelled = {way: each for each in addresses for way in _spellings(channel.medium, each)}
    if not names or not spelled:
        return {}
    listed = tuple_of(sorted(spelled))
    has = " OR ".join(f"ifNull(toString(properties.{json_path(name)}), '') IN {listed}" for name in names)
    persons: dict[int, str] = {}
    for row in select_profiles(project.store, where=f"NOT deleted AND ({has})", tail="LIMIT 10000"):
        properties = present_properties(row.properties_json)
        given = address_of(channel.kind, named, row.person_id, properties)
        if given in spelled:
            persons[row.person_id] = spelled[given]
    sent = (
        select(func.max(_ROWS.id))
        .where(
            _ROWS.project_id == project.row.id,
            _ROWS.person_id.in_(list(persons)),
            _ROWS.channel_id == channel.id,
            _ROWS.state == "sent",
        )
        .group_by(_ROWS.person_id)
    )
    rows = session.execute(select(TABLE).where(_ROWS.id.in_(sent)).order_by(_ROWS.id))
    return {persons[row.person_id]: row for row in rows}


def _spellings(medium: str, address: str) -> Iterable[str]:
    plain = normal(medium, address)
    yield from {address, plain}
    if medium == "sms" and re.fullmatch(r"1[3-9]\d{9}", plain):
        yield from (f"+86{plain}", f"86{plain}")
    elif medium == "sms":
        yield plain.removeprefix("+")
