"""When a scheduled job runs: a cron line in a time zone, or a period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter  # type: ignore[import-untyped]

from bihuan.jobs.errors import ScheduleInvalid

_CRON_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule.

    Attributes:
        schedule_id: its name in the database.
        name: the job it runs.
        cron: six fields, seconds first.
        time_zone: where the cron line is read.
        args: the job's arguments.
        catch_up: after a stop, run every time that was missed; otherwise missed times are passed over.
    """

    schedule_id: str
    name: str
    cron: str
    time_zone: str = "UTC"
    args: dict[str, Any] = field(default_factory=dict)
    catch_up: bool = False


def cron_line(cron: str | None, every_seconds: int | None, time_zone: str) -> str:
    """The six-field cron line of one of ``cron`` (five fields) and ``every_seconds``.

    Raises:
        ScheduleInvalid: both or neither, not a cron line, an unknown zone, or a period that no clock keeps.
    """
    if (cron is None) == (every_seconds is None):
        raise ScheduleInvalid(reason="give either a cron line or a period")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ScheduleInvalid(reason=f"there is no time zone {time_zone!r}") from error
    if every_seconds is not None:
        return _periodic(every_seconds)
    assert cron is not None
    line = f"0 {cron.strip()}"
    if len(cron.split()) != _CRON_FIELDS or not croniter.is_valid(line, second_at_beginning=True):
        raise ScheduleInvalid(reason=f"{cron!r} is not a cron line of five fields")
    return line


def _periodic(seconds: int) -> str:
    if 0 < seconds <= 60 and 60 % seconds == 0:
        return "0 * * * * *" if seconds == 60 else f"*/{seconds} * * * * *"
    if seconds > 60 and seconds % 60 == 0 and 3_600 % seconds == 0:
        return "0 0 * * * *" if seconds == 3_600 else f"0 */{seconds // 60} * * * *"
    if seconds > 3_600 and seconds % 3_600 == 0 and 86_400 % seconds == 0:
        return "0 0 0 * * *" if seconds == 86_400 else f"0 0 */{seconds // 3_600} * * *"
    raise ScheduleInvalid(reason=f"{seconds} s divides neither a minute nor an hour nor a day")
