"""Templates and snippets on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bihuan.insights import Author, Input, Name, Words
from bihuan.messages.media import Medium
from bihuan.messages.templates.bodies import Body, Key, Language, Source
from bihuan.messages.templates.problems import Problem

MOST_PEOPLE = 20
PurposeKey = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
SnippetName = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
]
TableName = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Values = Annotated[dict[str, Any], Field(max_length=200)]
Format = Literal["text", "html", "mjml"]


class TemplateInput(Input):
    """A new template. ``purpose``: what it is for when the sender names no other."""

    name: Name
    description: Words = ""
    purpose: PurposeKey = "marketing"
    body: Body


class TemplateChange(Input):
    """New values; those left out stay. A body makes a new version when the one before was sent with.

    ``revision``: the one that was read; another means that somebody saved meanwhile.
    """

    name: Name | None = None
    description: Words | None = None
    purpose: PurposeKey | None = None
    body: Body | None = None
    archived: bool | None = Field(default=None, description="Out of the way: not offered to campaigns.")
    keep_version: bool = Field(default=False, description="Keep what it said: the body is a new version.")
    revision: int | None = Field(default=None, ge=1)


class TemplateOutput(BaseModel):
    """A template with the version that is edited now."""

    id: str
    name: str
    description: str
    medium: Medium
    purpose: str
    version: int
    revision: int = Field(description="Counts what was saved of it.")
    sealed: bool = Field(description="Whether this version was sent with, so that a change makes another.")
    body: Body
    archived: bool
    created_by: Author
    changed_by: Author | None
    created_at: datetime
    updated_at: datetime


class TemplateRow(BaseModel):
    """A template in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    description: str
    medium: Medium
    purpose: str
    version: int
    sent: bool = Field(description="Whether any version was sent with.")
    languages: list[str]
    variants: list[str]
    archived: bool
    created_by: Author
    changed_by: Author | None = Field(description="Null: nobody since it was made.")
    created_at: datetime
    updated_at: datetime


class TemplateVersionOutput(BaseModel):
    """What a template said from one version to the next."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    body: Body
    sealed_at: datetime | None
    created_by: Author
    created_at: datetime
    updated_at: datetime


class ProblemOutput(BaseModel):
    """A fault, and where it is. Line and column count from 1, in the source of the field or snippet."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    severity: Literal["error", "warning"]
    en: str
    zh: str
    variant: str
    language: str
    field: str
    snippet: str
    line: int | None
    column: int | None


class CheckInput(Input):
    """What is to be checked: a body that is not saved yet."""

    body: Body
    purpose: PurposeKey = "marketing"


class TemplatePreviewInput(Input):
    """For whom, and of what: a saved template, or a body that is not saved yet.

    ``event``: the latest of this name that each person has, or with ``event_properties`` an invented one.
    """

    template_id: str | None = Field(default=None, max_length=64)
    version: int | None = Field(default=None, ge=1, le=1_000_000)
    body: Body | None = None
    variant: Key | None = None
    language: Language | None = Field(default=None, description="Left out: each person's.")
    people: list[PersonName] = Field(
        default=[], max_length=MOST_PEOPLE, description="Any id, or # and number."
    )
    sample: Values | None = Field(default=None, description="Properties of somebody who is made up.")
    event: str | None = Field(default=None, min_length=1, max_length=255)
    event_properties: Values | None = None
    campaign: Values = {}
    journey: Values = {}
    data: Values = {}

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.template_id is None) == (self.body is None):
            raise ValueError("a preview is of a template_id or of a body")
        if not self.people and self.sample is None:
            raise ValueError("a preview is for people or a sample")
        return self


class SmsLengthOutput(BaseModel):
    """How long a text message is; ``segments``: messages that are paid."""

    letters: int
    segments: int
    unicode: bool


class Preview(BaseModel):
    """What one person would get; ``person`` is empty for the sample. ``content``: null when it cannot be
    written even with blanks."""

    person: str
    found: bool
    variant: str
    language: str
    medium: Medium
    content: dict[str, Any] | None
    sms: SmsLengthOutput | None
    problems: list[ProblemOutput]


class TemplatePreview(BaseModel):
    """What each of the people would get, as the caller may see it."""

    masked: bool
    previews: list[Preview]


class DesignOutput(BaseModel):
    """A design to start from. ``name``, ``about``: in zh and en; ``samples``: values to look at each
    language with; ``shown``: what it says with them."""

    key: str
    medium: Medium
    purpose: str
    name: dict[str, str]
    about: dict[str, str]
    body: Body
    samples: dict[str, dict[str, dict[str, Any]]]
    shown: dict[str, dict[str, Any]]


class SnippetInput(Input):
    """A new snippet. ``texts``: by language; the language "" is for every one that is not there."""

    name: SnippetName
    description: Words = ""
    format: Format = "text"
    texts: dict[Language | Literal[""], Source] = Field(min_length=1, max_length=50)


class SnippetChange(Input):
    """New values; those left out stay. What was sent with keeps the text it had."""

    description: Words | None = None
    texts: dict[Language | Literal[""], Source] | None = Field(default=None, min_length=1, max_length=50)


class UserOfSnippet(BaseModel):
    """A template, or another snippet, that uses a snippet."""

    kind: Literal["template", "snippet"]
    id: str
    name: str


class SnippetOutput(BaseModel):
    """A snippet, and what uses it now."""

    id: str
    name: str
    description: str
    format: Format
    texts: dict[str, str]
    used_in: list[UserOfSnippet]
    created_by: Author
    created_at: datetime
    updated_at: datetime


class LookupTable(BaseModel):
    """A look-up table."""

    name: str
    rows: int


class LookupEntry(BaseModel):
    """A row of a look-up table."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    values: dict[str, Any]


def problem_output(problem: Problem) -> ProblemOutput:
    """A problem on the wire."""
    return ProblemOutput.model_validate(problem)
