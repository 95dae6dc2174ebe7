"""Logging in, and what members see and change of themselves, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from bihuan.access.roles import Permission, Role, Scope
from bihuan.access.schemas import Name
from bihuan.access.sessions.passwords import LONGEST

MemberLanguage = Literal["zh", "en"]


def _encodable(text: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("is not text")
    return text


Email = Annotated[
    str,
    StringConstraints(max_length=254, strip_whitespace=True, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$"),
    AfterValidator(_encodable),
    Field(examples=["li@example.com"]),
]
Password = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(_encodable)]
Code = Annotated[str, StringConstraints(max_length=20)]
LinkToken = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Output(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SetupState(BaseModel):
    """Whether the first member is still to be made."""

    needed: bool


class SetupInput(_Input):
    """The first member, with what stands after # in the set-up link."""

    token: LinkToken
    name: Name
    email: Email
    password: Password
    language: MemberLanguage = "zh"


class LoginInput(_Input):
    """Who logs in; ``totp`` is the code of the authenticator app, where the account has one."""

    email: Email
    password: Password
    totp: Code | None = None


class MeMember(_Output):
    """The member who asks."""

    id: str
    name: str
    email: str
    language: MemberLanguage
    instance_owner: bool
    totp_enabled: bool
    has_password: bool


class MyProject(BaseModel):
    """A project that the member works in."""

    id: str
    name: str
    time_zone: str
    first_weekday: int
    currency: str
    role: Role
    permissions: list[Permission]


class Me(BaseModel):
    """The member, their projects, and the token that changes need."""

    member: MeMember
    csrf_token: str = Field(description="Send it as x-csrf-token with every change.")
    projects: list[MyProject]


class MeChange(_Input):
    """New values for the fields that are given."""

    name: Name | None = None
    language: MemberLanguage | None = None


class PasswordChange(_Input):
    """The password there is, and the new one."""

    current: Password
    new: Password


class TotpStarted(BaseModel):
    """The secret for an authenticator app; it counts once a code of it is confirmed."""

    secret: str
    otpauth_uri: str


class TotpCode(_Input):
    """A code that the app shows."""

    code: Code


class PasswordProof(_Input):
    """The password, asked again."""

    password: Password


class TokenInput(_Input):
    """A new personal token. It never allows more than the member may do."""

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    expires_at: AwareDatetime | None = None


class TokenOutput(_Output):
    """A personal token without its secret."""

    id: str
    name: str
    secret_ending: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenCreated(TokenOutput):
    """A personal token with its secret: the only time it is shown."""

    secret: str


class SessionOutput(_Output):
    """A browser in which the member is logged in."""

    id: str
    current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
