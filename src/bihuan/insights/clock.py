"""How long an answer is the same while no row changes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bihuan.analytics import Query
from bihuan.analytics.calendar import local_date

# Conditions ("in the last hour"), tags and audiences may answer differently a moment later.
_MINUTE_MS = 60_000
# Every zone's hours begin at one of these.
_QUARTER_MS = 900_000
_TIMELESS_FILTERS = frozenset({"text", "number", "time", "list", "flag", "presence", "group"})
_TIMELESS_SCOPES = frozenset({"event", "person", "field"})


def moment_of(query: Query, now_ms: int, time_zone: str) -> str:
    """What the answer to ``query`` takes from the clock: with the same rows, one of the same moment is the
    same.

    It is the local day where only the days of the period and the running unit are asked of the clock, the
    quarter hour where hours are, and the minute for whatever else a query has.
    """
    asked = query.model_dump()
    if not _is_timeless(asked):
        return f"minute {now_ms // _MINUTE_MS}"
    if asked.get("interval") == "hour":
        return f"quarter {now_ms // _QUARTER_MS}"
    return f"day {local_date(now_ms, ZoneInfo(time_zone))}"


def _is_timeless(value: Any) -> bool:
    if isinstance(value, dict):
        if "type" in value and value["type"] not in _TIMELESS_FILTERS:
            return False
        if "scope" in value and value["scope"] not in _TIMELESS_SCOPES:
            return False
        return all(map(_is_timeless, value.values()))
    return all(map(_is_timeless, value)) if isinstance(value, tuple | list) else True
