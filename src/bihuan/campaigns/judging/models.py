"""Reports as they were when they were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class CampaignReport(Base):
    """A campaign's report; the newest counts, those before stay to be compared with."""

    __tablename__ = "campaign_reports"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    body: Mapped[dict[str, Any]] = mapped_column(JsonValue)
