"""Members of a project who are logged in to a running server."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from bihuan.access.members.service import add_member, join
from bihuan.access.roles import Role
from bihuan.access.sessions import service as sessions
from tests.server.running import Running


def member_client(server: Running, role: Role, **options: Any) -> httpx.Client:
    """A client of a new member with this role, below the project's address."""
    database = server.installation.database
    with database.session() as session:
        mail = f"{role}-{uuid.uuid4().hex}@example.com"
        member = add_member(session, email=mail, name=role, language="en")
        join(session, member, server.project_id, role)
        row, token = sessions.begin(session, member, address="test", user_agent="")
    return httpx.Client(
        base_url=f"{server.url}/api/projects/{server.project_id}",
        headers={"x-csrf-token": sessions.csrf_token(database, row.id)},
        cookies={"bihuan_session": token},
        **options,
    )
