"""Configuring channels."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.database import Database, utc_now
from bihuan.delivery import KINDS
from bihuan.insights import Author
from bihuan.messages.channels.errors import (
    MessageChannelExists,
    MessageChannelInUse,
    MessageChannelNotFound,
)
from bihuan.messages.channels.kinds import IN_APP, check, kind_names, medium_of
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.schemas import ChannelChange, ChannelInput, ChannelOutput, KindOutput
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.outbox.models import OutboxMessage

_UNDER_WAY = ("queued", "held", "claimed", "sending")


def kinds() -> list[KindOutput]:
    """Every kind of channel with what it needs to know."""
    found = []
    for name in kind_names():
        if name == IN_APP:
            found.append(KindOutput(kind=name, medium="in_app", address="none", settings={}, secrets=[]))
        else:
            kind = KINDS[name]
            settings, secrets = kind.settings.model_json_schema(), sorted(kind.secret_fields)
            medium = medium_of(name)
            found.append(
                KindOutput(kind=name, medium=medium, address=kind.address, settings=settings, secrets=secrets)
            )
    return found


def channels(project_id: str) -> Select[MessageChannel]:
    """The channels of a project."""
    return select(MessageChannel).where(MessageChannel.project_id == project_id)


def get_channel(session: Session, project_id: str, channel_id: str) -> MessageChannel:
    """One channel. Raises ``MessageChannelNotFound``."""
    found = session.scalar(channels(project_id).where(MessageChannel.id == channel_id))
    if found is None:
        raise MessageChannelNotFound(channel_id=channel_id)
    return found


def create_channel(
    database: Database, project_id: str, author: Author, given: ChannelInput
) -> MessageChannel:
    """Configure a channel.

    Raises:
        ChannelKindUnknown, ChannelSettingsInvalid, InAppHasNoSettings, MessageChannelExists.
    """
    check(given.kind, given.settings, given.secrets)
    values = given.model_dump(exclude={"secrets"})
    row = MessageChannel(project_id=project_id, created_by=author.model_dump(), **values)
    row.medium, row.secrets = medium_of(given.kind), Seal(database).close(given.secrets)
    row.free_ms, row.version = 0, 1
    _write(database, row, given.name)
    return row


def change_channel(
    database: Database, project_id: str, channel_id: str, change: ChannelChange
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a channel new values; returns what they were and are, without secrets.

    Raises:
        MessageChannelNotFound, ChannelSettingsInvalid, InAppHasNoSettings, MessageChannelExists.
    """
    given = change.model_dump(exclude_unset=True)
    seal = Seal(database)
    try:
        with database.session() as session:
            row = get_channel(session, project_id, channel_id)
            names = [name for name in given if name != "secrets"]
            before = {name: getattr(row, name) for name in names}
            # Only where null means something.
            new = {name: given[name] for name in names if given[name] is not None or name in _OPTIONAL}
            secrets = _merged(seal.open(row.secrets), given.get("secrets") or {})
            check(row.kind, new.get("settings", row.settings), secrets)
            for name, value in new.items():
                setattr(row, name, value)
            row.secrets = seal.close(secrets)
            row.version += 1
            row.updated_at = utc_now()
    except IntegrityError as error:
        raise MessageChannelExists(name=change.name, path="name") from error
    after = {**new, **({"secrets": "changed"} if given.get("secrets") else {})}
    return before, after


def _merged(kept: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Secrets with those that are given: of several under one name, such as passwords, only those named."""
    found = dict(kept)
    for name, value in given.items():
        inside = found.get(name)
        found[name] = (
            _merged(inside, value) if isinstance(inside, dict) and isinstance(value, dict) else value
        )
    return {name: value for name, value in found.items() if value is not None}


_OPTIONAL = frozenset(("address_property", "per_second", "cost_per_message"))


def delete_channel(database: Database, project_id: str, channel_id: str) -> MessageChannel:
    """Delete a channel that no message waits for.

    Raises:
        MessageChannelNotFound, MessageChannelInUse.
    """
    with database.session() as session:
        row = get_channel(session, project_id, channel_id)
        waiting = select(func.count()).where(
            OutboxMessage.channel_id == channel_id, OutboxMessage.state.in_(_UNDER_WAY)
        )
        count = session.scalar(waiting) or 0
        if count:
            raise MessageChannelInUse(count=count)
        session.delete(row)
        session.flush()
        session.expunge(row)
    return row


def output(database: Database, row: MessageChannel) -> ChannelOutput:
    """A channel on the wire."""
    names = [name for name in ChannelOutput.model_fields if name != "secrets"]
    shown = {name: getattr(row, name) for name in names}
    return ChannelOutput.model_validate({**shown, "secrets": sorted(Seal(database).open(row.secrets))})


def _write(database: Database, row: MessageChannel, name: str) -> None:
    try:
        with database.session() as session:
            session.add(row)
            session.flush()
            session.expunge(row)
    except IntegrityError as error:
        raise MessageChannelExists(name=name, path="name") from error
