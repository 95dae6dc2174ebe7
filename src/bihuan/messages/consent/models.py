"""Rows of purposes, consents with their proof, suppressions and bounces. Times are Unix milliseconds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, PersonKey, new_id


class Purpose(Base):
    """What messages are for. ``rules``: medium (or ``*``) to when somebody may be written to."""

    __tablename__ = "message_purposes"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(15))
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200))
    description_en: Mapped[str] = mapped_column(Text, default="")
    description_zh: Mapped[str] = mapped_column(Text, default="")
    rules: Mapped[dict[str, str]] = mapped_column(JsonValue)
    shown: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class ConsentSettings(Base):
    """What a project decided beside its purposes: ``settings`` as in ``schemas.Settings``."""

    __tablename__ = "message_consent_settings"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class Consent(Base):
    """What holds now. ``state``: given, pending (asked to confirm) or withdrawn; ``proof_id``: its proof."""

    __tablename__ = "message_consents"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(PersonKey, primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(String(60), primary_key=True)
    medium: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    confirmed: Mapped[bool] = mapped_column(default=False)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    proof_id: Mapped[str] = mapped_column(String(26))


class Proof(Base):
    """One change of one consent, kept for good: when, from where, and what the person was shown.

    ``address``: of the browser. ``untold``: the event log does not have it yet. Of an erased person
    ``person_id``, ``address`` and ``message_id`` are taken out.
    """

    __tablename__ = "message_consent_proofs"
    __table_args__ = (
        Index("ix_message_consent_proofs_person", "project_id", "person_id"),
        Index(
            "ix_message_consent_proofs_untold",
            "id",
            postgresql_where=text("untold"),
            sqlite_where=text("untold"),
        ),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(PersonKey)
    purpose: Mapped[str] = mapped_column(String(60))
    medium: Mapped[str] = mapped_column(String(12))
    action: Mapped[str] = mapped_column(String(10))
    at_ms: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(60))
    wording: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    message_id: Mapped[str] = mapped_column(String(60), default="")
    untold: Mapped[bool] = mapped_column(default=True)


class Suppression(Base):
    """Nobody writes to this address, or to this person: one of the two is given.

    ``medium``: one, or ``*`` for all. ``shown``: the address masked. ``about_person``: whose address it was
    when it bounced; taken out, with ``shown``, when they are erased, while the hash stays.
    """

    __tablename__ = "message_suppressions"
    __table_args__ = (
        UniqueConstraint("project_id", "medium", "address_hash"),
        UniqueConstraint("project_id", "medium", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    medium: Mapped[str] = mapped_column(String(12))
    address_hash: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(PersonKey)
    about_person: Mapped[int | None] = mapped_column(PersonKey)
    shown: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(Text, default="")
    at_ms: Mapped[int] = mapped_column(BigInteger)
    expires_ms: Mapped[int | None] = mapped_column(BigInteger)


class Bounce(Base):
    """A message that came back, or was complained about. The id is derived: a report counts once."""

    __tablename__ = "message_bounces"
    __table_args__ = (Index("ix_message_bounces_address", "project_id", "medium", "address_hash", "at_ms"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    medium: Mapped[str] = mapped_column(String(12))
    address_hash: Mapped[str] = mapped_column(String(64))
    about_person: Mapped[int | None] = mapped_column(PersonKey)
    kind: Mapped[str] = mapped_column(String(10))
    detail: Mapped[str] = mapped_column(Text, default="")
    at_ms: Mapped[int] = mapped_column(BigInteger)
