"""Which webhook rewards of a project are told to."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base


class JourneySettings(Base):
    """What holds for all journeys of a project.

    ``reward_channel_id``: the webhook channel of whoever gives the rewards; None: they are only written into
    the log.
    """

    __tablename__ = "journey_settings"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    reward_channel_id: Mapped[str | None] = mapped_column(String(26))
