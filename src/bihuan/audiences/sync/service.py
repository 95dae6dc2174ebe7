"""Setting up what is sent out."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from bihuan.access import instance_secret
from bihuan.audiences.errors import SubjectNotFound
from bihuan.audiences.models import Audience
from bihuan.audiences.subjects import find_row
from bihuan.audiences.sync.errors import SyncNotFound, ValueNeeded
from bihuan.audiences.sync.models import AudienceSync, Delivery
from bihuan.audiences.sync.schemas import SyncChange, SyncInput, SyncOutput
from bihuan.database import Database, utc_now
from bihuan.delivery.webhooks.addresses import target_of
from bihuan.delivery.webhooks.signing import secret_of
from bihuan.insights import Author
from bihuan.warehouse.assignments import MEMBER

_MASTER = "webhooks"


def syncs(project_id: str) -> Select[AudienceSync]:
    """The syncs of a project."""
    return select(AudienceSync).where(AudienceSync.project_id == project_id)


def get_sync(session: Session, project_id: str, sync_id: str) -> AudienceSync:
    """One sync. Raises ``SyncNotFound``."""
    found = session.scalar(syncs(project_id).where(AudienceSync.id == sync_id))
    if found is None:
        raise SyncNotFound(sync_id=sync_id)
    return found


def create_sync(
    database: Database, project_id: str, author: Author, given: SyncInput, *, private: bool
) -> AudienceSync:
    """Have an audience, or a tag's value, sent out from now on: first everybody who is in it.

    Raises:
        SubjectNotFound, ValueNeeded, AddressRefused.
    """
    if given.url is not None:
        target_of(given.url, private=private)
    with database.session() as session:
        subject = find_row(session, project_id, given.subject_id)
        if subject is None:
            raise SubjectNotFound(subject_id=given.subject_id)
        if isinstance(subject, Audience) == (given.value is not None):
            raise ValueNeeded(path="value")
        values = given.model_dump(exclude={"value"})
        row = AudienceSync(project_id=project_id, created_by=author.model_dump(), **values)
        row.value = MEMBER if given.value is None else given.value
        row.sent_ms, row.enabled, row.secret_number = 0, True, 1
        # Who was erased before is in none of the messages.
        row.erased_ms = time.time_ns() // 1_000_000
        session.add(row)
        session.flush()
        session.expunge(row)
    return row


def change_sync(
    database: Database, project_id: str, sync_id: str, change: SyncChange, *, private: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a sync new values; returns what they were and are.

    Raises:
        SyncNotFound, AddressRefused, ValueNeeded: a URL for files, a rhythm for a webhook.
    """
    given = change.model_dump(exclude_none=True)
    if "url" in given:
        target_of(given["url"], private=private)
    with database.session() as session:
        row = get_sync(session, project_id, sync_id)
        for name, of in (("url", "webhook"), ("every", "files")):
            if name in given and row.kind != of:
                raise ValueNeeded(path=name)
        before = {name: getattr(row, name) for name in given}
        for name, value in given.items():
            setattr(row, name, value)
        row.updated_at = utc_now()
        # Whoever changed something wants to see whether it works now.
        row.next_at, row.error = None, None
    return before, given


def delete_sync(database: Database, project_id: str, sync_id: str) -> AudienceSync:
    """Send nothing any more; what was sent is not taken back. Raises ``SyncNotFound``."""
    with database.session() as session:
        row = get_sync(session, project_id, sync_id)
        session.delete(row)
        session.flush()
        session.expunge(row)
    return row


def new_secret(database: Database, project_id: str, sync_id: str) -> str:
    """Another secret, valid from now on. Raises ``SyncNotFound``."""
    with database.session() as session:
        row = get_sync(session, project_id, sync_id)
        row.secret_number += 1
        number = row.secret_number
    return secret_of(instance_secret(database, _MASTER), sync_id, number)


def secret_for(database: Database, row: AudienceSync) -> str:
    """The secret of a webhook."""
    return secret_of(instance_secret(database, _MASTER), row.id, row.secret_number)


def send_everyone_again(database: Database, project_id: str, sync_id: str) -> None:
    """Have all who are in it sent as if they had just entered. Raises ``SyncNotFound``."""
    with database.session() as session:
        row = get_sync(session, project_id, sync_id)
        row.sent_ms, row.next_at, row.error = 0, None, None
        unsent = select(Delivery).where(Delivery.sync_id == sync_id, Delivery.state == "pending")
        for each in session.scalars(unsent):
            # All of it is in what comes.
            each.state, each.ended_at = "failed", utc_now()
        # What was sent half is begun anew, not gone on with.
        whole = update(Delivery).where(Delivery.sync_id == sync_id).values(until_person=None)
        session.execute(whole)


def deliveries(project_id: str, sync_id: str) -> Select[Delivery]:
    """The messages and files of a sync."""
    return select(Delivery).where(Delivery.project_id == project_id, Delivery.sync_id == sync_id)


def output(row: AudienceSync) -> SyncOutput:
    """A sync on the wire."""
    shown = {name: getattr(row, name) for name in SyncOutput.model_fields if name != "sent_until"}
    sent = datetime.fromtimestamp(row.sent_ms / 1000, UTC) if row.sent_ms else None
    return SyncOutput.model_validate({**shown, "sent_until": sent})
