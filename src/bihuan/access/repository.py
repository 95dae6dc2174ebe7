"""Queries on projects, sources and keys."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.access.models import ApiKey, Project, Source, WriteKey


def projects(only: Sequence[str] | None = None) -> Select[Project]:
    """Every project, or those with these ids."""
    statement = select(Project)
    return statement if only is None else statement.where(Project.id.in_(only))


def sources(project_id: str) -> Select[Source]:
    """The sources of a project."""
    return select(Source).where(Source.project_id == project_id)


def write_keys(project_id: str) -> Select[WriteKey]:
    """The write keys of a project, revoked ones too."""
    return select(WriteKey).where(WriteKey.project_id == project_id)


def api_keys(project_id: str | None) -> Select[ApiKey]:
    """The API keys of a project, or with None those of the whole instance; revoked ones too."""
    if project_id is None:
        return select(ApiKey).where(ApiKey.project_id.is_(None))
    return select(ApiKey).where(ApiKey.project_id == project_id)


def find_source(session: Session, project_id: str, source_id: str) -> Source | None:
    """The source, when it is of this project."""
    return session.scalar(sources(project_id).where(Source.id == source_id))


def source_named(session: Session, project_id: str, name: str) -> Source | None:
    """The source of this project with this name."""
    return session.scalar(sources(project_id).where(Source.name == name))


def find_api_key(session: Session, secret_sha256: str) -> ApiKey | None:
    """The API key whose secret has this hash, whatever its state."""
    return session.scalar(select(ApiKey).where(ApiKey.secret_sha256 == secret_sha256))


def active_write_keys() -> Select[str, str, str, str, str | None]:
    """Key, project, source id, source name and protocol of every key in force, of every project."""
    return (
        select(WriteKey.key, WriteKey.project_id, Source.id, Source.name, Source.protocol)
        .join(Source, Source.id == WriteKey.source_id)
        .where(WriteKey.revoked_at.is_(None))
    )
