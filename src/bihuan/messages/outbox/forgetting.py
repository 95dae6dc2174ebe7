"""Erasing a person from what was and would be sent to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from bihuan.database import Database
from bihuan.messages.inbox.models import InboxMessage
from bihuan.messages.outbox.models import OutboxMessage


def forget_messages(database: Database, project_id: str, person_ids: Sequence[int]) -> None:
    """Delete the messages of a person; one that is being sent at this moment is deleted too."""
    with database.session() as session:
        for table in (OutboxMessage, InboxMessage):
            rows = (table.project_id == project_id) & table.person_id.in_(person_ids)
            session.execute(delete(table).where(rows))
