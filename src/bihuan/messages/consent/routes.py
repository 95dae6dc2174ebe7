"""``/api/projects/{project_id}/consent``: purposes, consents with proof, suppressions, bounces."""

from __future__ import annotations

import time
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, File, Path, Query, Request, UploadFile
from sqlalchemy.orm import Session

from bihuan.access import (
    Caller,
    CallerSight,
    ControlDatabase,
    DataEditor,
    ProjectManager,
    Viewer,
    record_act,
    record_change,
)
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, newest_first
from bihuan.kernel.errors import InputInvalid
from bihuan.kernel.hashing import key64
from bihuan.messages.consent import purposes, service, suppressions
from bihuan.messages.consent.addresses import AddressHashes
from bihuan.messages.consent.allowing import allowed
from bihuan.messages.consent.models import Suppression
from bihuan.messages.consent.purposes import PurposeValue
from bihuan.messages.consent.schemas import (
    Answer,
    ConsentInput,
    ConsentOutput,
    ConsentsRecorded,
    PersonConsents,
    PolicyChange,
    PolicyOutput,
    ProofOutput,
    PurposeInput,
    PurposeOutput,
    Question,
    Reason,
    RefusedLine,
    ReturnsInput,
    ReturnsOutput,
    SuppressionInput,
    SuppressionOutput,
    SuppressionsImported,
    milliseconds,
)
from bihuan.messages.consent.service import Change
from bihuan.messages.consent.suppressions import Never, Returned
from bihuan.messages.consent.upkeep import tell_soon
from bihuan.messages.media import EVERY, MEDIA, Medium
from bihuan.people import People
from bihuan.people.errors import PersonNotFound

router = APIRouter(prefix="/api/projects/{project_id}/consent", tags=["consent"])
Key = Annotated[str, Path(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
PersonName = Annotated[
    str, Query(min_length=1, max_length=1024, description="Any id of the person, or # and the person_id.")
]


@router.get("/purposes")
def list_purposes(caller: Viewer, database: ControlDatabase) -> list[PurposeOutput]:
    """What messages are for, and when people may be written to for it."""
    with database.read_session() as session:
        found = purposes.purposes_of(session, caller.project.id)
    return [PurposeOutput.of(each) for each in found.values()]


@router.put("/purposes/{key}")
def put_purpose(
    caller: ProjectManager, database: ControlDatabase, key: Key, body: PurposeInput
) -> PurposeOutput:
    """Make or change a purpose."""
    value = PurposeValue(key=key, **body.model_dump())
    with database.session() as session:
        before = purposes.purposes_of(session, caller.project.id).get(key)
        purposes.put_purpose(session, caller.project.id, value)
        _changed(session, caller, "purpose.changed", key, body.model_dump(), _dumped(before))
    return PurposeOutput.of(value)


@router.delete("/purposes/{key}", status_code=204)
def delete_purpose(caller: ProjectManager, database: ControlDatabase, key: Key) -> None:
    """Delete a purpose of the project's own; what people said of it is kept."""
    with database.session() as session:
        purposes.delete_purpose(session, caller.project.id, key)
        _changed(session, caller, "purpose.deleted", key, {})


@router.get("/policy")
def get_policy(caller: Viewer, database: ControlDatabase) -> PolicyOutput:
    """When bounces suppress an address, and what pages for people say."""
    with database.read_session() as session:
        return PolicyOutput.of(purposes.policy_of(session, caller.project.id))


@router.patch("/policy")
def change_policy(caller: ProjectManager, database: ControlDatabase, body: PolicyChange) -> PolicyOutput:
    """Change it."""
    values = body.model_dump(exclude_none=True)
    with database.session() as session:
        policy = purposes.set_policy(session, caller.project.id, values)
        _changed(session, caller, "consent_policy.changed", caller.project.id, values)
    return PolicyOutput.of(policy)


@router.post("/consents", status_code=201)
def record_consents(
    caller: DataEditor, database: ControlDatabase, request: Request, body: ConsentInput
) -> ConsentsRecorded:
    """Record what people said elsewhere, such as on a form, with proof."""
    persons = _persons(request, caller.project.id, body.people)
    now_ms = _now_ms()
    given = body.model_dump(exclude={"people", "at"})
    changes = [Change(person_id=each, **given) for each in sorted(persons)]
    at_ms = min(milliseconds(body.at, now_ms), now_ms)
    with database.session() as session:
        proofs = service.record(session, caller.project.id, changes, at_ms=at_ms)
        after = {**body.model_dump(include={"purpose", "medium", "action", "source"}), "people": len(persons)}
        _changed(session, caller, "consent.recorded", body.purpose, after)
        pending = sum(each.action == "pending" for each in proofs)
    tell_soon(request, caller.project.id)
    return ConsentsRecorded(recorded=len(changes), pending=pending)


@router.get("/person")
def person_consents(
    caller: Viewer, database: ControlDatabase, request: Request, sight: CallerSight, person: PersonName
) -> PersonConsents:
    """What a person may be sent, and what they said, with proof."""
    (number,) = _persons(request, caller.project.id, [person])
    with database.read_session() as session:
        states = service.states_of(session, caller.project.id, number)
        proofs = service.proofs_of(session, caller.project.id, number)
        wanted = suppressions.suppressions(caller.project.id).where(Suppression.person_id == number)
        media = {row.medium for row in session.scalars(wanted)}
    if any(each.address for each in proofs):
        sight.saw("consent", str(number))
    return PersonConsents(
        person_id=str(number),
        consents=[ConsentOutput.of(row) for _, row in sorted(states.items())],
        proofs=[ProofOutput.of(each, hides=sight.mask.hides) for each in proofs],
        suppressed=sorted(MEDIA if EVERY in media else media),
    )


@router.post("/allowed")
def who_is_allowed(caller: Viewer, database: ControlDatabase, request: Request, body: Question) -> Answer:
    """How many of some people may be written to, and why the others may not."""
    persons = _persons(request, caller.project.id, body.people)
    with database.read_session() as session:
        found = allowed(session, caller.project.id, body.medium, body.purpose, persons, now_ms=_now_ms())
    return Answer(allowed=len(found.people), refused=dict(Counter(found.refused.values())))


@router.get("/suppressions")
def list_suppressions(
    caller: Viewer,
    database: ControlDatabase,
    medium: Annotated[Medium | None, Query()] = None,
    reason: Annotated[Reason | None, Query()] = None,
    address: Annotated[str | None, Query(max_length=320, description="Whether this one is listed.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[SuppressionOutput]:
    """Whom nobody writes to, the newest first."""
    wanted = suppressions.suppressions(caller.project.id, medium=medium, reason=reason)
    if address:
        hashes = AddressHashes.of(database)
        each = [hashes.hash(one, address) for one in MEDIA]
        wanted = wanted.where(Suppression.address_hash.in_(each))
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Suppression.id, cursor, limit)
    return Page(items=[SuppressionOutput.of(row) for row in rows], next_cursor=after)


@router.post("/suppressions", status_code=201)
def add_suppression(
    caller: DataEditor, database: ControlDatabase, request: Request, body: SuppressionInput
) -> SuppressionOutput:
    """Put an address, or a person, on the list."""
    if (body.address is None) == (body.person is None):
        raise InputInvalid(
            path="address", reason_en="Give an address or a person.", reason_zh="请提供地址或用户之一。"
        )
    person = None
    if body.person is not None:
        (person,) = _persons(request, caller.project.id, [body.person])
    expires_ms = None if body.expires_at is None else milliseconds(body.expires_at, 0)
    never = Never(
        body.medium, "manual", body.address or "", person, detail=body.detail, expires_ms=expires_ms
    )
    hashes = AddressHashes.of(database)
    with database.session() as session:
        suppressions.suppress(session, hashes, caller.project.id, [never], at_ms=_now_ms())
        wanted = suppressions.suppressions(caller.project.id, medium=body.medium)
        if body.address is not None:
            medium = "email" if body.medium == EVERY else body.medium
            wanted = wanted.where(Suppression.address_hash == hashes.hash(medium, body.address))
        else:
            wanted = wanted.where(Suppression.person_id == person)
        row = session.scalars(wanted).one()
        _changed(session, caller, "suppression.added", row.id, {"medium": row.medium})
        return SuppressionOutput.of(row)


@router.post("/suppressions/import")
def import_suppressions(
    caller: DataEditor,
    database: ControlDatabase,
    medium: Annotated[Medium, Query()],
    file: Annotated[
        UploadFile, File(description="CSV with a heading: address, and if there reason, expires.")
    ],
) -> SuppressionsImported:
    """Put a file of addresses on the list; UTF-8 or GBK."""
    content = file.file.read()
    hashes = AddressHashes.of(database)
    with database.session() as session:
        done = suppressions.import_list(session, hashes, caller.project.id, medium, content, at_ms=_now_ms())
        after = {"medium": medium, "lines": done.lines, "added": done.added}
        _changed(session, caller, "suppression.imported", medium, after)
    refused = [RefusedLine(line=line, reason_en=en, reason_zh=zh) for line, en, zh in done.refused[:1_000]]
    return SuppressionsImported(lines=done.lines, added=done.added, refused=refused)


@router.delete("/suppressions/{suppression_id}", status_code=204)
def lift_suppression(
    caller: DataEditor,
    database: ControlDatabase,
    suppression_id: Identifier,
    why: Annotated[str, Query(max_length=1_000, description="Kept in the audit log.")] = "",
) -> None:
    """Take one off the list."""
    with database.session() as session:
        row = suppressions.lift(session, caller.project.id, suppression_id)
        before = {"medium": row.medium, "reason": row.reason}
        _changed(session, caller, "suppression.lifted", suppression_id, {"why": why}, before)


@router.post("/returns")
def record_returns(
    caller: DataEditor, database: ControlDatabase, request: Request, body: ReturnsInput
) -> ReturnsOutput:
    """Record bounces and complaints that a provider told of; the policy suppresses whom it should."""
    now_ms = _now_ms()
    returned = [
        Returned(
            each.medium,
            each.address,
            each.kind,
            min(milliseconds(each.at, now_ms), now_ms),
            None if each.person is None else _persons(request, caller.project.id, [each.person]).pop(),
            each.detail,
            each.report_id,
        )
        for each in body.reports
    ]
    hashes = AddressHashes.of(database)
    with database.session() as session:
        count = suppressions.record_returns(session, hashes, caller.project.id, returned, now_ms=now_ms)
    after = {"reports": len(returned), "recorded": count}
    target = ("consent", "returns")
    record_act(database, caller, "returns.recorded", target, project_id=caller.project.id, after=after)
    tell_soon(request, caller.project.id)
    return ReturnsOutput(recorded=count)


def _persons(request: Request, project_id: str, names: list[str]) -> set[int]:
    people: People = request.app.state.people(project_id)
    found: set[int] = set()
    for name in names:
        if name.startswith("#"):
            if not name[1:].isdigit() or int(name[1:]) >= 1 << 64:
                raise PersonNotFound(person=name, path="person")
            found.add(people.identities.person_of(int(name[1:])))
        else:
            found.add(people.identities.person_of(key64(name)))
    return found


def _dumped(value: PurposeValue | None) -> dict[str, Any] | None:
    return None if value is None else dict(value.__dict__)


def _changed(
    session: Session,
    caller: Caller,
    action: str,
    target_id: str,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    target = (action.partition(".")[0], target_id)
    record_change(session, caller, action, target, project_id=caller.project.id, before=before, after=after)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
