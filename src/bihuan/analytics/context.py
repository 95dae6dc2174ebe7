"""What every query needs to know of the project it runs in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class ProjectContext:
    """A project as its queries see it.

    Args:
        table: qualified SQL name of one of the project's tables (``ProjectStore.table``).
        now_ms: Unix milliseconds that relative periods and ``in_last`` count back from.
        time_zone: IANA name; days start at its midnight.
        first_weekday: ISO number of the day weeks start on, 1 (Monday) to 7 (Sunday).
        session_gap_seconds: pause that ends a session.
        has_overrides: whether some stored rows still carry a person that was merged into another.
    """

    table: Callable[[str], str]
    now_ms: int
    time_zone: str = "Asia/Shanghai"
    first_weekday: int = 1
    session_gap_seconds: int = 1800
    has_overrides: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The project's time zone."""
        return ZoneInfo(self.time_zone)
