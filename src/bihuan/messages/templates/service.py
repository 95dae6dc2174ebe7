"""Making, changing, sealing and checking templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.catalog import planned_names
from bihuan.database import new_id, utc_now
from bihuan.insights import Author
from bihuan.kernel.vocabulary import STANDARD
from bihuan.messages.consent.purposes import purposes_of
from bihuan.messages.errors import (
    MediumFixed,
    PurposeNotFound,
    TemplateExists,
    TemplateInvalid,
    TemplateNotFound,
    TemplateSealed,
)
from bihuan.messages.templates import repository
from bihuan.messages.templates.bodies import Body, source_fields
from bihuan.messages.templates.checking import Known
from bihuan.messages.templates.lookups import tables
from bihuan.messages.templates.mjml import rendered_names
from bihuan.messages.templates.models import Template, TemplateVersion
from bihuan.messages.templates.rendering import Rendering, StoredSnippets
from bihuan.messages.templates.schemas import TemplateChange, TemplateInput, TemplateOutput, TemplateRow
from bihuan.people import People


def create_template(session: Session, project_id: str, author: Author, given: TemplateInput) -> Template:
    """Keep a template that can be compiled.

    Raises:
        TemplateExists, PurposeNotFound, TemplateInvalid.
    """
    _purpose_is_there(session, project_id, given.purpose)
    compiles(session, project_id, given.body)
    row = Template(
        id=new_id(),
        project_id=project_id,
        medium=given.body.medium,
        version=1,
        created_by=author.model_dump(),
        **given.model_dump(include={"name", "description", "purpose"}),
    )
    _keep(session, row)
    _add_version(session, row, author, given.body)
    return row


def get_template(session: Session, project_id: str, template_id: str) -> Template:
    """One template. Raises ``TemplateNotFound``."""
    found = session.scalar(repository.templates(project_id).where(Template.id == template_id))
    if found is None:
        raise TemplateNotFound(template_id=template_id)
    return found


def get_version(
    session: Session, project_id: str, template_id: str, version: int | None = None, *, lock: bool = False
) -> TemplateVersion:
    """One version, the current one when none is named. Raises ``TemplateNotFound``."""
    found = repository.find_version(session, project_id, template_id, version, lock=lock)
    if found is None:
        raise TemplateNotFound(template_id=template_id)
    return found


def change_template(
    session: Session, project: Project, template_id: str, author: Author, change: TemplateChange
) -> Template:
    """Give a template new values; a new body goes into the version that was not sent with yet, or a new one.

    With ``keep_version`` it is a new one in any case.

    Raises:
        TemplateNotFound, TemplateExists, PurposeNotFound, MediumFixed, TemplateInvalid, ChangedMeanwhile.
    """
    project_id = project.id
    row = get_template(session, project_id, template_id)
    session.refresh(row, with_for_update=True)
    row.require_revision(change.revision, project.time_zone)
    if change.purpose is not None:
        _purpose_is_there(session, project_id, change.purpose)
    if change.body is not None:
        if change.body.medium != row.medium:
            raise MediumFixed(medium=row.medium, path="body")
        compiles(session, project_id, change.body)
        current = get_version(session, project_id, template_id, lock=True)
        if current.sealed_at is None and not change.keep_version:
            current.body, current.updated_at = change.body.model_dump(mode="json"), utc_now()
        else:
            row.version = current.version + 1
            _add_version(session, row, author, change.body)
    if change.body is not None or change.name is not None or change.purpose is not None:
        row.saved(author.model_dump())
    unsaid = {"body", "keep_version", "revision"}
    for name, value in change.model_dump(exclude=unsaid, exclude_none=True).items():
        setattr(row, name, value)
    row.updated_at, row.changed_by = utc_now(), author.model_dump()
    _keep(session, row)
    return row


def restore_version(
    session: Session, project: Project, template_id: str, author: Author, version: int
) -> Template:
    """Make what an older version says the current one again. Raises as ``change_template``."""
    body = Body.model_validate(get_version(session, project.id, template_id, version).body)
    return change_template(session, project, template_id, author, TemplateChange(body=body))


def delete_template(session: Session, project_id: str, template_id: str) -> str:
    """Delete a template that nothing was sent with; returns its name.

    Raises:
        TemplateNotFound, TemplateSealed.
    """
    row = get_template(session, project_id, template_id)
    if repository.is_sealed(session, template_id):
        raise TemplateSealed(name=row.name)
    session.delete(row)
    return row.name


def seal(session: Session, project_id: str, template_id: str, version: int | None = None) -> int:
    """Fix a version, the current one when none is named, with the snippets it uses: it is sent with now.

    Whoever queues messages calls this; returns the version. Again is harmless.

    Raises:
        TemplateNotFound, TemplateInvalid: it cannot be compiled.
    """
    row = get_version(session, project_id, template_id, version, lock=True)
    if row.sealed_at is None:
        body = Body.model_validate(row.body)
        compiles(session, project_id, body)
        stored = repository.stored_snippets(session, project_id)
        row.snippets = {name: stored[name] for name in sorted(_reached(_names_in(body), stored))}
        row.sealed_at = utc_now()
    return row.version


def rendering(session: Session, project_id: str, template_id: str, version: int | None = None) -> Rendering:
    """A version, compiled; a sealed one with the snippets of then. Raises ``TemplateNotFound``."""
    return rendering_of(session, get_version(session, project_id, template_id, version))


def rendering_of(session: Session, row: TemplateVersion) -> Rendering:
    """A version, compiled; a sealed one with the snippets of then."""
    snippets = row.snippets
    if snippets is None:
        snippets = repository.stored_snippets(session, row.project_id)
    return Rendering(Body.model_validate(row.body), snippets)


def compiles(session: Session, project_id: str, body: Body) -> Rendering:
    """A body, compiled with the snippets of now. Raises ``TemplateInvalid``: with the first problem."""
    made = Rendering(body, repository.stored_snippets(session, project_id))
    if made.problems:
        first = made.problems[0]
        path = ".".join(["body", "variants", first.variant, first.language, first.field])
        raise TemplateInvalid(place=first.place, reason_en=first.en, reason_zh=first.zh, path=path)
    return made


def output(session: Session, row: Template) -> TemplateOutput:
    """A template on the wire."""
    version = get_version(session, row.project_id, row.id, row.version)
    names = [name for name in TemplateOutput.model_fields if name not in ("sealed", "body")]
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    return TemplateOutput.model_validate(
        {**shown, "sealed": version.sealed_at is not None, "body": version.body}
    )


def rows_output(session: Session, rows: Sequence[Template]) -> list[TemplateRow]:
    """Templates in a list."""
    ids = [row.id for row in rows]
    sent, bodies = repository.sent_with(session, ids), repository.bodies_of(session, ids)
    found = []
    for row in rows:
        shown = {name: getattr(row, name) for name in TemplateRow.model_fields if name not in _OF_VERSIONS}
        variants: dict[str, dict[str, Any]] = bodies[row.id]["variants"]
        languages = list(dict.fromkeys(each for contents in variants.values() for each in contents))
        shown |= {"sent": row.id in sent, "languages": languages, "variants": list(variants)}
        found.append(TemplateRow.model_validate(shown))
    return found


_OF_VERSIONS = frozenset(("sent", "languages", "variants"))


def known_of(session: Session, project_id: str, people: People) -> Known:
    """What a project knows of the names that templates may use."""
    events, properties = planned_names(session, project_id)
    person = _levels(people.property_names())
    event = _levels([*properties, *STANDARD]) if events else frozenset()
    purposes = {key: each.kind for key, each in purposes_of(session, project_id).items()}
    return Known(person, event, frozenset(tables(session, project_id)), purposes)


def used_snippets(body: Body, stored: StoredSnippets) -> set[str]:
    """The snippets that a body uses, by way of others too."""
    return _reached(_names_in(body), stored)


def _levels(names: list[str]) -> frozenset[str]:
    found = set(names)
    for name in names:
        parts = name.split(".")
        found |= {".".join(parts[:length]) for length in range(1, len(parts))}
    return frozenset(found)


def _names_in(body: Body) -> set[str]:
    found: set[str] = set()
    for contents in body.variants.values():
        for content in contents.values():
            for source in source_fields(content).values():
                found |= rendered_names(source)
    return found


def _reached(names: set[str], stored: StoredSnippets) -> set[str]:
    reached: set[str] = set()
    waiting = {name for name in names if name in stored}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for text in stored[name]["texts"].values():
            waiting |= {each for each in rendered_names(text) if each in stored and each not in reached}
    return reached


def _purpose_is_there(session: Session, project_id: str, purpose: str) -> None:
    if purpose not in purposes_of(session, project_id):
        raise PurposeNotFound(purpose=purpose, path="purpose")


def _add_version(session: Session, row: Template, author: Author, body: Body) -> None:
    version = TemplateVersion(
        template_id=row.id,
        version=row.version,
        project_id=row.project_id,
        body=body.model_dump(mode="json"),
        created_by=author.model_dump(),
    )
    session.add(version)
    session.flush()


def _keep(session: Session, row: Template) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise TemplateExists(name=row.name, path="name") from error
