"""Channels, templates and consents for campaigns of tests, made as their own packages make them."""

from __future__ import annotations

from typing import Any

from bihuan.database import utc_now
from bihuan.kernel.hashing import key64
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.consent.purposes import PurposeValue, put_purpose
from bihuan.messages.templates.models import Template, TemplateVersion
from tests.server.running import Running

BY = {"kind": "key", "id": "x", "name": "test"}
HELLO = "Hello {{ person.name }}: {{ campaign.name }}"


def channel(server: Running, name: str, kind: str = "smtp", **settings: Any) -> str:
    """A channel of a project; returns its id."""
    database = server.installation.database
    row = MessageChannel(project_id=server.project_id, name=name, kind=kind, settings=settings, created_by=BY)
    row.medium = {"smtp": "email", "in_app": "in_app"}[kind]
    row.secrets = Seal(database).close({})
    row.free_ms, row.enabled, row.version = 0, True, 1
    with database.session() as session:
        session.add(row)
        session.flush()
        return row.id


def template(server: Running, name: str, text: str = HELLO, medium: str = "email") -> str:
    """A template that says one thing in every language; returns its id."""
    content = {
        "email": {"medium": "email", "subject": text, "text": text},
        "in_app": {"medium": "in_app", "title": text},
    }[medium]
    row = Template(project_id=server.project_id, name=name, medium=medium, purpose="news", created_by=BY)
    row.description, row.version = "", 1
    with server.installation.database.session() as session:
        session.add(row)
        session.flush()
        body = {"variants": {"a": {"zh-CN": content}}, "default_language": "zh-CN"}
        at = utc_now()
        session.add(
            TemplateVersion(
                template_id=row.id,
                version=1,
                project_id=row.project_id,
                body=body,
                created_by=BY,
                created_at=at,
                updated_at=at,
            )
        )
        return row.id


def purpose(server: Running, key: str = "news") -> None:
    """What people are written to for unless they object."""
    with server.installation.database.session() as session:
        value = PurposeValue(key, "marketing", "News", "资讯", rules={"*": "unless_withdrawn"})
        put_purpose(session, server.project_id, value)


def person(number: int) -> int:
    """The id of somebody of the fixture."""
    return key64(f"user{number}")
