"""Configuring the way back of a channel: addresses for callbacks, keys, a mailbox."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import instance_secret
from bihuan.database import Database, utc_now
from bihuan.delivery.receipts import Mailbox
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.consent.purposes import policy_of
from bihuan.messages.returns.models import ChannelReturns
from bihuan.messages.returns.schemas import (
    PROVIDERS,
    CallbackOutput,
    MailboxInput,
    Provider,
    ReturnsChange,
    ReturnsOutput,
)

_MASTER = "message_callbacks"
_SECRETS = ("mailbox_password", "mailgun_key", "sendgrid_key")
_ALWAYS_SIGNED = frozenset(("mailgun", "ses", "twilio"))


def callback_key(database: Database, channel_id: str, turn: int) -> str:
    """The part of a channel's callback address that nobody can guess."""
    said = f"{channel_id}\0{turn}".encode()
    return hmac.new(instance_secret(database, _MASTER), said, hashlib.sha256).hexdigest()[:40]


def returns_of(session: Session, channel: MessageChannel) -> ChannelReturns:
    """The way back of a channel; one that was never configured is not stored."""
    found = session.get(ChannelReturns, channel.id)
    if found is not None:
        return found
    values = {"settings": {}, "secrets": "", "turn": 1, "heard": 0}
    return ChannelReturns(channel_id=channel.id, project_id=channel.project_id, **values)


def secrets_of(seal: Seal, row: ChannelReturns) -> dict[str, str]:
    """Its secrets: of no answer."""
    return seal.open(row.secrets)


def change_returns(
    session: Session, seal: Seal, channel: MessageChannel, change: ReturnsChange
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give it new values; returns what they were and are, without secrets."""
    row = returns_of(session, channel)
    given = change.model_dump(exclude_unset=True)
    settings: dict[str, Any] = {name: given[name] for name in ("mailbox", "topic_arn") if name in given}
    before: dict[str, Any] = {name: row.settings.get(name) for name in settings}
    row.settings = {**row.settings, **settings}
    secrets: dict[str, Any] = secrets_of(seal, row)
    for name in _SECRETS:
        if name in given:
            said = getattr(change, name)
            secrets[name] = None if said is None else said.get_secret_value()
    row.secrets = seal.close({name: value for name, value in secrets.items() if value})
    row.turn += change.renew
    row.problem, row.updated_at = None, utc_now()
    session.add(row)
    after: dict[str, Any] = dict(settings)
    after |= {name: "changed" for name in _SECRETS if name in given}
    return before, {**after, **({"address": "renewed"} if change.renew else {})}


def output(session: Session, database: Database, channel: MessageChannel, base: str) -> ReturnsOutput:
    """The way back of a channel on the wire; ``base``: where this server is reached unless a policy says."""
    row = returns_of(session, channel)
    secrets = secrets_of(Seal(database), row)
    base = policy_of(session, channel.project_id).public_url or base
    mailbox = row.settings.get("mailbox")
    return ReturnsOutput(
        callbacks=[
            CallbackOutput(
                provider=each,
                url=f"{base}{callback_path(database, row, each)}",
                is_signed=each in _ALWAYS_SIGNED or f"{each}_key" in secrets,
            )
            for each in providers_of(channel)
        ],
        mailbox=None if mailbox is None else MailboxInput.model_validate(mailbox),
        topic_arn=row.settings.get("topic_arn") or "",
        secrets=sorted(secrets),
        polled_at=_moment(row.polled_ms),
        problem=row.problem,
        heard_at=_moment(row.heard_ms),
        heard=row.heard,
    )


def providers_of(channel: MessageChannel) -> tuple[Provider, ...]:
    """Who may tell of a channel's messages."""
    known = PROVIDERS.get(channel.medium, ())
    # A text message goes out by one provider, a mail by whichever stands behind its server.
    own: tuple[Provider, ...] = tuple(each for each in known if each in channel.kind)
    return own or known


def callback_path(database: Database, row: ChannelReturns, provider: str) -> str:
    """Where a provider reports."""
    return f"/m/r/{row.channel_id}/{callback_key(database, row.channel_id, row.turn)}/{provider}"


def mailboxes(session: Session, project_id: str) -> list[str]:
    """The channels of a project that have a mailbox."""
    wanted = select(ChannelReturns).where(ChannelReturns.project_id == project_id)
    return [row.channel_id for row in session.scalars(wanted) if row.settings.get("mailbox")]


def mailbox_of(row: ChannelReturns, secrets: Mapping[str, str]) -> Mailbox | None:
    """The mailbox of a channel, with its password."""
    given = row.settings.get("mailbox")
    return None if not given else Mailbox(password=secrets.get("mailbox_password", ""), **given)


def heard(session: Session, channel: MessageChannel, count: int, now_ms: int) -> None:
    """Note that reports came."""
    if count:
        row = returns_of(session, channel)
        row.heard += count
        row.heard_ms = now_ms
        session.add(row)


def _moment(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC)
