"""Keeping consent in order: into the event log, after people merge or are erased, when lists expire."""

from __future__ import annotations

import logging
import time
from typing import Protocol

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.collect import Intake
from bihuan.database import Database
from bihuan.messages.consent import service, suppressions
from bihuan.messages.consent.asking import ask
from bihuan.messages.consent.models import Consent, Proof
from bihuan.messages.consent.sets import among_people
from bihuan.messages.consent.telling import tell
from bihuan.people import People

CONSENT = "messages.consent"
CONSENT_SECONDS = 60
_log = logging.getLogger(__name__)


class Told(Protocol):
    """A project that is open: ``bihuan.projects.OpenProject``."""

    @property
    def row(self) -> Project:
        """The project."""

    @property
    def people(self) -> People:
        """Its people."""

    @property
    def intake(self) -> Intake:
        """Where its events come in."""


def keep_up(database: Database, project: Told, *, now_ms: int | None = None) -> dict[str, int]:
    """One round for a project. Whatever was interrupted is finished; again is harmless."""
    at_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    people, project_id = project.people, project.row.id
    with database.session() as session:
        moved = service.follow_merges(session, project_id, people.identities.person_of)
        forgotten = service.forget_people(session, project_id, _erased(session, project_id, people))
        expired = suppressions.remove_expired(session, now_ms=at_ms)
    told = tell(database, project_id, people, project.intake, now_ms=at_ms)
    asked = ask(database, project_id, now_ms=at_ms)
    return {"moved": moved, "forgotten": forgotten, "expired": expired, "told": told, "asked": asked}


def forget_erased(database: Database, project_id: str, person_ids: list[int]) -> None:
    """What an erasure calls, with the person and the keys of all ids."""
    with database.session() as session:
        service.forget_people(session, project_id, person_ids)


def tell_soon(request: Request, project_id: str) -> None:
    """Write to the event log what was just said; when that fails, the next round does."""
    project: Told = request.app.state.open_project(project_id)
    try:
        tell(
            request.app.state.database,
            project_id,
            project.people,
            project.intake,
            now_ms=time.time_ns() // 1_000_000,
        )
    except Exception:
        _log.warning("consent of project %s is told to the event log later", project_id, exc_info=True)


def _erased(session: Session, project_id: str, people: People) -> list[int]:
    """People with consents of before they were erased, of whom a crash left something."""
    moments = people.erasures.moments
    if not moments:
        return []
    of_consents = select(Consent.person_id, Consent.at_ms).where(
        Consent.project_id == project_id, among_people(session, Consent.person_id, moments)
    )
    of_proofs = select(Proof.person_id, Proof.at_ms).where(
        Proof.project_id == project_id, among_people(session, Proof.person_id, moments)
    )
    latest: dict[int | None, int] = {}
    for statement in (of_consents, of_proofs):
        for person, at_ms in session.execute(statement):
            latest[person] = max(latest.get(person, 0), at_ms)
    return [
        person
        for person, at_ms in latest.items()
        if person is not None and people.erasures.covers(person, at_ms)
    ]
