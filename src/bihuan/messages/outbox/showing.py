"""Messages as a caller may see them."""

from __future__ import annotations

from datetime import UTC, datetime

from bihuan.access import Mask
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.schemas import MessageDetail, MessageOutput

_SAME = (
    *("id", "occurrence", "step", "state", "reason", "channel_id", "medium", "trail", "template_id"),
    *("template_version", "variant", "purpose", "priority", "send_time", "origin", "attempts", "provider_id"),
)


def output(row: OutboxMessage, mask: Mask) -> MessageOutput:
    """A message on the wire; what a provider said may hold an address."""
    return MessageOutput.model_validate(
        {
            **{name: getattr(row, name) for name in _SAME},
            "person": f"#{row.person_id}",
            "by_policy": row.by_policy or [],
            "detail": None if row.detail is None else mask.text(row.detail),
            "created_at": _moment(row.created_ms),
            "due_at": _moment(row.due_ms),
            "expires_at": _moment(row.expires_ms),
            "sent_at": _moment(row.sent_ms),
            "ended_at": _moment(row.ended_ms),
        }
    )


def detail(row: OutboxMessage, mask: Mask) -> MessageDetail:
    """The same with its context."""
    return MessageDetail(**dict(output(row, mask)), context=mask.properties(row.context))


def _moment(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC)
