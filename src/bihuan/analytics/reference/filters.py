"""What a filter means, one event at a time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from bihuan.analytics.calendar import local_datetime
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import (
    AnyFilter,
    FilterGroup,
    FlagFilter,
    Leaf,
    ListFilter,
    NumberFilter,
    PresenceFilter,
    RecencyFilter,
    TextFilter,
    TimeFilter,
)
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.values import PropertyValue, flag_of, list_of, number_of, text_of, time_of

_NEGATIVE = {
    "is_not",
    "not_contains",
    "not_starts_with",
    "not_ends_with",
    "not_matches",
    "ne",
    "not_between",
    "not_in_last",
    "has_none",
    "not_exists",
}


def selects(ctx: ProjectContext, log: EventLog, event: LogEvent, selector: EventSelector) -> bool:
    """Whether an event is one of the selector's."""
    if selector.events and event.event not in selector.events:
        return False
    return selector.filter is None or holds(ctx, log, event, selector.filter)


def holds(ctx: ProjectContext, log: EventLog, event: LogEvent, node: AnyFilter) -> bool:
    """Whether a filter holds for an event."""
    if isinstance(node, FilterGroup):
        results = [holds(ctx, log, event, item) for item in node.items]
        return all(results) if node.op == "and" else any(results)
    return _positive(ctx, log, event, node) != (node.operator in _NEGATIVE)


def value_of(ctx: ProjectContext, log: EventLog, event: LogEvent, ref: PropertyRef) -> PropertyValue:
    """The value a reference names; the field ``time`` as Unix milliseconds."""
    if ref.scope == "person":
        return log.profiles.get(event.person, {}).get(ref.name)
    if ref.scope == "tag":
        return log.tags.get(event.person, {}).get(ref.name)
    if ref.scope == "audience":
        return "1" if ref.name in log.audiences.get(event.person, ()) else None
    if ref.scope == "event":
        return event.properties.get(ref.name)
    local = local_datetime(event.time_ms, ctx.zone)
    fields: dict[str, PropertyValue] = {
        "event": event.event,
        "time": local.date().isoformat(),
        "distinct_id": event.distinct_id or None,
        "session_id": event.session_id or None,
        "source": event.source or None,
        "hour_of_day": float(local.hour),
        "day_of_week": float(local.isoweekday()),
    }
    return fields[ref.name]


def _positive(ctx: ProjectContext, log: EventLog, event: LogEvent, leaf: Leaf) -> bool:
    value = value_of(ctx, log, event, leaf.property)
    match leaf:
        case TextFilter():
            return _text(leaf, text_of(value))
        case NumberFilter():
            number = number_of(value)
            return number is not None and _number(leaf, number)
        case TimeFilter() | RecencyFilter():
            is_field_time = leaf.property == PropertyRef(scope="field", name="time")
            time_ms = event.time_ms if is_field_time else time_of(value, ctx.zone)
            return time_ms is not None and _time(ctx, leaf, time_ms)
        case ListFilter():
            members = set(list_of(value))
            return (
                members >= set(leaf.values)
                if leaf.operator == "has_all"
                else bool(members & set(leaf.values))
            )
        case FlagFilter():
            return flag_of(value) is (leaf.operator == "is_true")
        case PresenceFilter():
            return value is not None


def _text(leaf: TextFilter, text: str | None) -> bool:
    if text is None:
        return False
    if leaf.operator in ("matches", "not_matches"):
        flags = re.DOTALL | (re.IGNORECASE if leaf.ignore_case else 0)
        return any(re.search(value, text, flags) for value in leaf.values)
    values = list(leaf.values)
    if leaf.ignore_case:
        text, values = text.lower(), [value.lower() for value in values]
    return any(_compares(leaf.operator, text, value) for value in values)


def _compares(operator: str, text: str, value: str) -> bool:
    match operator.removeprefix("not_"):
        case "contains":
            return value in text
        case "starts_with":
            return text.startswith(value)
        case "ends_with":
            return text.endswith(value)
        case _:
            return text == value


def _number(leaf: NumberFilter, number: float) -> bool:
    tests = {
        "eq": number == leaf.value,
        "ne": number == leaf.value,
        "gt": number > leaf.value,
        "gte": number >= leaf.value,
        "lt": number < leaf.value,
        "lte": number <= leaf.value,
    }
    if leaf.upper is not None:
        return leaf.value <= number <= leaf.upper
    return tests[leaf.operator]


def _time(ctx: ProjectContext, leaf: TimeFilter | RecencyFilter, time_ms: int) -> bool:
    if isinstance(leaf, RecencyFilter):
        age = timedelta(milliseconds=ctx.now_ms - time_ms)
        return timedelta(0) <= age <= timedelta(**{leaf.unit + "s": leaf.count})
    if leaf.operator == "before":
        return _side(ctx, leaf.at, time_ms) < 0
    if leaf.operator == "after":
        return _side(ctx, leaf.at, time_ms) > 0
    return _side(ctx, leaf.at, time_ms) >= 0 and (leaf.until is None or _side(ctx, leaf.until, time_ms) <= 0)


def _side(ctx: ProjectContext, point: date | datetime, time_ms: int) -> int:
    """-1, 0 or 1: the time is before, in or after the point; a date is a whole day."""
    if isinstance(point, datetime):
        moment = point if point.tzinfo else point.replace(tzinfo=ctx.zone)
        at_ms = round(moment.timestamp() * 1000)
        return (time_ms > at_ms) - (time_ms < at_ms)
    day = local_datetime(time_ms, ctx.zone).date()
    return (day > point) - (day < point)
