"""Queries on templates and snippets."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.insights import contains
from bihuan.messages.templates.models import Snippet, Template, TemplateVersion


def templates(
    project_id: str,
    *,
    search: str | None = None,
    medium: str | None = None,
    archived: bool | None = None,
    sent: bool | None = None,
) -> Select[Template]:
    """The templates of a project. ``sent``: whether any version was sent with."""
    wanted = select(Template).where(Template.project_id == project_id)
    if medium:
        wanted = wanted.where(Template.medium == medium)
    if archived is not None:
        wanted = wanted.where(Template.archived.is_(archived))
    if sent is not None:
        used = select(TemplateVersion.template_id).where(
            TemplateVersion.template_id == Template.id, TemplateVersion.sealed_at.is_not(None)
        )
        wanted = wanted.where(used.exists() if sent else ~used.exists())
    return wanted.where(contains(Template.name, search)) if search else wanted


def find_version(
    session: Session, project_id: str, template_id: str, version: int | None = None, *, lock: bool = False
) -> TemplateVersion | None:
    """A version of a template, the current one when none is named."""
    wanted = select(TemplateVersion).where(
        TemplateVersion.project_id == project_id, TemplateVersion.template_id == template_id
    )
    if version is None:
        wanted = wanted.order_by(TemplateVersion.version.desc()).limit(1)
    else:
        wanted = wanted.where(TemplateVersion.version == version)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def versions(project_id: str, template_id: str) -> Select[TemplateVersion]:
    """The versions of a template, the newest first."""
    wanted = select(TemplateVersion).where(TemplateVersion.project_id == project_id)
    wanted = wanted.where(TemplateVersion.template_id == template_id)
    return wanted.order_by(TemplateVersion.version.desc())


def is_sealed(session: Session, template_id: str) -> bool:
    """Whether any version was used for sending."""
    wanted = select(func.count()).select_from(TemplateVersion)
    wanted = wanted.where(TemplateVersion.template_id == template_id, TemplateVersion.sealed_at.is_not(None))
    return bool(session.scalar(wanted))


def sent_with(session: Session, template_ids: list[str]) -> set[str]:
    """Those of some templates that any message was sent with."""
    wanted = select(TemplateVersion.template_id).where(
        TemplateVersion.template_id.in_(template_ids), TemplateVersion.sealed_at.is_not(None)
    )
    return set(session.scalars(wanted.distinct()))


def bodies_of(session: Session, template_ids: list[str]) -> dict[str, dict[str, Any]]:
    """What some templates say now, by id."""
    wanted = (
        select(Template.id, TemplateVersion.body)
        .join(
            TemplateVersion,
            (TemplateVersion.template_id == Template.id) & (TemplateVersion.version == Template.version),
        )
        .where(Template.id.in_(template_ids))
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def snippets(project_id: str, *, search: str | None = None) -> Select[Snippet]:
    """The snippets of a project."""
    wanted = select(Snippet).where(Snippet.project_id == project_id)
    return wanted.where(contains(Snippet.name, search)) if search else wanted


def stored_snippets(session: Session, project_id: str) -> dict[str, dict[str, Any]]:
    """Every snippet of a project as ``rendering.StoredSnippets``."""
    return {row.name: stored(row) for row in session.scalars(snippets(project_id))}


def stored(row: Snippet) -> dict[str, Any]:
    """A snippet as it is kept with a version."""
    return {"format": row.format, "texts": row.texts}


def current_bodies(session: Session, project_id: str) -> list[tuple[Template, dict[str, Any]]]:
    """Every template with the body that is edited now."""
    rows = session.execute(
        select(Template, TemplateVersion.body)
        .join(
            TemplateVersion,
            (TemplateVersion.template_id == Template.id) & (TemplateVersion.version == Template.version),
        )
        .where(Template.project_id == project_id)
        .order_by(Template.name)
    )
    return [(template, body) for template, body in rows]
