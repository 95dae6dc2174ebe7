"""Consent on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bihuan.insights import Input, Name, Words
from bihuan.messages.consent.models import Consent, Proof, Suppression
from bihuan.messages.consent.purposes import Kind, Policy, PurposeValue, Rule
from bihuan.messages.media import Medium

PurposeKey = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")]
MediumOrAll = Medium | Literal["*"]
Reference = Annotated[str, StringConstraints(max_length=26, pattern=r"^[0-9a-z]*$")]
MOST_PEOPLE = 10_000
Reason = Literal["hard_bounce", "soft_bounces", "complaint", "unsubscribed", "manual", "imported"]


class PurposeInput(Input):
    """A purpose. ``rules``: medium to when somebody may be written to; ``*`` for those not named."""

    kind: Kind = "marketing"
    name_en: Name
    name_zh: Name
    description_en: Words = ""
    description_zh: Words = ""
    rules: dict[MediumOrAll, Rule] = {}
    shown: bool = Field(default=True, description="Whether people see it on their page.")
    position: int = Field(default=0, ge=0, le=1_000)


class PurposeOutput(PurposeInput):
    """A purpose of a project."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    key: str

    @classmethod
    def of(cls, value: PurposeValue) -> PurposeOutput:
        """From the service's value."""
        return cls.model_validate(value)


class PolicyChange(Input):
    """Parts of the policy; those left out stay."""

    soft_bounces: int | None = Field(default=None, ge=1, le=100)
    soft_days: int | None = Field(default=None, ge=1, le=365)
    soft_suppressed_days: int | None = Field(default=None, ge=1, le=3_650)
    confirm_hours: int | None = Field(default=None, ge=1, le=8_760)
    public_url: (
        Annotated[str, StringConstraints(max_length=200, pattern=r"^(https?://[^\s/?#]+)?$")] | None
    ) = None
    company: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    confirm_channel_id: Reference | None = None
    confirm_template_id: Reference | None = None
    confirm_sms_channel_id: Reference | None = None
    confirm_sms_template_id: Reference | None = None


class PolicyOutput(BaseModel):
    """When bounces suppress, how long a link to confirm holds, and what pages for people say.

    So many ``soft_bounces`` in ``soft_days`` suppress an address for ``soft_suppressed_days``.
    ``public_url``: where people reach this server; without it messages carry no links to it. Who is to
    confirm is asked by ``confirm_channel_id`` with ``confirm_template_id`` (which has ``links.confirm``);
    empty: by the first channel for mail, in words of Bihuan's own. For text messages there are
    ``confirm_sms_channel_id`` and ``confirm_sms_template_id``; providers that send approved templates only
    need the template.
    """

    model_config = ConfigDict(from_attributes=True)

    soft_bounces: int
    soft_days: int
    soft_suppressed_days: int
    confirm_hours: int
    public_url: str
    company: str
    confirm_channel_id: str
    confirm_template_id: str
    confirm_sms_channel_id: str
    confirm_sms_template_id: str

    @classmethod
    def of(cls, policy: Policy) -> PolicyOutput:
        """From the service's value."""
        return cls.model_validate(policy)


class ConsentInput(Input):
    """What people said, with proof of it.

    ``at``: when, not given for now. ``wording``: what they were shown. ``confirmed``: they need not be asked
    again, since this proves it.
    """

    people: list[PersonName] = Field(
        min_length=1, max_length=MOST_PEOPLE, description="Any id, or # and number."
    )
    purpose: PurposeKey
    medium: Medium
    action: Literal["given", "withdrawn"]
    source: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
    wording: Words = ""
    language: Annotated[str, StringConstraints(max_length=20)] = ""
    address: Annotated[str, StringConstraints(max_length=64)] = Field(
        default="", description="Of their browser."
    )
    at: datetime | None = None
    confirmed: bool = False


class ConsentsRecorded(BaseModel):
    """How many were recorded, and how many of these wait to be confirmed."""

    recorded: int
    pending: int


class ConsentOutput(BaseModel):
    """What holds for a person."""

    purpose: str
    medium: str
    state: Literal["given", "pending", "withdrawn"]
    confirmed: bool
    at: datetime

    @classmethod
    def of(cls, row: Consent) -> ConsentOutput:
        """From the row."""
        return cls(
            purpose=row.purpose,
            medium=row.medium,
            state=row.state,  # type: ignore[arg-type]
            confirmed=row.confirmed,
            at=moment(row.at_ms),
        )


class ProofOutput(BaseModel):
    """One change with its proof; ``address`` is shown to those who may see personal data."""

    purpose: str
    medium: str
    action: Literal["given", "pending", "confirmed", "withdrawn"]
    at: datetime
    source: str
    wording: str
    language: str
    address: str
    message_id: str

    @classmethod
    def of(cls, row: Proof, *, hides: bool) -> ProofOutput:
        """From the row, as the caller may see it."""
        return cls(
            purpose=row.purpose,
            medium=row.medium,
            action=row.action,  # type: ignore[arg-type]
            at=moment(row.at_ms),
            source=row.source,
            wording=row.wording,
            language=row.language,
            address="***" if hides and row.address else row.address,
            message_id=row.message_id,
        )


class PersonConsents(BaseModel):
    """What a person may be sent, and what they said, the latest first."""

    person_id: str
    consents: list[ConsentOutput]
    proofs: list[ProofOutput]
    suppressed: list[str] = Field(description="Media on which nobody writes to this person.")


class Question(Input):
    """Whom of some people may be written to."""

    people: list[PersonName] = Field(min_length=1, max_length=MOST_PEOPLE)
    purpose: PurposeKey
    medium: Medium


class Answer(BaseModel):
    """How many may be written to, and how many not, by the reason."""

    allowed: int
    refused: dict[str, int]


class SuppressionInput(Input):
    """An address, or a person, that nobody is to write to."""

    medium: MediumOrAll
    address: Address | None = None
    person: PersonName | None = None
    detail: Words = ""
    expires_at: datetime | None = None


class SuppressionOutput(BaseModel):
    """An entry of the list; of addresses only a hash is kept, ``shown`` is masked."""

    id: str
    medium: str
    shown: str
    person_id: str | None
    reason: Reason
    detail: str
    at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Suppression) -> SuppressionOutput:
        """From the row."""
        return cls(
            id=row.id,
            medium=row.medium,
            shown=row.shown,
            person_id=None if row.person_id is None else str(row.person_id),
            reason=row.reason,  # type: ignore[arg-type]
            detail=row.detail,
            at=moment(row.at_ms),
            expires_at=None if row.expires_ms is None else moment(row.expires_ms),
        )


class RefusedLine(BaseModel):
    """A line that could not be taken."""

    line: int
    reason_en: str
    reason_zh: str


class SuppressionsImported(BaseModel):
    """What a file said; the first thousand of the lines that were refused."""

    lines: int
    added: int
    refused: list[RefusedLine]


class ReturnedInput(Input):
    """A bounce or a complaint that a provider told of. ``report_id`` names it: it counts once."""

    medium: Medium
    address: Address
    kind: Literal["hard", "soft", "complaint"]
    person: PersonName | None = None
    at: datetime | None = None
    detail: Words = ""
    report_id: Annotated[str, StringConstraints(max_length=200)] = ""


class ReturnsInput(Input):
    """Several of them."""

    reports: list[ReturnedInput] = Field(min_length=1, max_length=5_000)


class ReturnsOutput(BaseModel):
    """How many were new."""

    recorded: int


def moment(ms: int) -> datetime:
    """A moment of Unix milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def milliseconds(at: datetime | None, otherwise: int) -> int:
    """A moment as Unix milliseconds."""
    return otherwise if at is None else round(at.timestamp() * 1000)
