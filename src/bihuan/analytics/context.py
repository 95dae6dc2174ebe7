"""What every query needs to know of the project it runs in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from bihuan.warehouse.rollups import Cells

if TYPE_CHECKING:
    from bihuan.analytics.sequences.totals import Totals
    from bihuan.analytics.sequences.view import View


class PeopleRollup(Protocol):
    """The people of each day, kept beside the log: ``bihuan.analytics.people_by_day.PeopleByDay``."""

    def cells(self, events: tuple[str, ...], property: str, last_day: date) -> Cells | None:
        """The cells until ``last_day`` of these events (none: of any); None where the log serves better."""
        ...


class SequenceSource(Protocol):
    """Everybody's events in order, kept beside the log: ``bihuan.analytics.sequences.source.SequencesOf``."""

    @property
    def are_there(self) -> bool:
        """Whether any are kept."""
        ...

    def view(self, ctx: ProjectContext, start_ms: int, end_ms: int) -> View | None:
        """The months that have instants of ``[start_ms, end_ms)``; None where the log serves better."""
        ...

    def totals(self, start_ms: int, end_ms: int) -> Totals | None:
        """How many events these months have; None where the log serves better."""
        ...


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
        people_by_day: the people of each day as bitmaps; None to read the log only.
        sequences: everybody's events in order; None to read the log only.
    """

    table: Callable[[str], str]
    now_ms: int
    time_zone: str = "Asia/Shanghai"
    first_weekday: int = 1
    session_gap_seconds: int = 1800
    has_overrides: bool = False
    people_by_day: PeopleRollup | None = None
    sequences: SequenceSource | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The project's time zone."""
        return ZoneInfo(self.time_zone)
