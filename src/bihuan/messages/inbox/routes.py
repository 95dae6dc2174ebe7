"""``/api/projects/{project_id}/inbox-secret``: what a company's server signs ids with."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from bihuan.access import ControlDatabase, ProjectManager, record_act
from bihuan.messages.inbox.service import inbox_secret

router = APIRouter(prefix="/api/projects/{project_id}", tags=["messages"])


class InboxSecret(BaseModel):
    """The secret; whoever has it can fetch everybody's messages inside the app."""

    secret: str


@router.post("/inbox-secret")
def show_inbox_secret(caller: ProjectManager, database: ControlDatabase) -> InboxSecret:
    """Show the secret with which ids are signed; that is recorded."""
    target = ("inbox", caller.project.id)
    record_act(database, caller, "inbox_secret.shown", target, project_id=caller.project.id)
    return InboxSecret(secret=inbox_secret(database, caller.project.id))
