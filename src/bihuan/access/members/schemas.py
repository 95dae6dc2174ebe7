"""Members, roles and links on the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bihuan.access.roles import Permission, Role
from bihuan.access.schemas import Name
from bihuan.access.sessions.schemas import Code, Email, MemberLanguage, Password


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RoleOutput(BaseModel):
    """A role and what it may do."""

    role: Role
    permissions: list[Permission]


class RolesOutput(BaseModel):
    """Every permission, and every role with those it has, the most powerful first."""

    permissions: list[Permission]
    roles: list[RoleOutput]


class MemberOutput(BaseModel):
    """A member."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    email: str
    language: MemberLanguage
    instance_owner: bool
    totp_enabled: bool
    created_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None


class ProjectMemberOutput(MemberOutput):
    """A member of a project."""

    role: Role


class RoleChange(_Input):
    """A member's new role."""

    role: Role


class MemberChange(_Input):
    """What the owner of the instance changes of a member; what is left out stays."""

    disabled: bool | None = None
    instance_owner: bool | None = None
    totp_enabled: bool | None = Field(default=None, description="Only false: the member starts anew.")


class InvitationInput(_Input):
    """Whom to invite, as what."""

    email: Email
    role: Role


class InvitationOutput(BaseModel):
    """An invitation that nobody has used yet."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    email: str
    role: Role
    created_by: str
    created_at: datetime
    expires_at: datetime


class LinkOutput(BaseModel):
    """A link to hand over; it is shown this once, works once, and expires."""

    link: str
    expires_at: datetime


class InvitationCreated(InvitationOutput):
    """An invitation with its link: the only time it is shown."""

    link: str


class InvitationSeen(BaseModel):
    """What somebody who holds the link learns before accepting."""

    email: str
    project_name: str
    role: Role
    expires_at: datetime
    has_account: bool = Field(description="Then the password of the account is asked, not a new one.")


class InvitationAnswer(_Input):
    """Name and password of a new account, or the password of the one the address has."""

    name: Name | None = None
    password: Password
    totp: Code | None = None
    language: MemberLanguage = "zh"


class ResetSeen(BaseModel):
    """Whose password the link changes."""

    email: str
    expires_at: datetime


class NewPassword(_Input):
    """The password to use from now on."""

    password: Password
