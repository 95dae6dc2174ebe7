"""Queries on the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from bihuan.access.audit.models import AuditRecord


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: of one project (None: of all and of none), and what else was asked for."""

    project_id: str | None = None
    action: str | None = None
    actor: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def records(wanted: Wanted) -> Select[AuditRecord]:
    """The records, the latest first. ``action`` also names a family: ``login`` has ``login.failed``."""
    statement = select(AuditRecord).order_by(AuditRecord.number.desc())
    if wanted.project_id is not None:
        statement = statement.where(AuditRecord.project_id == wanted.project_id)
    if wanted.action is not None:
        family = AuditRecord.action.startswith(f"{wanted.action}.", autoescape=True)
        statement = statement.where(or_(AuditRecord.action == wanted.action, family))
    if wanted.actor is not None:
        named = AuditRecord.actor_name.icontains(wanted.actor, autoescape=True)
        statement = statement.where(or_(AuditRecord.actor_id == wanted.actor, named))
    if wanted.target is not None:
        statement = statement.where(AuditRecord.target_id == wanted.target)
    if wanted.since is not None:
        statement = statement.where(AuditRecord.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditRecord.at < wanted.until)
    return statement
