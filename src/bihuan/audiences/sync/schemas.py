"""Syncs on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bihuan.audiences.refreshing.schemas import Failure
from bihuan.insights import Author, Input, Name

Kind = Literal["webhook", "files"]
Every = Literal["hourly", "daily"]
Url = Annotated[str, StringConstraints(min_length=8, max_length=2_000)]
# As PropertyRef has it: text between the dots.
PropertyName = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^.]+(\.[^.]+)*$")]
PropertyNames = Annotated[
    list[PropertyName], Field(max_length=50, description="Properties of people that go along.")
]
KeepDays = Annotated[int, Field(ge=1, le=366, description="After how many days files are deleted.")]


class SyncInput(Input):
    """What is sent out, and where to: ``webhook`` needs a URL, ``files`` how often."""

    name: Name
    subject_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    value: Annotated[str | None, Field(max_length=200)] = None
    kind: Kind
    url: Url | None = None
    every: Every | None = None
    keep_days: KeepDays = 30
    properties: PropertyNames = []
    unmask: bool = Field(default=False, description="Personal data as it is; needs the right to see it.")

    @model_validator(mode="after")
    def _as_the_kind_needs(self) -> Self:
        if (self.url is None) == (self.kind == "webhook"):
            raise ValueError("a webhook, and only a webhook, has a url")
        if (self.every is None) == (self.kind == "files"):
            raise ValueError("files, and only files, are written every so often")
        return self


class SyncChange(Input):
    """New values; those left out stay. Enabling one that gave up goes on where it stopped."""

    name: Name | None = None
    url: Url | None = None
    every: Every | None = None
    keep_days: KeepDays | None = None
    properties: PropertyNames | None = None
    unmask: bool | None = None
    enabled: bool | None = None


class SyncOutput(BaseModel):
    """Where an audience, or a tag's value, is sent, and how that goes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    subject_id: str
    value: str | None
    kind: Kind
    url: str | None
    every: Every | None
    keep_days: int
    properties: list[str]
    unmask: bool
    enabled: bool
    sent_until: datetime | None = Field(description="Moves until then were delivered.")
    next_at: datetime | None = Field(description="After a failure: when it is tried again.")
    error: Failure | None
    created_by: Author
    created_at: datetime
    updated_at: datetime


class SyncCreated(SyncOutput):
    """A new sync; the secret of a webhook is shown this once."""

    secret: str | None


class NewSecret(BaseModel):
    """The secret from now on, shown this once; the one before holds no longer."""

    secret: str


class SendInput(Input):
    """What to send now. ``everyone``: all who are in it, as if they had just entered."""

    everyone: bool = False


class DeliveryOutput(BaseModel):
    """One message (its id is the ``webhook-id``) or file."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: Literal["moves", "erased"]
    state: Literal["pending", "delivered", "failed", "deleted"]
    created_at: datetime
    ended_at: datetime | None
    attempts: int
    status: int | None = Field(description="What the receiver answered last.")
    error: Failure | None
    entered: int
    left: int
    file: str | None
    masked: bool
    people: int
    size_bytes: int
