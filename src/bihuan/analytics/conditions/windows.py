"""Windows: since when, and until when, what people did counts. All of them end now at the latest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.period import Current, Dates, Last, resolve

SPAN_MS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}


class Span(Value):
    """A length of time; a day is 24 hours, a week 7 of them."""

    count: int = Field(ge=1, le=100_000)
    unit: Literal["minute", "hour", "day", "week"] = "day"

    @property
    def milliseconds(self) -> int:
        """The length in milliseconds."""
        return self.count * SPAN_MS[self.unit]


class Ever(Value):
    """All of history."""

    kind: Literal["ever"] = "ever"


class Rolling(Value):
    """The last ``span`` before now, to the millisecond."""

    kind: Literal["rolling"] = "rolling"
    span: Span


class Ago(Value):
    """Whole days of the calendar: from ``from_days`` days ago to ``to_days`` days ago (0 is today)."""

    kind: Literal["ago"] = "ago"
    from_days: int = Field(ge=0, le=40_000)
    to_days: int = Field(ge=0, le=40_000)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_days < self.to_days:
            raise ValueError("from_days is further back than to_days, so it is not smaller")
        return self


class Since(Value):
    """From the start of a day until now."""

    kind: Literal["since"] = "since"
    from_date: date = Field(ge=date(1970, 1, 2), le=date(2262, 1, 1))


AnyWindow = Ever | Dates | Since | Last | Current | Rolling | Ago
Window = Annotated[AnyWindow, Field(discriminator="kind")]
# Instants in Unix milliseconds: the first, and the one after the last.
Instants = tuple[int | None, int]


def instants(window: AnyWindow, ctx: ProjectContext) -> Instants:
    """The instants ``[start, end)`` of a window at ``ctx.now_ms``; nothing after now is in any."""
    now_end = ctx.now_ms + 1
    match window:
        case Ever():
            return None, now_end
        case Rolling():
            return now_end - window.span.milliseconds, now_end
        case Since():
            return day_start_ms(window.from_date, ctx.zone), now_end
        case Ago():
            today = local_date(ctx.now_ms, ctx.zone)
            end = day_start_ms(today - timedelta(days=window.to_days - 1), ctx.zone)
            return day_start_ms(today - timedelta(days=window.from_days), ctx.zone), min(end, now_end)
        case _:
            days = resolve(window, ctx)
            return days.start_ms, min(days.end_ms, now_end)


def follows_the_clock(window: AnyWindow) -> bool:
    """Whether what is in the window changes as time passes, without any event."""
    return isinstance(window, Last | Current | Rolling | Ago)
