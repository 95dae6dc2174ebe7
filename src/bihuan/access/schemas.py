"""The wire forms of projects, sources and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from bihuan.access.roles import Scope

# Part of a warehouse database's name, so letters, digits and underscores only.
PROJECT_ID_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
ProjectId = Annotated[str, StringConstraints(pattern=PROJECT_ID_PATTERN), Field(examples=["shop"])]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
SourceName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=64), Field(examples=["Asia/Shanghai"])]
Weekday = Annotated[int, Field(ge=1, le=7, description="ISO: 1 is Monday, 7 is Sunday.")]
SessionGapSeconds = Annotated[
    int, Field(ge=1, le=86_400, description="Silence after which a person's next event begins a new session.")
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["CNY"])]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Output(BaseModel):
    model_config = ConfigDict(from_attributes=True)


def _settings(settings: dict[str, Any]) -> dict[str, Any]:
    as_of = settings.get("as_of")
    if as_of is not None and (not isinstance(as_of, str) or datetime.fromisoformat(as_of).tzinfo is None):
        raise ValueError("as_of is a time with an offset, such as 2017-12-31T23:59:59+00:00")
    return settings


Settings = Annotated[
    dict[str, Any],
    AfterValidator(_settings),
    Field(description="`as_of`: a time with an offset that questions count back from instead of now."),
]


class ProjectInput(_Input):
    """A new project."""

    id: ProjectId
    name: Name
    time_zone: TimeZone = "Asia/Shanghai"
    first_weekday: Weekday = 1
    session_gap_seconds: SessionGapSeconds = 1_800
    currency: Currency = "CNY"
    settings: Settings = Field(default_factory=dict)


class ProjectChange(_Input):
    """New values for the fields that are given; the others stay."""

    name: Name | None = None
    time_zone: TimeZone | None = None
    first_weekday: Weekday | None = None
    session_gap_seconds: SessionGapSeconds | None = None
    currency: Currency | None = None
    settings: Settings | None = None


class ProjectOutput(_Output):
    """A project."""

    id: str
    name: str
    time_zone: str
    first_weekday: int
    session_gap_seconds: int
    currency: str
    settings: dict[str, Any]
    created_at: datetime


class SourceInput(_Input):
    """A new source."""

    name: SourceName
    protocol: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]+$")] | None = Field(
        default=None, description="The protocol its SDK speaks, as a hint for people.", examples=["segment"]
    )


class SourceChange(_Input):
    """A new name for a source."""

    name: SourceName


class SourceOutput(_Output):
    """A source."""

    id: str
    project_id: str
    name: str
    protocol: str | None
    created_at: datetime


class WriteKeyInput(_Input):
    """A new write key of a source."""

    source_id: str = Field(max_length=26)


class WriteKeyOutput(_Output):
    """A write key; it is public, so it is always shown in full."""

    key: str
    project_id: str
    source_id: str
    created_at: datetime
    revoked_at: datetime | None


class ApiKeyInput(_Input):
    """A new API key."""

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    expires_at: AwareDatetime | None = None


class ApiKeyOutput(_Output):
    """An API key without its secret."""

    id: str
    project_id: str | None = Field(description="Null: the key is of the whole instance.")
    name: str
    secret_ending: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeyCreated(ApiKeyOutput):
    """An API key with its secret: the only time it is shown."""

    secret: str
