"""Whom a message may go to: consent by purpose and medium, and nobody who is suppressed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bihuan.messages.consent.addresses import AddressHashes
from bihuan.messages.consent.models import Consent, Suppression
from bihuan.messages.consent.purposes import get_purpose
from bihuan.messages.consent.sets import among_people, among_texts
from bihuan.messages.errors import PurposeNotFound
from bihuan.messages.media import EVERY

SUPPRESSED = "suppressed"
WITHDRAWN = "consent_withdrawn"
MISSING = "consent_missing"
UNCONFIRMED = "consent_unconfirmed"
PURPOSE_UNKNOWN = "purpose_unknown"
# Of a person who asked for it, such as a receipt, what they said of advertising counts for nothing; of an
# address that is dead or has complained, everything does.
_FOR_MARKETING_ONLY = ("unsubscribed",)


@dataclass(frozen=True)
class Allowed:
    """Of the people who were asked about: those who may be written to, and why the others may not."""

    people: frozenset[int]
    refused: Mapping[int, str]


def allowed(
    session: Session,
    project_id: str,
    medium: str,
    purpose: str,
    person_ids: Iterable[int],
    *,
    now_ms: int,
) -> Allowed:
    """Whom of any number of people may be written to; two statements, however many they are.

    Addresses are not looked at: ``Permissions.refused`` does that when they are known.

    Raises:
        PurposeNotFound.
    """
    asked = set(person_ids)
    found = get_purpose(session, project_id, purpose)
    refused = _refused_by_consent(session, project_id, medium, purpose, found.rule(medium), asked)
    wanted = select(Suppression.person_id).where(
        among_people(session, Suppression.person_id, asked),
        *_in_force(project_id, medium, now_ms, marketing=found.kind == "marketing"),
    )
    refused |= {person: SUPPRESSED for person in session.scalars(wanted) if person is not None}
    return Allowed(frozenset(asked - refused.keys()), refused)


def suppressed_addresses(
    session: Session,
    hashes: AddressHashes,
    project_id: str,
    medium: str,
    addresses: Collection[str],
    *,
    now_ms: int,
    marketing: bool = True,
) -> set[str]:
    """Those of some addresses that nobody may write to; one statement."""
    by_hash = {hashes.hash(medium, each): each for each in addresses if each}
    wanted = select(Suppression.address_hash).where(
        among_texts(session, Suppression.address_hash, by_hash),
        *_in_force(project_id, medium, now_ms, marketing=marketing),
    )
    found = {each for each in session.scalars(wanted) if each is not None}
    # Two spellings of an address have one hash.
    return {each for each in addresses if each and hashes.hash(medium, each) in found}


class Permissions:
    """What the outbox asks before it sends."""

    def __init__(self, hashes: AddressHashes, clock_ms: Any) -> None:
        self._hashes = hashes
        self._clock_ms = clock_ms

    def refused(
        self, session: Session, project_id: str, medium: str, purpose: str, addresses: Mapping[int, str]
    ) -> Mapping[int, str]:
        """Of persons and their addresses those that must not be written to, each with the reason."""
        now_ms = self._clock_ms()
        try:
            marketing = get_purpose(session, project_id, purpose).kind == "marketing"
            found = allowed(session, project_id, medium, purpose, addresses, now_ms=now_ms)
        except PurposeNotFound:
            return dict.fromkeys(addresses, PURPOSE_UNKNOWN)
        never = suppressed_addresses(
            session,
            self._hashes,
            project_id,
            medium,
            set(addresses.values()),
            now_ms=now_ms,
            marketing=marketing,
        )
        by_address = {person: SUPPRESSED for person, address in addresses.items() if address in never}
        return {**found.refused, **by_address}


def _refused_by_consent(
    session: Session, project_id: str, medium: str, purpose: str, rule: str, asked: set[int]
) -> dict[int, str]:
    if rule == "always":
        return {}
    wanted = select(Consent.person_id, Consent.state, Consent.confirmed).where(
        Consent.project_id == project_id,
        Consent.purpose == purpose,
        Consent.medium == medium,
        among_people(session, Consent.person_id, asked),
    )
    said = {person: (state, confirmed) for person, state, confirmed in session.execute(wanted)}
    refused = {person: WITHDRAWN for person, (state, _) in said.items() if state == "withdrawn"}
    if rule == "unless_withdrawn":
        return refused
    for person in asked - refused.keys():
        state, confirmed = said.get(person, ("", False))
        if not state:
            refused[person] = MISSING
        elif state == "pending" or (rule == "with_confirmed_consent" and not confirmed):
            refused[person] = UNCONFIRMED
    return refused


def _in_force(project_id: str, medium: str, now_ms: int, *, marketing: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Suppression.project_id == project_id,
        Suppression.medium.in_((medium, EVERY)),
        or_(Suppression.expires_ms.is_(None), Suppression.expires_ms > now_ms),
    ]
    if not marketing:
        conditions.append(Suppression.reason.not_in(_FOR_MARKETING_ONLY))
    return conditions
