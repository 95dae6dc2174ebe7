"""``/api/projects/{project_id}/members`` and ``…/invitations``, ``/api/roles``, and what links open."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Path, Request, Response

from bihuan.access.members import joining, links, repository, service
from bihuan.access.members.models import AccessLink, Member
from bihuan.access.members.schemas import (
    InvitationAnswer,
    InvitationCreated,
    InvitationInput,
    InvitationOutput,
    InvitationSeen,
    LinkOutput,
    MemberOutput,
    NewPassword,
    ProjectMemberOutput,
    ResetSeen,
    RoleChange,
    RoleOutput,
    RolesOutput,
)
from bihuan.access.models import Project
from bihuan.access.permissions import AnyCaller, ControlDatabase, MemberManager, Public, Viewer
from bihuan.access.requests import own_address
from bihuan.access.roles import PERMISSIONS, ROLE_PERMISSIONS, ROLES, Role
from bihuan.access.routes import Cursor, Identifier, Limit
from bihuan.access.sessions.routes import logged_in
from bihuan.access.sessions.schemas import Me
from bihuan.database import Page, paginate

router = APIRouter(prefix="/api", tags=["members"])

Token = Annotated[str, Path(min_length=1, max_length=200)]


@router.get("/roles")
def roles(caller: AnyCaller) -> RolesOutput:
    """Which role may do what."""
    found = [
        RoleOutput(role=role, permissions=[each for each in PERMISSIONS if each in ROLE_PERMISSIONS[role]])
        for role in ROLES
    ]
    return RolesOutput(permissions=list(PERMISSIONS), roles=found)


@router.get("/projects/{project_id}/members")
def list_members(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[ProjectMemberOutput]:
    """The members of a project with their roles."""
    with database.read_session() as session:
        rows, after = paginate(session, repository.members_of(caller.project.id), Member.id, cursor, limit)
        roles = repository.roles_of(session, caller.project.id, [row.id for row in rows])
    return Page(items=[_shown(row, roles[row.id]) for row in rows], next_cursor=after)


@router.patch("/projects/{project_id}/members/{member_id}")
def change_role(
    caller: MemberManager, database: ControlDatabase, member_id: Identifier, body: RoleChange
) -> ProjectMemberOutput:
    """Give a member another role."""
    with database.session() as session:
        member = service.change_role(session, caller.holder, caller.project.id, member_id, body.role)
        return _shown(member, body.role)


@router.delete("/projects/{project_id}/members/{member_id}", status_code=204)
def remove_member(caller: MemberManager, database: ControlDatabase, member_id: Identifier) -> None:
    """Take a member out of the project; the account stays."""
    with database.session() as session:
        service.remove(session, caller.holder, caller.project.id, member_id)


@router.post("/projects/{project_id}/members/{member_id}/password-reset", status_code=201)
def create_reset_link(
    caller: MemberManager, request: Request, database: ControlDatabase, member_id: Identifier
) -> LinkOutput:
    """A link with which the member chooses a new password, to be handed over."""
    with database.session() as session:
        member = service.check_reset(session, caller.holder, caller.project.id, member_id)
        link, path = joining.reset_link(session, caller, member, caller.project.id)
    return LinkOutput(link=own_address(request) + path, expires_at=link.expires_at)


@router.get("/projects/{project_id}/invitations")
def list_invitations(
    caller: MemberManager, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[InvitationOutput]:
    """Invitations that nobody has used yet."""
    with database.read_session() as session:
        statement = repository.open_invitations(caller.project.id)
        rows, after = paginate(session, statement, AccessLink.id, cursor, limit)
    return Page(items=[InvitationOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/projects/{project_id}/invitations", status_code=201)
def invite(
    caller: MemberManager, request: Request, database: ControlDatabase, body: InvitationInput
) -> InvitationCreated:
    """Invite somebody; the link is shown this once, to be handed over."""
    with database.session() as session:
        link, path = joining.invite(session, caller.holder, caller.project.id, body.email, body.role)
        shown = InvitationOutput.model_validate(link)
    return InvitationCreated(**shown.model_dump(), link=own_address(request) + path)


@router.delete("/projects/{project_id}/invitations/{invitation_id}", status_code=204)
def withdraw_invitation(caller: MemberManager, database: ControlDatabase, invitation_id: Identifier) -> None:
    """End an invitation."""
    with database.session() as session:
        joining.withdraw(session, caller.holder, caller.project.id, invitation_id)


@router.get("/invitations/{token}")
def see_invitation(caller: Public, database: ControlDatabase, token: Token) -> InvitationSeen:
    """What the holder of an invitation's link learns before accepting."""
    with database.read_session() as session:
        link = links.find(session, "invitation", token)
        project = session.get_one(Project, link.project_id)
        known = repository.member_by_email(session, link.email or "")
    return InvitationSeen(
        email=link.email or "",
        project_name=project.name,
        role=cast(Role, link.role),
        expires_at=link.expires_at,
        has_account=known is not None,
    )


@router.post("/invitations/{token}")
def accept_invitation(
    caller: Public,
    request: Request,
    response: Response,
    database: ControlDatabase,
    token: Token,
    body: InvitationAnswer,
) -> Me:
    """Join the project; logs in."""
    member = joining.accept(
        database,
        caller,
        token,
        name=body.name,
        password=body.password,
        totp=body.totp,
        language=body.language,
    )
    return logged_in(request, response, database, member, how="invitation")


@router.get("/password-reset/{token}")
def see_reset(caller: Public, database: ControlDatabase, token: Token) -> ResetSeen:
    """Whose password the link changes."""
    with database.read_session() as session:
        link = links.find(session, "password_reset", token)
        member = service.get_member(session, link.member_id or "")
    return ResetSeen(email=member.email, expires_at=link.expires_at)


@router.post("/password-reset/{token}", status_code=204)
def reset_password(caller: Public, database: ControlDatabase, token: Token, body: NewPassword) -> None:
    """Choose a new password; every session of the member ends, and logging in needs it."""
    joining.reset_password(database, caller, token, body.password)


def _shown(member: Member, role: str) -> ProjectMemberOutput:
    shown = MemberOutput.model_validate(member)
    return ProjectMemberOutput(**shown.model_dump(), role=cast(Role, role))
