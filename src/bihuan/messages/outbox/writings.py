"""With what a message was written, kept so that it can be shown as it went out.

Kept are the person's properties of that moment, the rows of look-up tables that were read, and the version of
the template, compressed: a fraction of the message, and made again it is the message. Whoever may not see
personal data gets it made of masked properties.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.messages.outbox.models import OutboxWriting
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.ports import Draft, Recipient, Surroundings

DAY_MS = 86_400_000
_TABLE: Table = OutboxWriting.__table__  # type: ignore[assignment]
_LEVEL = 3
_KEPT = ("now_ms", "base_url", "project_name", "company", "template", "rows")


@dataclass(frozen=True)
class Writing:
    """Who a message was written to, as they were then, and what else it was written with."""

    recipient: Recipient
    surroundings: Surroundings


def packed(draft: Draft) -> bytes:
    """What a rendered draft was written with."""
    recipient, around = draft.recipient, draft.surroundings
    person = [recipient.person_id, recipient.distinct_id, recipient.properties, recipient.zone.key]
    said = {"person": person, "around": {name: getattr(around, name) for name in _KEPT}}
    return zlib.compress(json.dumps(said, ensure_ascii=False, default=str).encode(), _LEVEL)


def unpacked(body: bytes) -> Writing:
    """The same, to write it again."""
    said = json.loads(zlib.decompress(body))
    person_id, distinct_id, properties, zone = said["person"]
    around = Surroundings(**said["around"], kept=True)
    around.template = None if around.template is None else (around.template[0], around.template[1])
    return Writing(Recipient(person_id, distinct_id, properties, ZoneInfo(zone)), around)


def keep(session: Session, project_id: str, bodies: Mapping[int, bytes], now_ms: int) -> None:
    """Keep what messages are written with, in this transaction, instead of an attempt before."""
    if not bodies:
        return
    postgres = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert(_TABLE) if postgres else sqlite.insert(_TABLE)
    new = {"body": insert.excluded.body, "kept_ms": insert.excluded.kept_ms}
    rows = [
        {"message_id": key, "project_id": project_id, "kept_ms": now_ms, "body": body}
        for key, body in bodies.items()
    ]
    statement = insert.on_conflict_do_update(index_elements=["message_id"], set_=new)
    session.connection().execute(statement, rows)


def writing_of(session: Session, message_id: int) -> Writing | None:
    """With what a message was written; None where that is not kept, or not any more."""
    row = session.get(OutboxWriting, message_id)
    return None if row is None else unpacked(row.body)


def drop_old(database: Database, project_id: str, now_ms: int) -> int:
    """Forget what is older than the project wants it kept; returns of how many messages."""
    with database.read_session() as session:
        days = policy_of(session, project_id).keep_content_days
        old = (OutboxWriting.project_id == project_id) & (OutboxWriting.kept_ms < now_ms - days * DAY_MS)
        if session.scalar(select(OutboxWriting.message_id).where(old).limit(1)) is None:
            return 0
    with database.session() as session:
        return session.connection().execute(delete(_TABLE).where(old)).rowcount
