"""The first start: a default project, its source and write key, and the first API key.

The HTTP API never answers without a key, on loopback neither: a page in the operator's browser, or another
account of the machine, reaches loopback too. The first key is therefore made here and left in a file that
only the account of the server can read; it is neither printed nor logged.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bihuan.access import service
from bihuan.access.models import ApiKey, Project, WriteKey
from bihuan.access.schemas import ProjectInput
from bihuan.database import Database

ADMIN_KEY_FILE = "admin.key"
# Any fixed number: it names the lock "Bihuan makes its first project".
_ADVISORY_LOCK = 4_842_150_222


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What is there after the first start.

    Attributes:
        project_id: the default project, or the first one by id when projects existed.
        write_key: a write key of it in force; None when there is none any more.
        admin_key_file: where the first API key was written just now; None when keys existed.
    """

    project_id: str
    write_key: str | None
    admin_key_file: Path | None


def bootstrap(
    database: Database, data_directory: Path, *, project_id: str = "default", time_zone: str = "Asia/Shanghai"
) -> Bootstrap:
    """Make what the first start needs, once, however many processes start together.

    Args:
        data_directory: where ``admin.key`` goes (mode 0600); made when absent.

    Raises:
        TimeZoneUnknown.
    """
    with database.session() as session:
        if not database.is_sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        found = session.scalar(select(Project.id).order_by(Project.id).limit(1))
        if found is None:
            found = _first_project(session, project_id, time_zone)
        file = None
        if session.scalar(select(ApiKey.id).limit(1)) is None:
            _, secret = service.create_api_key(session, None, "first key", ["read", "write", "admin"])
            # Before the commit: a key whose secret nobody has would lock everyone out.
            file = _write_secret(data_directory, secret)
        write_key = session.scalar(
            select(WriteKey.key)
            .where(WriteKey.project_id == found, WriteKey.revoked_at.is_(None))
            .order_by(WriteKey.created_at)
            .limit(1)
        )
    return Bootstrap(found, write_key, file)


def _first_project(session: Session, project_id: str, time_zone: str) -> str:
    given = ProjectInput(id=project_id, name=project_id, time_zone=time_zone)
    project = service.create_project(session, given)
    source = service.create_source(session, project.id, "default")
    service.create_write_key(session, project.id, source.id)
    return project.id


def _write_secret(directory: Path, secret: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    file, draft = directory / ADMIN_KEY_FILE, directory / f"{ADMIN_KEY_FILE}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secret + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    return file
