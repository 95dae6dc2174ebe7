"""Campaigns' messages by the outbox of this installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.campaigns.findings import Finding, block
from bihuan.campaigns.plan.schemas import Message
from bihuan.campaigns.running.messenger import Price, Queued, Reach, Sample
from bihuan.campaigns.running.reaching import Reacher, wishes_of
from bihuan.database import Database
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.consent.purposes import purposes_of
from bihuan.messages.outbox.enqueueing import OutboxRow, enqueue
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.ports import Permission, Renderer, SendingProject
from bihuan.messages.outbox.service import end, hold, release, spent
from bihuan.messages.templates.models import Template
from bihuan.messages.templates.service import seal


@dataclass(frozen=True)
class OutboxMessenger:
    """Messages of one project. ``permission`` and ``renderer`` are those that sending asks, too."""

    database: Database
    project: SendingProject
    permission: Permission
    renderer: Renderer

    def check(self, session: Session, project_id: str, message: Message, path: str) -> list[Finding]:
        """What keeps a message from being sent at all."""
        found = []
        channels = {
            row.id: row
            for row in session.scalars(
                select(MessageChannel).where(
                    MessageChannel.project_id == project_id, MessageChannel.id.in_(message.channel_ids)
                )
            )
        }
        for place, channel_id in enumerate(message.channel_ids):
            row = channels.get(channel_id)
            if row is None or not row.enabled:
                name = channel_id if row is None else row.name
                found.append(_gone("channel", f"{path}.channel_ids[{place}]", name, ("channel", "渠道")))
        template = session.get(Template, message.template_id or "")
        if template is None or template.project_id != project_id:
            found.append(
                _gone("template", f"{path}.template_id", message.template_id or "", ("template", "模板"))
            )
        elif channels and all(row.medium != template.medium for row in channels.values()):
            found.append(
                block(
                    "template_medium",
                    f"{path}.template_id",
                    (
                        f"The template '{template.name}' is for {template.medium}, the channels are not.",
                        f"模板“{template.name}”适用于 {template.medium}，与渠道不符。",
                    ),
                    ("Choose a template of the channel's kind.", "请选择与渠道一致的模板。"),
                )
            )
        if message.purpose not in purposes_of(session, project_id):
            found.append(_gone("purpose", f"{path}.purpose", message.purpose, ("purpose", "用途")))
        return found

    def seal(self, session: Session, project_id: str, message: Message) -> int:
        """Fix what a message says from now on; returns the version of its template."""
        return seal(session, project_id, message.template_id or "")

    def enqueue(self, session: Session, project_id: str, rows: Sequence[Queued]) -> int:
        """Queue messages in this transaction; returns how many were new."""
        return enqueue(session, project_id, [_row(each) for each in rows])

    def hold(self, session: Session, project_id: str, occurrence: str) -> int:
        """Send nothing of an occurrence until it is released; what is being sent goes out."""
        return hold(session, project_id, occurrence)

    def release(self, session: Session, project_id: str, occurrence: str) -> int:
        """Go on with what was held."""
        return release(session, project_id, occurrence)

    def end(self, session: Session, project_id: str, occurrence: str) -> int:
        """Send nothing more of an occurrence, ever."""
        return end(session, project_id, occurrence)

    def states(self, session: Session, project_id: str, occurrence: str) -> dict[str, int]:
        """How many messages of an occurrence are in each state."""
        of = _of(project_id, occurrence).with_only_columns(OutboxMessage.state, func.count())
        return {row[0]: row[1] for row in session.execute(of.group_by(OutboxMessage.state))}

    def spent(self, session: Session, project_id: str, occurrence: str) -> float:
        """What the messages of an occurrence that went out cost."""
        return spent(session, project_id, occurrence)

    def prices(self, project_id: str, messages: Sequence[Message]) -> Mapping[str, Price]:
        """What the channels of some messages cost, by id."""
        wanted = select(MessageChannel).where(
            MessageChannel.project_id == project_id,
            MessageChannel.id.in_({each for message in messages for each in message.channel_ids}),
        )
        with self.database.read_session() as session:
            rows = list(session.scalars(wanted))
        return {row.id: Price(row.name, row.medium, row.cost_per_message) for row in rows}

    def reach(self, project_id: str, message: Message, person_ids: Sequence[int], at_ms: int) -> Reach:
        """Who of these people could be sent a message at a moment, and by which channel."""
        return Reacher(self.database, self.project, self.permission).reach(message, person_ids, at_ms)

    def sample(self, project_id: str, message: Message, person_id: int, context: Mapping[str, Any]) -> Sample:
        """The message as this person would get it; nothing is sent."""
        reacher = Reacher(self.database, self.project, self.permission)
        draft = reacher.draft(message, person_id, context)
        if draft is None:
            return Sample(person_id, "", {})
        content = self.renderer.render(self.project, [draft])[draft.message.id]
        path = f"plan.messages.{message.step}"
        if is_dataclass(content) and not hasattr(content, "reason"):
            return Sample(person_id, draft.message.channel_id, _shown(asdict(content)))
        reason, detail = getattr(content, "reason", ""), getattr(content, "detail", "")
        finding = block(
            "template_fault",
            path,
            (
                f"The message '{message.step}' cannot be written for a person: {reason} {detail}".strip(),
                f"消息“{message.step}”无法为用户生成：{reason} {detail}".strip(),
            ),
            ("Mend the template, or give values a default.", "请修正模板，或为变量设置默认值。"),
        )
        return Sample(person_id, draft.message.channel_id, {}, (finding,))


def _of(project_id: str, occurrence: str) -> Select[Any]:
    return select(OutboxMessage).where(
        OutboxMessage.project_id == project_id, OutboxMessage.occurrence == occurrence
    )


def _row(each: Queued) -> OutboxRow:
    message = each.message
    return OutboxRow(
        person_id=each.person_id,
        occurrence=each.occurrence,
        step=each.step,
        channel_ids=message.channel_ids,
        purpose=message.purpose,
        template_id=message.template_id,
        template_version=each.template_version,
        variant=message.template_variant,
        context=each.context,
        origin=each.origin,
        **wishes_of(message),
        not_before_ms=each.due_ms,
        expires_ms=each.expires_ms,
    )


def _gone(code: str, path: str, name: str, words: tuple[str, str]) -> Finding:
    return block(
        f"{code}_gone",
        path,
        (f"There is no {words[0]} '{name}', or it is switched off.", f"{words[1]}“{name}”不存在或已停用。"),
        (f"Choose another {words[0]}.", f"请另选{words[1]}。"),
    )


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", {}, None)}
