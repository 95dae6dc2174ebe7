"""What operators do with the outbox: look, decide about what is uncertain, cancel, set the rules."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from bihuan.database import emit, utc_now
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.claims import HELD, TABLE, withdrawn
from bihuan.messages.outbox.enqueueing import Queued
from bihuan.messages.outbox.errors import MessageNotFound, MessageNotUncertain
from bihuan.messages.outbox.models import MessagePolicy, OutboxHold, OutboxMessage
from bihuan.messages.outbox.policies.settings import PolicySettings

GIVEN_UP = "given_up"
_ROWS = TABLE.c


def policy_row(session: Session, project_id: str) -> MessagePolicy:
    """The row of a project's rules, made if need be."""
    row = session.get(MessagePolicy, project_id)
    if row is None:
        row = MessagePolicy(project_id=project_id, settings=PolicySettings().model_dump(), seeds=[])
        row.converted_ms = 0
        session.add(row)
    return row


def change_policy(session: Session, project_id: str, settings: PolicySettings) -> PolicySettings:
    """Give a project other rules, for every message that is let out from now on; returns those before."""
    row = policy_row(session, project_id)
    before = PolicySettings.model_validate(row.settings)
    row.settings, row.updated_at = settings.model_dump(), utc_now()
    return before


def seeds_of(session: Session, project_id: str) -> list[dict[str, Any]]:
    """The seed list of a project: who gets tests, each with ``medium``, ``address`` and ``name``."""
    row = session.get(MessagePolicy, project_id)
    return [] if row is None else list(row.seeds)


def change_seeds(session: Session, project_id: str, seeds: Sequence[dict[str, Any]]) -> int:
    """Give a project another seed list; returns how many there were."""
    row = policy_row(session, project_id)
    before = len(row.seeds)
    row.seeds, row.updated_at = list(seeds), utc_now()
    return before


def messages(
    project_id: str,
    *,
    state: str | None = None,
    reason: str | None = None,
    occurrence: str | None = None,
    channel_id: str | None = None,
    person_id: int | None = None,
    template_id: str | None = None,
    medium: str | None = None,
    journey_id: str | None = None,
) -> Select[OutboxMessage]:
    """Messages of a project."""
    wanted = select(OutboxMessage).where(OutboxMessage.project_id == project_id)
    given = {
        OutboxMessage.state: state,
        OutboxMessage.reason: reason,
        OutboxMessage.occurrence: occurrence,
        OutboxMessage.channel_id: channel_id,
        OutboxMessage.person_id: person_id,
        OutboxMessage.template_id: template_id,
        OutboxMessage.medium: medium,
        OutboxMessage.origin["$journey_id"].as_string(): journey_id,
    }
    for column, value in given.items():
        if value is not None:
            wanted = wanted.where(column == value)
    return wanted


def page(
    session: Session, wanted: Select[OutboxMessage], before: int | None, limit: int
) -> tuple[list[OutboxMessage], int | None]:
    """The next messages, the newest first, and the number after which the next page begins."""
    if before is not None:
        wanted = wanted.where(OutboxMessage.id < before)
    found = list(session.scalars(wanted.order_by(OutboxMessage.id.desc()).limit(limit + 1)))
    return (found, None) if len(found) <= limit else (found[:limit], found[limit - 1].id)


def get_message(session: Session, project_id: str, message_id: int) -> OutboxMessage:
    """One message. Raises ``MessageNotFound``."""
    found = session.scalar(messages(project_id).where(OutboxMessage.id == message_id))
    if found is None:
        raise MessageNotFound(message_id=message_id)
    return found


def counts(session: Session, project_id: str, *, occurrence: str | None = None) -> list[tuple[Any, ...]]:
    """How many messages there are by channel, state and reason."""
    columns = (_ROWS.channel_id, _ROWS.state, _ROWS.reason)
    wanted = select(*columns, func.count()).where(_ROWS.project_id == project_id).group_by(*columns)
    if occurrence is not None:
        wanted = wanted.where(_ROWS.occurrence == occurrence)
    return [tuple(row) for row in session.execute(wanted.order_by(*columns))]


def spent(session: Session, project_id: str, occurrence: str) -> float:
    """What the messages of an occurrence that went out cost, in the project's currency.

    By the channel's price at that time; where nobody had said one then, by that of now, if there is one.
    """
    price = func.coalesce(_ROWS.price, MessageChannel.cost_per_message, 0.0)
    wanted = (
        select(func.sum(price * func.coalesce(_ROWS.parts, 1)))
        .select_from(TABLE)
        .outerjoin(MessageChannel, MessageChannel.id == _ROWS.channel_id)
        .where(_of(project_id, occurrence, ("sent",)))
    )
    return round(float(session.scalar(wanted) or 0.0), 6)


def resolve(
    session: Session,
    project_id: str,
    *,
    resend: bool,
    ids: Sequence[int] | None = None,
    now_ms: int | None = None,
) -> int:
    """Decide about messages whose fate is unknown: send them again, or leave it at that.

    Args:
        ids: these, which must all be uncertain; None: every uncertain one of the project.

    Raises:
        MessageNotUncertain: nothing was changed.
    """
    at_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    again = {"state": "queued", "reason": None, "sent_ms": None, "ended_ms": None, "due_ms": at_ms}
    values: dict[str, Any] = again if resend else {"state": "cancelled", "reason": GIVEN_UP}
    where = (_ROWS.project_id == project_id) & (_ROWS.state == "uncertain")
    changed = _change(session, where, ids, {**values, "worker": None, "lease_ms": None})
    if ids is not None and changed < len(set(ids)):
        raise MessageNotUncertain(path="message_ids")
    if resend and changed:
        emit(session, Queued(project_id))
    return changed


def hold(session: Session, project_id: str, occurrence: str) -> int:
    """Send nothing of an occurrence until it is released; returns how many messages that stopped.

    What is being sent at this moment goes out. What a worker has only prepared does not, and neither does
    what is queued later, or comes back to be tried again.
    """
    if session.get(OutboxHold, (project_id, occurrence)) is None:
        session.add(OutboxHold(project_id=project_id, occurrence=occurrence, ended=False))
    session.flush()
    where = _of(project_id, occurrence, ("queued", "claimed"))
    return _change(session, where, None, {"state": HELD, "worker": None, "lease_ms": None})


def release(session: Session, project_id: str, occurrence: str) -> int:
    """Go on with an occurrence that was held; returns how many messages wait to be sent again."""
    _unhold(session, project_id, occurrence)
    changed = _change(session, _of(project_id, occurrence, (HELD,)), None, {"state": "queued"})
    if changed:
        emit(session, Queued(project_id))
    return changed


def cancel(
    session: Session, project_id: str, *, occurrence: str | None = None, ids: Sequence[int] | None = None
) -> int:
    """Take messages out of the queue that nobody works on yet, held ones too; returns how many."""
    where: ColumnElement[bool] = (_ROWS.project_id == project_id) & _ROWS.state.in_(("queued", HELD))
    if occurrence is not None:
        where &= _ROWS.occurrence == occurrence
        _unhold(session, project_id, occurrence)
    now_ms = time.time_ns() // 1_000_000
    return _change(session, where, ids, {"state": "cancelled", "reason": "cancelled", "ended_ms": now_ms})


def end(session: Session, project_id: str, occurrence: str) -> int:
    """Send nothing more of an occurrence, ever; returns how many messages that withdrew.

    What is being sent at this moment ends as its channel says, and is not tried again.
    """
    session.merge(OutboxHold(project_id=project_id, occurrence=occurrence, ended=True))
    session.flush()
    where = _of(project_id, occurrence, ("queued", HELD, "claimed"))
    return _change(session, where, None, withdrawn(time.time_ns() // 1_000_000))


def _of(project_id: str, occurrence: str, states: Sequence[str]) -> ColumnElement[bool]:
    mine = (_ROWS.project_id == project_id) & (_ROWS.occurrence == occurrence)
    return mine & _ROWS.state.in_(states)


def _unhold(session: Session, project_id: str, occurrence: str) -> None:
    row = session.get(OutboxHold, (project_id, occurrence))
    if row is not None and not row.ended:
        session.delete(row)
        session.flush()


def _change(
    session: Session, where: ColumnElement[bool], ids: Sequence[int] | None, values: dict[str, Any]
) -> int:
    statement = update(TABLE).where(where).values(**values)
    if ids is not None:
        statement = statement.where(_ROWS.id.in_(ids))
    return session.connection().execute(statement).rowcount
