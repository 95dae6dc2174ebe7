"""Double opt-in: who agreed, and is to confirm it, gets one message with the link each time they agreed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.delivery.sms.twilio import KIND as TWILIO
from bihuan.kernel.errors import Language
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.consent.models import Consent, Proof
from bihuan.messages.consent.purposes import Policy, PurposeValue, policy_of, purposes_of
from bihuan.messages.consent.wording import MEDIUM_NAMES, words
from bihuan.messages.outbox.enqueueing import OutboxRow, enqueue
from bihuan.messages.outbox.models import HIGH, OutboxMessage

_AT_ONCE = 5_000
ANY_TEXT = (TWILIO.name,)
# What people can be asked on: the link stands in the message.
MEDIA = ("email", "sms")
_BOTH: tuple[Language, ...] = ("zh", "en")


def ask(database: Database, project_id: str, *, now_ms: int) -> int:
    """Queue the messages that ask to confirm, of everybody who was not asked yet; returns how many.

    They are asked on the medium that they agreed to. Without a public address for the link, or a channel for
    that medium, nobody is asked until there is one.
    """
    with database.session() as session:
        policy = policy_of(session, project_id)
        if not policy.public_url:
            return 0
        since_ms = now_ms - policy.confirm_hours * 3_600_000
        rows: list[OutboxRow] = []
        for medium in MEDIA:
            channel_id = _channel(session, project_id, policy, medium)
            pending = [] if channel_id is None else _unasked(session, project_id, medium, since_ms)
            purposes = purposes_of(session, project_id) if pending else {}
            rows += [
                _row(each, purposes, policy, channel_id or "") for each in pending if each.purpose in purposes
            ]
        return enqueue(session, project_id, rows, now_ms=now_ms)


def _channel(session: Session, project_id: str, policy: Policy, medium: str) -> str | None:
    wanted, template_id = policy.asking(medium)
    mine = select(MessageChannel.id).where(
        MessageChannel.project_id == project_id,
        MessageChannel.medium == medium,
        MessageChannel.enabled,
    )
    chosen = session.scalar(mine.where(MessageChannel.id == wanted))
    if medium == "sms" and not template_id:
        # Others send nothing but templates that they have approved.
        mine = mine.where(MessageChannel.kind.in_(ANY_TEXT))
    return chosen or session.scalar(mine.order_by(MessageChannel.id).limit(1))


def _unasked(session: Session, project_id: str, medium: str, since_ms: int) -> list[Proof]:
    asked = exists().where(
        OutboxMessage.project_id == project_id,
        OutboxMessage.occurrence == literal("consent/") + Proof.id,
    )
    wanted = (
        select(Proof)
        .join(Consent, Consent.proof_id == Proof.id)
        .where(
            Consent.project_id == project_id,
            Consent.state == "pending",
            Consent.medium == medium,
            Consent.at_ms > since_ms,
            Proof.person_id.is_not(None),
            ~asked,
        )
    )
    return list(session.scalars(wanted.order_by(Proof.id).limit(_AT_ONCE)))


def _row(proof: Proof, purposes: dict[str, PurposeValue], policy: Policy, channel_id: str) -> OutboxRow:
    expires_ms = proof.at_ms + policy.confirm_hours * 3_600_000
    confirm = {
        "purpose": proof.purpose,
        "medium": proof.medium,
        "proof_id": proof.id,
        "expires_ms": expires_ms,
    }
    context: dict[str, Any] = {"confirm": confirm}
    _, template_id = policy.asking(proof.medium)
    if not template_id:
        write = _text if proof.medium == "sms" else _content
        context["content"] = write(purposes[proof.purpose], policy, proof.language)
    return OutboxRow(
        person_id=proof.person_id or 0,
        occurrence=f"consent/{proof.id}",
        step="confirm",
        channel_ids=[channel_id],
        purpose="transactional",
        template_id=template_id or None,
        context=context,
        priority=HIGH,
        expires_ms=expires_ms,
    )


def _content(purpose: PurposeValue, policy: Policy, language: str) -> dict[str, str]:
    """The mail in the language in which they agreed, or in both; what a project wrote is no template."""
    known = _languages(language)
    subjects, parts = [], []
    for each in known:
        name = _plain(purpose.name(each))
        subjects.append(words("confirm_subject", each, purpose=name))
        agreed = words("agree", each, purpose=name, medium=MEDIUM_NAMES["email"][each])
        lines = [words("confirm_lead", each), agreed, words("confirm_link", each), "{{ links.confirm }}"]
        parts.append("\n\n".join([*lines, words("confirm_otherwise", each)]))
    if policy.company:
        parts.append(_plain(policy.company))
    return {"medium": "email", "subject": " / ".join(subjects)[:200], "text": "\n\n".join(parts)}


def _text(purpose: PurposeValue, policy: Policy, language: str) -> dict[str, str]:
    """The same as a text message, which is paid by its length: one sentence and the link."""
    said = [words("confirm_text", each, purpose=_plain(purpose.name(each))) for each in _languages(language)]
    company = [f"{_plain(policy.company)}:"] if policy.company else []
    return {"medium": "sms", "text": " ".join([*company, *said, "{{ links.confirm }}"])}


def _languages(language: str) -> list[Language]:
    return [each for each in _BOTH if language.lower().startswith(each)] or list(_BOTH)


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")
