"""The verbs on projects, sources and keys. Each runs in the caller's transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.access import repository
from bihuan.access.errors import (
    ApiKeyNotFound,
    ProjectExists,
    ProjectNotFound,
    SourceExists,
    SourceNotFound,
    TimeZoneUnknown,
    WriteKeyNotFound,
)
from bihuan.access.members.models import Member, Membership
from bihuan.access.models import ApiKey, Project, Source, WriteKey
from bihuan.access.roles import SCOPES, Scope
from bihuan.access.schemas import ProjectChange, ProjectInput
from bihuan.access.signals import ProjectChanged, ProjectCreated, ProjectDeleted, WriteKeysChanged
from bihuan.database import emit, utc_now

WRITE_KEY_PREFIX = "wk_"
API_KEY_PREFIX = "bk_"
TOKEN_PREFIX = "bt_"


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_time_zone(name: str) -> None:
    # Only listed names: ZoneInfo itself would also open a file path or differ in letter case by file system.
    if name not in _time_zones():
        raise TimeZoneUnknown(time_zone=name, path="time_zone")


def create_project(session: Session, given: ProjectInput) -> Project:
    """Make a project.

    Raises:
        ProjectExists, TimeZoneUnknown.
    """
    _check_time_zone(given.time_zone)
    project = Project(**given.model_dump())
    try:
        with session.begin_nested():
            session.add(project)
    except IntegrityError as error:
        raise ProjectExists(project_id=given.id, path="id") from error
    owners = session.scalars(select(Member.id).where(Member.instance_owner))
    session.add_all(Membership(member_id=each, project_id=given.id, role="owner") for each in owners)
    emit(session, ProjectCreated(project.id))
    return project


def get_project(session: Session, project_id: str) -> Project:
    """The project.

    Raises:
        ProjectNotFound.
    """
    project = session.get(Project, project_id)
    if project is None:
        raise ProjectNotFound(project_id=project_id)
    return project


def change_project(session: Session, project_id: str, change: ProjectChange) -> Project:
    """Set the fields that ``change`` gives; null counts as not given.

    Raises:
        ProjectNotFound, TimeZoneUnknown.
    """
    project = get_project(session, project_id)
    values = change.model_dump(exclude_none=True)
    if "time_zone" in values:
        _check_time_zone(values["time_zone"])
    for name, value in values.items():
        setattr(project, name, value)
    session.flush()
    emit(session, ProjectChanged(project_id))
    return project


def delete_project(session: Session, project_id: str) -> None:
    """Remove the project with its sources and keys; the warehouse follows the signal.

    Raises:
        ProjectNotFound.
    """
    session.delete(get_project(session, project_id))
    session.flush()
    emit(session, ProjectDeleted(project_id))
    emit(session, WriteKeysChanged(project_id))


def create_source(session: Session, project_id: str, name: str, protocol: str | None = None) -> Source:
    """Make a source.

    Raises:
        ProjectNotFound; SourceExists: the name is taken in this project.
    """
    get_project(session, project_id)
    source = Source(project_id=project_id, name=name, protocol=protocol)
    try:
        with session.begin_nested():
            session.add(source)
    except IntegrityError as error:
        raise SourceExists(name=name, path="name") from error
    return source


def get_source(session: Session, project_id: str, source_id: str) -> Source:
    """The source of this project.

    Raises:
        SourceNotFound.
    """
    source = repository.find_source(session, project_id, source_id)
    if source is None:
        raise SourceNotFound(source_id=source_id)
    return source


def rename_source(session: Session, project_id: str, source_id: str, name: str) -> Source:
    """Give a source another name; events stored before keep the old one.

    Raises:
        SourceNotFound, SourceExists.
    """
    source = get_source(session, project_id, source_id)
    try:
        with session.begin_nested():
            source.name = name
    except IntegrityError as error:
        raise SourceExists(name=name, path="name") from error
    emit(session, WriteKeysChanged(project_id))
    return source


def delete_source(session: Session, project_id: str, source_id: str) -> None:
    """Remove a source and its write keys; its events stay.

    Raises:
        SourceNotFound.
    """
    session.delete(get_source(session, project_id, source_id))
    session.flush()
    emit(session, WriteKeysChanged(project_id))


def create_write_key(session: Session, project_id: str, source_id: str) -> WriteKey:
    """Make a write key (``wk_`` and 128 random bits) for a source.

    Raises:
        SourceNotFound.
    """
    get_source(session, project_id, source_id)
    key = WriteKey(key=WRITE_KEY_PREFIX + secrets.token_hex(16), project_id=project_id, source_id=source_id)
    session.add(key)
    session.flush()
    emit(session, WriteKeysChanged(project_id))
    return key


def revoke_write_key(session: Session, project_id: str, key: str) -> WriteKey:
    """End a write key; ending it again changes nothing.

    Raises:
        WriteKeyNotFound.
    """
    row = session.get(WriteKey, key)
    if row is None or row.project_id != project_id:
        raise WriteKeyNotFound(key=key)
    row.revoked_at = row.revoked_at or utc_now()
    session.flush()
    emit(session, WriteKeysChanged(project_id))
    return row


def create_api_key(
    session: Session,
    project_id: str | None,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make an API key; returns it with its secret (``bk_`` and 256 random bits), which is not kept.

    Args:
        project_id: the one project it is for; None for the whole instance.

    Raises:
        ProjectNotFound.
    """
    if project_id is not None:
        get_project(session, project_id)
    secret = API_KEY_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        project_id=project_id,
        name=name,
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_at=expires_at,
        secret_sha256=secret_sha256(secret),
        secret_ending=secret[-4:],
    )
    session.add(key)
    session.flush()
    return key, secret


def revoke_api_key(session: Session, project_id: str | None, key_id: str) -> ApiKey:
    """End an API key of this project (None: of the instance); ending it again changes nothing.

    Raises:
        ApiKeyNotFound.
    """
    key = session.get(ApiKey, key_id)
    if key is None or key.project_id != project_id:
        raise ApiKeyNotFound(key_id=key_id)
    key.revoked_at = key.revoked_at or utc_now()
    session.flush()
    return key


def secret_sha256(secret: str) -> str:
    """What is kept of a secret. A plain hash is enough: 256 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
