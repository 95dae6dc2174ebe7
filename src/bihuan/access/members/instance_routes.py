"""``/api/members`` and ``/api/setup-link``: what the owner of the whole installation does with members."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import select

from bihuan.access.audit import service as audit
from bihuan.access.members import joining, service
from bihuan.access.members.models import Member
from bihuan.access.members.schemas import LinkOutput, MemberChange, MemberOutput
from bihuan.access.permissions import ControlDatabase, InstanceAdmin
from bihuan.access.requests import own_address
from bihuan.access.routes import Cursor, Identifier, Limit
from bihuan.database import Page, paginate

router = APIRouter(prefix="/api", tags=["members"])


@router.get("/members")
def list_all_members(
    caller: InstanceAdmin, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[MemberOutput]:
    """Every member of the installation."""
    with database.read_session() as session:
        rows, after = paginate(session, select(Member), Member.id, cursor, limit)
    return Page(items=[MemberOutput.model_validate(row) for row in rows], next_cursor=after)


@router.patch("/members/{member_id}")
def change_member(
    caller: InstanceAdmin, database: ControlDatabase, member_id: Identifier, body: MemberChange
) -> MemberOutput:
    """Disable a member or let them in again, make them own the installation, take their codes away."""
    with database.session() as session:
        member = service.get_member(session, member_id)
        if body.disabled is not None:
            service.set_disabled(session, caller, member, body.disabled)
        if body.instance_owner is not None:
            service.set_instance_owner(session, caller, member, body.instance_owner)
        if body.totp_enabled is False:
            service.remove_totp(session, caller, member)
        session.flush()
        return MemberOutput.model_validate(member)


@router.post("/members/{member_id}/password-reset", status_code=201)
def create_any_reset_link(
    caller: InstanceAdmin, request: Request, database: ControlDatabase, member_id: Identifier
) -> LinkOutput:
    """A link with which any member chooses a new password."""
    with database.session() as session:
        member = service.get_member(session, member_id)
        link, path = joining.reset_link(session, caller, member)
    return LinkOutput(link=own_address(request) + path, expires_at=link.expires_at)


@router.post("/setup-link", status_code=201)
def create_setup_link(caller: InstanceAdmin, request: Request, database: ControlDatabase) -> LinkOutput:
    """The link for the first member once more, while there is none."""
    with database.session() as session:
        audit.lock(session)
        link, path = joining.setup_link(session, caller.actor.name)
    return LinkOutput(link=own_address(request) + path, expires_at=link.expires_at)
