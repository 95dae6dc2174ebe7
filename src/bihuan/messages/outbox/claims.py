"""Who works on which message: claims in batches with leases, and what becomes of them.

A message is claimed, rendered, marked as being sent in one committed statement for the batch, given to the
channel, and its result is committed. Of a worker that dies, what was claimed goes back into the queue when
the lease ends; what was being sent becomes uncertain, because it may have gone out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select, update
from sqlalchemy.orm import Session

from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.models import PRIORITIES, OutboxHold, OutboxMessage

TABLE: Table = OutboxMessage.__table__  # type: ignore[assignment]
_ROWS = TABLE.c
# Fewer than SQLite's variables of a statement.
_MOST_IDS = 10_000
WORKER_LOST = "worker_lost"
HELD = "held"
FINISHED = "finished"


@dataclass(slots=True)
class Message:
    """A claimed message, as the worker needs it; the fields are those of ``OutboxMessage``."""

    id: int
    person_id: int
    occurrence: str
    step: str
    channel_id: str
    medium: str
    fallbacks: list[str]
    trail: list[dict[str, str]]
    template_id: str | None
    template_version: int | None
    variant: str | None
    context: dict[str, Any]
    origin: dict[str, str]
    purpose: str
    due_ms: int
    expires_ms: int | None
    local_time: str | None
    best_time: bool
    attempts: int
    created_ms: int


_COLUMNS = tuple(_ROWS[name] for name in Message.__dataclass_fields__)


def claim(
    session: Session, channel_id: str, worker: str, *, now_ms: int, until_ms: int, limit: int
) -> list[Message]:
    """Take up to ``limit`` messages that are due, of the highest priority first, until a lease ends.

    Messages that another worker is claiming at this moment are passed over (PostgreSQL; on SQLite one
    transaction writes at a time). Those of an occurrence that is held or has ended are put aside instead:
    what was being sent when that began, and came back into the queue, is no exception.
    """
    _put_aside(session, channel_id, now_ms)
    found: list[Message] = []
    for priority in PRIORITIES:
        if len(found) < limit:
            due = select(*_COLUMNS).where(
                _ROWS.channel_id == channel_id,
                _ROWS.state == "queued",
                _ROWS.priority == priority,
                _ROWS.due_ms <= now_ms,
            )
            ordered = due.order_by(_ROWS.due_ms, _ROWS.id).limit(limit - len(found))
            rows = session.execute(ordered.with_for_update(skip_locked=True))
            found += [Message(*row) for row in rows]
    if found:
        taken = {"state": "claimed", "worker": worker, "lease_ms": until_ms}
        _each_id(session, [each.id for each in found], taken)
    return found


def withdrawn(now_ms: int) -> dict[str, Any]:
    """What a message becomes whose occurrence has ended."""
    free = {"worker": None, "lease_ms": None, "sent_ms": None}
    return {"state": "cancelled", "reason": FINISHED, "ended_ms": now_ms, **free}


def _put_aside(session: Session, channel_id: str, now_ms: int) -> None:
    project = select(MessageChannel.project_id).where(MessageChannel.id == channel_id).scalar_subquery()
    asked = select(OutboxHold.occurrence, OutboxHold.ended).where(OutboxHold.project_id == project)
    found = session.execute(asked).all()
    for ended, values in ((False, {"state": HELD}), (True, withdrawn(now_ms))):
        for occurrences in _pieces([row.occurrence for row in found if row.ended is ended]):
            back = (_ROWS.project_id == project) & _ROWS.occurrence.in_(occurrences)
            session.connection().execute(update(TABLE).where(back, _ROWS.state == "queued").values(**values))


def waiting(session: Session, channel_ids: Sequence[str], now_ms: int) -> list[str]:
    """Which of these channels have messages that are due."""
    if not channel_ids:
        return []
    due = (_ROWS.state == "queued") & _ROWS.priority.in_(PRIORITIES) & (_ROWS.due_ms <= now_ms)
    asked = [select(_ROWS.channel_id).where(_ROWS.channel_id == each, due).limit(1) for each in channel_ids]
    return [each for statement in asked for each in session.scalars(statement)]


def recover(session: Session, now_ms: int, *, everybody: bool = False) -> tuple[int, int]:
    """Settle what workers left whose leases have ended; with ``everybody``, whatever the lease says.

    Returns how many went back into the queue, and how many are uncertain.
    """
    lapsed = _ROWS.lease_ms.is_not(None) if everybody else _ROWS.lease_ms < now_ms
    free = {"worker": None, "lease_ms": None}
    back = update(TABLE).where(lapsed, _ROWS.state == "claimed").values(state="queued", **free)
    # The worker stays known: if it is alive after all, its answer still counts.
    lost = (
        update(TABLE)
        .where(lapsed, _ROWS.state == "sending")
        .values(state="uncertain", reason=WORKER_LOST, ended_ms=now_ms, lease_ms=None)
    )
    connection = session.connection()
    return connection.execute(back).rowcount, connection.execute(lost).rowcount


def begin_sending(
    session: Session, worker: str, ids: Sequence[int], *, medium: str, now_ms: int, until_ms: int
) -> set[int]:
    """Mark claimed messages as being sent; returns those that are still this worker's."""
    values = {"state": "sending", "medium": medium, "sent_ms": now_ms, "lease_ms": until_ms}
    mine = (_ROWS.state == "claimed") & (_ROWS.worker == worker)
    return _each_id(session, ids, values, mine)


def keep_lease(session: Session, worker: str, ids: Sequence[int], until_ms: int) -> None:
    """Say that this worker is alive and still at it."""
    mine = _ROWS.state.in_(("claimed", "sending")) & (_ROWS.worker == worker)
    _each_id(session, ids, {"lease_ms": until_ms}, mine)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a claimed message.

    ``state`` queued: again from ``due_ms`` on. ``attempted``: the channel had it and did not take it.
    ``channel``: the next channel with the fallbacks left and the trail, if it changes.
    ``parts`` and ``price``: what the channel is paid for.
    """

    state: str
    reason: str | None = None
    detail: str | None = None
    provider_id: str | None = None
    due_ms: int | None = None
    attempted: bool = False
    channel: tuple[str, list[str], list[dict[str, str]]] | None = None
    timed: bool = False
    parts: int | None = None
    price: float | None = None


# States that the event log is told of.
_TOLD_OF = frozenset(("sent", "rejected", "suppressed"))
_SETTLED = (
    *("state", "reason", "detail", "provider_id", "due_ms", "attempts", "channel_id", "fallbacks", "trail"),
    *("local_time", "best_time", "worker", "lease_ms", "sent_ms", "ended_ms", "untold", "medium"),
    *("parts", "price"),
)
_BY_ID = (
    update(TABLE)
    .where(_ROWS.id == bindparam("by_id"))
    .values({_ROWS[name]: bindparam(f"new_{name}", type_=_ROWS[name].type) for name in _SETTLED})
)
# What changes of a message that was sent, beside what is the same for all of them.
_EACH_SENT = ("provider_id", "attempts", "parts", "price")
_SENT = (
    update(TABLE)
    .where(_ROWS.id == bindparam("by_id"))
    .values({_ROWS[name]: bindparam(f"new_{name}", type_=_ROWS[name].type) for name in _EACH_SENT})
)


def settle(
    session: Session,
    worker: str,
    outcomes: Mapping[int, Outcome],
    messages: Mapping[int, Message],
    *,
    now_ms: int,
) -> set[int]:
    """Write what became of messages of this worker; returns those that were still its own.

    An answer counts even when the message was thought lost meanwhile, but not after somebody has decided
    what is to be done about it. What would be tried again is withdrawn when its occurrence has ended.
    """
    if not outcomes:
        return set()
    mine = _ROWS.state.in_(("claimed", "sending", "uncertain")) & (_ROWS.worker == worker)
    sent_ms: dict[int, int | None] = {}
    for ids in _pieces(list(outcomes)):
        rows = session.execute(
            select(_ROWS.id, _ROWS.sent_ms).where(_ROWS.id.in_(ids), mine).with_for_update()
        )
        sent_ms |= {row[0]: row[1] for row in rows}
    ended = _ended(session, [key for key in sent_ms if outcomes[key].state == "queued"])
    mine_now = [(messages[key], outcome) for key, outcome in outcomes.items() if key in sent_ms]
    _settle_sent(session, [each for each in mine_now if each[1].state == "sent"], now_ms)
    values = [
        _values(message, _unless_ended(outcome, message.id in ended), sent_ms[message.id], now_ms)
        for message, outcome in mine_now
        if outcome.state != "sent"
    ]
    if values:
        session.connection().execute(_BY_ID, values)
    return set(sent_ms)


def _settle_sent(session: Session, sent: Sequence[tuple[Message, Outcome]], now_ms: int) -> None:
    """Nearly all of a mailing, and the little that changes of them."""
    if not sent:
        return
    same = {
        **{"state": "sent", "reason": None, "detail": None, "local_time": None, "best_time": False},
        **{"worker": None, "lease_ms": None, "ended_ms": now_ms, "untold": True},
    }
    values = [
        {
            "by_id": message.id,
            "new_provider_id": outcome.provider_id,
            "new_attempts": message.attempts + 1,
            "new_parts": outcome.parts,
            "new_price": outcome.price,
        }
        for message, outcome in sent
    ]
    session.connection().execute(_SENT.values(same), values)


def _ended(session: Session, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for some in _pieces(ids):
        same = (OutboxHold.project_id == _ROWS.project_id) & (OutboxHold.occurrence == _ROWS.occurrence)
        wanted = select(_ROWS.id).join(OutboxHold, same).where(_ROWS.id.in_(some), OutboxHold.ended)
        found.update(session.scalars(wanted))
    return found


def _unless_ended(outcome: Outcome, ended: bool) -> Outcome:
    return replace(outcome, state="cancelled", reason=FINISHED, channel=None) if ended else outcome


def _values(message: Message, outcome: Outcome, sent_ms: int | None, now_ms: int) -> dict[str, Any]:
    again = outcome.state == "queued"
    given = not again and outcome.reason != FINISHED
    channel_id, fallbacks, trail = outcome.channel or (message.channel_id, message.fallbacks, message.trail)
    attempts = 0 if outcome.channel else message.attempts + (1 if outcome.attempted else 0)
    values = {
        "state": outcome.state,
        "reason": outcome.reason,
        "detail": outcome.detail,
        "provider_id": outcome.provider_id,
        "due_ms": message.due_ms if outcome.due_ms is None else outcome.due_ms,
        "attempts": attempts,
        "channel_id": channel_id,
        "fallbacks": fallbacks,
        "trail": trail,
        "local_time": None if outcome.timed else message.local_time,
        "best_time": message.best_time and not outcome.timed,
        "worker": None,
        "lease_ms": None,
        "sent_ms": sent_ms if given else None,
        "ended_ms": None if again else now_ms,
        "untold": outcome.state in _TOLD_OF,
        "medium": message.medium,
        "parts": outcome.parts,
        "price": outcome.price,
    }
    return {"by_id": message.id, **{f"new_{name}": value for name, value in values.items()}}


def _each_id(
    session: Session, ids: Sequence[int], values: Mapping[str, Any], where: ColumnElement[bool] | None = None
) -> set[int]:
    found: set[int] = set()
    for some in _pieces(ids):
        statement = update(TABLE).where(_ROWS.id.in_(some)).values(**values).returning(_ROWS.id)
        if where is not None:
            statement = statement.where(where)
        found.update(session.connection().execute(statement).scalars())
    return found


def _pieces(ids: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (ids[start : start + _MOST_IDS] for start in range(0, len(ids), _MOST_IDS))
