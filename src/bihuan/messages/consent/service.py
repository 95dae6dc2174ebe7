"""Giving and withdrawing consent, each time with proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bihuan.database import emit, new_id
from bihuan.messages.consent.models import Bounce, Consent, Proof, Suppression
from bihuan.messages.consent.purposes import PurposeValue, get_purpose, policy_of, purposes_of
from bihuan.messages.consent.sets import among_people
from bihuan.messages.consent.tokens import Link
from bihuan.messages.errors import LinkInvalid
from bihuan.messages.media import MEDIA

Action = Literal["given", "pending", "confirmed", "withdrawn"]
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Change:
    """What somebody said. ``action``: ``given`` or ``withdrawn``; ``wording``: what they were shown.

    ``address``: of their browser. ``confirmed``: given in a way that needs no confirming, such as on paper.
    """

    person_id: int
    purpose: str
    medium: str
    action: Literal["given", "withdrawn"]
    source: str
    wording: str = ""
    language: str = ""
    address: str = ""
    message_id: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class ConsentPending:
    """Signal: somebody is to be asked to confirm; ``link`` is signed with ``tokens.Links``."""

    project_id: str
    person_id: int
    purpose: str
    medium: str
    link: Link


@dataclass(frozen=True)
class ConsentChanged:
    """Signal: somebody gave or withdrew consent."""

    project_id: str


def record(session: Session, project_id: str, changes: Sequence[Change], *, at_ms: int) -> list[Proof]:
    """Keep what people said, and what holds now; the last of several words on one thing counts.

    Where the purpose asks for it, a consent waits to be confirmed, and ``ConsentPending`` is emitted.

    Raises:
        PurposeNotFound.
    """
    purposes = {key: get_purpose(session, project_id, key) for key in {each.purpose for each in changes}}
    hours = policy_of(session, project_id).confirm_hours
    proofs: list[Proof] = []
    states: dict[tuple[int, str, str], dict[str, Any]] = {}
    for change in changes:
        action = _action(change, purposes[change.purpose])
        proof = _proof(project_id, change, action, at_ms)
        proofs.append(proof)
        states[change.person_id, change.purpose, change.medium] = {
            "project_id": project_id,
            "person_id": change.person_id,
            "purpose": change.purpose,
            "medium": change.medium,
            "state": action,
            "confirmed": action == "given" and change.confirmed,
            "at_ms": at_ms,
            "proof_id": proof.id,
        }
        if action == "pending":
            expires_ms = at_ms + hours * 3_600_000
            link = Link("confirm", project_id, change.person_id, change.purpose, change.medium)
            link = replace(link, proof_id=proof.id, expires_ms=expires_ms)
            emit(session, ConsentPending(project_id, change.person_id, change.purpose, change.medium, link))
    session.add_all(proofs)
    session.flush()
    put_states(session, list(states.values()))
    emit(session, ConsentChanged(project_id))
    return proofs


def confirm(session: Session, link: Link, *, at_ms: int, address: str, wording: str, language: str) -> Proof:
    """Confirm what somebody agreed to; again is harmless.

    Raises:
        LinkInvalid: they said something else since.
    """
    row = session.get(Consent, (link.project_id, link.person_id, link.purpose, link.medium))
    earlier = session.get(Proof, link.proof_id)
    if row is None or earlier is None or row.state == "withdrawn":
        raise LinkInvalid
    if row.confirmed:
        return session.get_one(Proof, row.proof_id)
    if row.proof_id != link.proof_id:
        raise LinkInvalid
    change = Change(
        link.person_id,
        link.purpose,
        link.medium,
        "given",
        "confirmation",
        wording=wording or earlier.wording,
        language=language,
        address=address,
    )
    proof = _proof(link.project_id, change, "confirmed", at_ms)
    session.add(proof)
    row.state, row.confirmed, row.at_ms, row.proof_id = "given", True, at_ms, proof.id
    emit(session, ConsentChanged(link.project_id))
    return proof


def put_states(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write what holds now; a word of later stands against one of earlier."""
    table: Table = Consent.__table__  # type: ignore[assignment]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(table)
        fresh = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["project_id", "person_id", "purpose", "medium"],
            set_={name: fresh[name] for name in ("state", "confirmed", "at_ms", "proof_id")},
            where=table.c.at_ms <= fresh["at_ms"],
        )
        session.connection().execute(statement, rows[start : start + _AT_ONCE])
    for kept in list(session.identity_map.values()):
        if isinstance(kept, Consent):
            session.expire(kept)


def states_of(session: Session, project_id: str, person_id: int) -> dict[tuple[str, str], Consent]:
    """What holds for a person, by purpose and medium."""
    wanted = select(Consent).where(Consent.project_id == project_id, Consent.person_id == person_id)
    return {(row.purpose, row.medium): row for row in session.scalars(wanted)}


def proofs_of(session: Session, project_id: str, person_id: int, limit: int = 500) -> list[Proof]:
    """What a person said, the latest first."""
    wanted = select(Proof).where(Proof.project_id == project_id, Proof.person_id == person_id)
    return list(session.scalars(wanted.order_by(Proof.id.desc()).limit(limit)))


def withdraw_everything(
    session: Session, project_id: str, person_id: int, media: Iterable[str], *, at_ms: int, **how: str
) -> list[Proof]:
    """Withdraw all marketing on some media."""
    changes = [
        Change(person_id, key, medium, "withdrawn", **how)  # type: ignore[arg-type]
        for key, purpose in purposes_of(session, project_id).items()
        for medium in media
        if purpose.kind == "marketing" and medium in MEDIA
    ]
    return record(session, project_id, changes, at_ms=at_ms)


def forget_people(session: Session, project_id: str, person_ids: Iterable[int]) -> int:
    """Take everything personal of erased people out; hashes of suppressed addresses stay.

    Returns how many rows it changed. Again is harmless.
    """
    keys = list(person_ids)
    connection = session.connection()
    done = 0
    for model, column in ((Consent, Consent.person_id), (Suppression, Suppression.person_id)):
        wanted = delete(model).where(model.project_id == project_id, among_people(session, column, keys))
        done += connection.execute(wanted).rowcount
    for statement in (
        update(Proof)
        .where(Proof.project_id == project_id, among_people(session, Proof.person_id, keys))
        .values(person_id=None, address="", message_id="", untold=False),
        update(Suppression)
        .where(Suppression.project_id == project_id, among_people(session, Suppression.about_person, keys))
        .values(about_person=None, shown="", detail=""),
        update(Bounce)
        .where(Bounce.project_id == project_id, among_people(session, Bounce.about_person, keys))
        .values(about_person=None, detail=""),
    ):
        done += connection.execute(statement).rowcount
    return done


def follow_merges(session: Session, project_id: str, person_of: Callable[[int], int]) -> int:
    """Move what was said under an id that became part of another person; the later word stands.

    Returns how many consents moved.
    """
    wanted = select(Consent.person_id).where(Consent.project_id == project_id).distinct()
    moved = {each: person_of(each) for each in session.scalars(wanted)}
    moved = {old: new for old, new in moved.items() if old != new}
    if not moved:
        return 0
    of_moved = (Consent.project_id == project_id, among_people(session, Consent.person_id, moved))
    rows = [
        {
            "project_id": project_id,
            "person_id": moved[row.person_id],
            "purpose": row.purpose,
            "medium": row.medium,
            "state": row.state,
            "confirmed": row.confirmed,
            "at_ms": row.at_ms,
            "proof_id": row.proof_id,
        }
        for row in session.scalars(select(Consent).where(*of_moved))
    ]
    put_states(session, rows)
    session.connection().execute(delete(Consent).where(*of_moved))
    for old, new in moved.items():
        said = update(Proof).where(Proof.project_id == project_id, Proof.person_id == old)
        session.connection().execute(said.values(person_id=new))
    return len(rows)


def _action(change: Change, purpose: PurposeValue) -> Action:
    asks = purpose.rule(change.medium) == "with_confirmed_consent"
    return "pending" if change.action == "given" and asks and not change.confirmed else change.action


def _proof(project_id: str, change: Change, action: Action, at_ms: int) -> Proof:
    return Proof(
        id=new_id(),
        project_id=project_id,
        person_id=change.person_id,
        purpose=change.purpose,
        medium=change.medium,
        action=action,
        at_ms=at_ms,
        source=change.source[:60],
        wording=change.wording,
        language=change.language[:20],
        address=change.address[:64],
        message_id=change.message_id[:60],
        untold=True,
    )
