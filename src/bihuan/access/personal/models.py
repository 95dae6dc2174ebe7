"""Rows of what members decided about properties being personal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, UtcDateTime, utc_now


class PersonalProperty(Base):
    """A member's word on a property of events and people: personal, or not, whatever its name suggests."""

    __tablename__ = "personal_properties"

    project_id: Mapped[str] = mapped_column(
        String(40), ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(400), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    personal: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(String(254))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
