"""How far the start of a campaign is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, utc_now


class Launch(Base):
    """The work of starting a campaign; resumed where it was left.

    ``phase``: ``fix`` (people and their arms), ``hold_out`` (written to the log), ``hand_over`` (messages),
    ``done``. ``cursor``: the last person of the phase that is done with; ids do not fit a signed number.
    ``at_ms``: the moment as of which people are fixed. ``arms``: people by arm. ``templates``: the version
    of each that is sent.
    """

    __tablename__ = "campaign_launches"

    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10), default="fix")
    cursor: Mapped[str | None] = mapped_column(String(20))
    at_ms: Mapped[int] = mapped_column(BigInteger)
    arms: Mapped[dict[str, int]] = mapped_column(JsonValue, default=dict)
    templates: Mapped[dict[str, int]] = mapped_column(JsonValue, default=dict)
    handed_over: Mapped[int] = mapped_column(BigInteger, default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
