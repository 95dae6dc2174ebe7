"""What channels did today, what waits for them, and what went wrong last."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.schemas import ChannelActivity, ChannelTrouble
from bihuan.messages.outbox.models import OutboxMessage

_WAITING = ("queued", "held", "claimed", "sending")
_TROUBLED = ("rejected", "uncertain")


def day_start_ms(time_zone: str, now_ms: int) -> int:
    """When the day began in a time zone, in Unix milliseconds."""
    local = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(time_zone))
    return round(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def activity(session: Session, project_id: str, since_ms: int) -> list[ChannelActivity]:
    """Of every channel of a project, what happened since a moment."""
    message = OutboxMessage
    ended = message.ended_ms >= since_ms

    def count(state: str) -> Any:
        return func.coalesce(func.sum(case((and_(message.state == state, ended), 1), else_=0)), 0)

    went_wrong = or_(
        and_(message.state.in_(_TROUBLED), ended),
        and_(message.state == "queued", message.attempts > 0, message.reason.is_not(None)),
    )
    counted = (
        select(
            message.channel_id,
            func.coalesce(func.sum(case((message.state.in_(_WAITING), 1), else_=0)), 0),
            count("sent"),
            count("rejected"),
            count("uncertain"),
            func.max(message.sent_ms),
            func.max(case((went_wrong, message.id))),
        )
        .where(message.project_id == project_id)
        .group_by(message.channel_id)
    )
    figures = {row[0]: tuple(row)[1:] for row in session.execute(counted)}
    worst = [figure[5] for figure in figures.values() if figure[5] is not None]
    troubles = {row.id: row for row in session.scalars(select(message).where(message.id.in_(worst)))}
    ids = select(MessageChannel.id).where(MessageChannel.project_id == project_id).order_by(MessageChannel.id)
    found = []
    for channel_id in session.scalars(ids):
        waiting, sent, rejected, uncertain, last_ms, trouble = figures.get(
            channel_id, (0, 0, 0, 0, None, None)
        )
        found.append(
            ChannelActivity(
                channel_id=channel_id,
                waiting=waiting,
                sent=sent,
                rejected=rejected,
                uncertain=uncertain,
                last_sent_at=_moment(last_ms),
                trouble=_trouble(troubles[trouble]) if trouble in troubles else None,
            )
        )
    return found


def _trouble(row: OutboxMessage) -> ChannelTrouble:
    at = _moment(row.ended_ms or row.sent_ms)
    return ChannelTrouble(at=at, state=row.state, reason=row.reason or "", detail=row.detail or "")


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
