"""Putting messages into the outbox: the same one never twice."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, cast, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bihuan.database import emit
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.policies.choosing import choose
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.policies.settings import PolicySettings

_TABLE: Table = OutboxMessage.__table__  # type: ignore[assignment]
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How messages are sent; shared by those of a step.

    Attributes:
        channel_ids: the channel, then those to fall back to.
        template_id: None where ``context["content"]`` says everything.
        context: what the template sees beside the person: ``event``, ``campaign``, …
        origin: properties of the message's events: ``$campaign_id``, ``$journey_id``, ``$node_id``, …
        priority: HIGH, NORMAL or LOW: all that are due of a higher one go first; None: as the project has it.
        not_before_ms, expires_ms: Unix milliseconds; None: at once, and at any time later.
        local_time: ``HH:MM`` by the person's clock, the first time it shows that from ``not_before_ms`` on.
        best_time: in the hour of the day in which the person is active, within a day; None: as the project
            has it.
    """

    channel_ids: Sequence[str]
    purpose: str
    template_id: str | None = None
    template_version: int | None = None
    variant: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    priority: int | None = None
    not_before_ms: int | None = None
    expires_ms: int | None = None
    local_time: str | None = None
    best_time: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow(Sending):
    """A message to one person. ``occurrence`` and ``step`` tell it from others to the same person."""

    person_id: int
    occurrence: str
    step: str


@dataclass(frozen=True)
class Queued:
    """Signal: messages were put into the outbox."""

    project_id: str


def enqueue(
    session: Session, project_id: str, rows: Sequence[OutboxRow], *, now_ms: int | None = None
) -> int:
    """Queue messages; returns how many are new.

    One whose project, person, occurrence and step are there already, in whatever state, stays as it is: to
    queue again after a crash is harmless.
    """
    at_ms = _now_ms() if now_ms is None else now_ms
    policy = policy_of(session, project_id)
    added = 0
    for start in range(0, len(rows), _AT_ONCE):
        values = [
            {
                **_shared(row, policy, at_ms),
                "project_id": project_id,
                "person_id": row.person_id,
                "occurrence": row.occurrence,
                "step": row.step,
            }
            for row in rows[start : start + _AT_ONCE]
        ]
        statement = _insert(session).on_conflict_do_nothing().returning(_TABLE.c.id)
        added += len(session.connection().execute(statement, values).all())
    if added:
        emit(session, Queued(project_id))
    return added


def enqueue_selected(
    session: Session,
    project_id: str,
    people: Select[*tuple[Any, ...]],
    sending: Sending,
    *,
    now_ms: int | None = None,
) -> int:
    """The same in one statement, for people who are rows of the control database.

    Args:
        people: gives ``person_id``, ``occurrence`` and ``step``, and may give further columns of the outbox
            by name (``context``, ``variant``, ``due_ms``), which then count instead of those of ``sending``.
    """
    at_ms = _now_ms() if now_ms is None else now_ms
    policy = policy_of(session, project_id)
    found = people.subquery()
    postgres = session.get_bind().dialect.name == "postgresql"
    values: dict[str, ColumnElement[Any]] = {}
    for name, value in {**_defaults(), **_shared(sending, policy, at_ms), "project_id": project_id}.items():
        kind = _TABLE.c[name].type
        given = literal(value, kind)
        # PostgreSQL must be told the types of parameters here; SQLite would take JSON for a number.
        values[name] = cast(given, kind) if postgres else given
    values |= {column.name: column for column in found.columns}
    # SQLite needs the WHERE to tell ON CONFLICT from a join's ON.
    chosen: Any = select(*values.values()).select_from(found).where(true())
    statement = _insert(session).from_select(list(values), chosen, include_defaults=False)
    counted = {"preserve_rowcount": True}
    done = session.connection().execute(statement.on_conflict_do_nothing(), execution_options=counted)
    added = done.rowcount
    if added:
        emit(session, Queued(project_id))
    return added


def _shared(sending: Sending, policy: PolicySettings, at_ms: int) -> dict[str, Any]:
    first, *others = sending.channel_ids
    choice = choose(
        policy,
        sending.purpose,
        priority=sending.priority,
        best_time=sending.best_time,
        local_time=sending.local_time,
    )
    return {
        "channel_id": first,
        "fallbacks": others,
        "template_id": sending.template_id,
        "template_version": sending.template_version,
        "variant": sending.variant,
        "context": dict(sending.context),
        "origin": dict(sending.origin),
        "purpose": sending.purpose,
        "priority": choice.priority,
        "due_ms": at_ms if sending.not_before_ms is None else sending.not_before_ms,
        "expires_ms": sending.expires_ms,
        "local_time": sending.local_time,
        "best_time": choice.send_time == "best_time",
        "send_time": choice.send_time,
        "by_policy": list(choice.by_policy),
        "created_ms": at_ms,
    }


def _defaults() -> dict[str, Any]:
    return {"state": "queued", "medium": "", "trail": [], "attempts": 0, "untold": False}


def _insert(session: Session) -> Any:
    postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(_TABLE) if postgres else sqlite.insert(_TABLE)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


__all__ = ["OutboxRow", "Queued", "Sending", "enqueue", "enqueue_selected"]
