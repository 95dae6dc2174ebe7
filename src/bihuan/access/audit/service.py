"""Adding to the audit log, and proving that nobody changed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access.actors import Acting
from bihuan.access.audit.models import AuditHead, AuditRecord
from bihuan.database import Database, utc_now

FIRST_HASH = "0" * 64
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChainState:
    """What a check of the chain found; ``broken`` is the first record that does not fit, if any."""

    records: int
    broken: int | None = None


def lock(session: Session) -> AuditHead:
    """Wait until this transaction alone may add records; held until it ends.

    Changes that must not cross (the last owner, the first member) take it first, too.
    """
    session.flush()
    wanted = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def record(
    session: Session,
    who: Acting,
    action: str,
    target: tuple[str, str],
    *,
    project_id: str | None = None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Add a record, as part of the transaction that makes the change.

    Args:
        action: what was done, as ``source.created``.
        target: what kind of thing, and which.
        before: values that were changed, as they were; secrets have no place here.
        after: as they are now.
    """
    head = lock(session)
    added = AuditRecord(
        number=head.number + 1,
        at=utc_now(),
        actor_kind=who.actor.kind,
        actor_id=who.actor.id,
        actor_name=_storable(who.actor.name),
        address=who.address[:64],
        project_id=project_id,
        action=action,
        target_kind=target[0],
        target_id=_storable(target[1])[:300],
        before=_text(before),
        after=_text(after),
        previous_hash=head.hash,
        hash="",
    )
    added.hash = chained_hash(added)
    session.add(added)
    head.number, head.hash = added.number, added.hash
    session.flush()


def record_alone(
    database: Database,
    who: Acting,
    action: str,
    target: tuple[str, str],
    *,
    project_id: str | None = None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Add a record in a transaction of its own, for what is not done in the control database."""
    with database.session() as session:
        record(session, who, action, target, project_id=project_id, before=before, after=after)


def chained_hash(row: AuditRecord) -> str:
    """The SHA-256 over a record's every field and the hash of the record before."""
    moment = row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    fields = (
        row.previous_hash,
        row.number,
        moment,
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.address,
        row.project_id,
        row.action,
        row.target_kind,
        row.target_id,
        row.before,
        row.after,
    )
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(database: Database) -> ChainState:
    """Walk the whole chain; it is broken where a record was changed, added, removed or moved."""
    previous, count = FIRST_HASH, 0
    with database.read_session() as session:
        if not database.is_sqlite:
            # One view of records and head, while others add.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        head = session.get(AuditHead, 1)
        ordered = select(AuditRecord).order_by(AuditRecord.number)
        rows = session.scalars(ordered.execution_options(yield_per=500))
        for row in rows:
            count += 1
            if row.number != count or row.previous_hash != previous or row.hash != chained_hash(row):
                return ChainState(count, broken=min(row.number, count))
            previous = row.hash
    if head is None or (head.number, head.hash) != (count, previous):
        return ChainState(count, broken=count + 1)
    return ChainState(count)


def changed(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that differ, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _text(values: Values | None) -> str | None:
    if values is None:
        return None
    return _storable(json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _storable(text: str) -> str:
    # PostgreSQL takes no NUL, UTF-8 no lone surrogate.
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
