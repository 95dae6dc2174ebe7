"""Filters as SQL conditions. Every condition is true or false, never NULL."""

from __future__ import annotations

from datetime import datetime, timedelta

from bihuan.analytics.calendar import day_start_ms
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
    TimePoint,
)
from bihuan.analytics.query.properties import OF_PEOPLE
from bihuan.analytics.sql.properties import AssignedAccess, PropertyAccess
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import array, literal, tuple_of

_UNIT_MS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
_COMPARISONS = {"eq": "=", "ne": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# Negative operators and the positive one each is the complement of.
NEGATIVE = {
    "is_not": "is",
    "not_contains": "contains",
    "not_starts_with": "starts_with",
    "not_ends_with": "ends_with",
    "not_matches": "matches",
    "ne": "eq",
    "not_between": "between",
    "not_in_last": "in_last",
    "has_none": "has_any",
    "not_exists": "exists",
}


def condition(ctx: ProjectContext, node: AnyFilter, *, alias: str = "e", person: str = "person") -> str:
    """A filter over rows of ``events`` named ``alias``, whose resolved person is the SQL ``person``."""
    if isinstance(node, FilterGroup):
        if not node.items:
            return "true" if node.op == "and" else "false"
        parts = [condition(ctx, item, alias=alias, person=person) for item in node.items]
        return "(" + f" {node.op.upper()} ".join(parts) + ")"
    if node.property.scope in OF_PEOPLE:
        positive = f"{person} IN ({people_with(ctx, node)})"
    else:
        positive = _positive(ctx, node, PropertyAccess(alias, ctx.time_zone))
    return f"NOT ({positive})" if node.operator in NEGATIVE else positive


def people_with(ctx: ProjectContext, leaf: Leaf) -> str:
    """SELECT of the people whose profile, tag or audience satisfies the positive form of a condition."""
    if leaf.property.scope != "person":
        assigned = value_sql(ctx.table, leaf.property.name)
        held = _positive(ctx, leaf, AssignedAccess("value", ctx.time_zone))
        return f"SELECT person FROM ({assigned}) WHERE {held}"
    holds = _positive(ctx, leaf, PropertyAccess("p", ctx.time_zone))
    return f"SELECT p.person_id FROM {ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted AND {holds}"


def selector_condition(
    ctx: ProjectContext, selector: EventSelector, *, alias: str = "e", person: str = "person"
) -> str:
    """Whether a row is one of the selector's events."""
    parts = []
    if selector.events:
        parts.append(f"{alias}.event IN {tuple_of(selector.events)}")
    if selector.filter is not None:
        parts.append(condition(ctx, selector.filter, alias=alias, person=person))
    return " AND ".join(parts) if parts else "true"


def instants(ctx: ProjectContext, point: TimePoint) -> tuple[int, int]:
    """The instants ``[first, end)`` in Unix milliseconds that a date or a time means."""
    if isinstance(point, datetime):
        moment = point if point.tzinfo else point.replace(tzinfo=ctx.zone)
        start = round(moment.timestamp() * 1000)
        return start, start + 1
    return day_start_ms(point, ctx.zone), day_start_ms(point + timedelta(days=1), ctx.zone)


def _positive(ctx: ProjectContext, leaf: Leaf, access: PropertyAccess) -> str:
    operator = NEGATIVE.get(leaf.operator, leaf.operator)
    match leaf:
        case TextFilter():
            return _text(leaf, operator, access)
        case NumberFilter():
            return _number(leaf, operator, access.number(leaf.property))
        case TimeFilter():
            return _time(ctx, leaf, operator, access.time(leaf.property))
        case RecencyFilter():
            since = ctx.now_ms - leaf.count * _UNIT_MS[leaf.unit]
            return f"ifNull({access.time(leaf.property)} BETWEEN {since} AND {ctx.now_ms}, false)"
        case ListFilter():
            function = "hasAll" if operator == "has_all" else "hasAny"
            return f"{function}({access.items(leaf.property)}, {array(leaf.values)})"
        case FlagFilter():
            wanted = "true" if operator == "is_true" else "false"
            return f"ifNull({access.flag(leaf.property)} = {wanted}, false)"
        case PresenceFilter():
            return access.present(leaf.property)


def _text(leaf: TextFilter, operator: str, access: PropertyAccess) -> str:
    if operator == "is" and not leaf.ignore_case:
        faster = access.text_is_any(leaf.property, leaf.values)
        return faster or f"ifNull({access.text(leaf.property)} IN {tuple_of(leaf.values)}, false)"
    text = f"ifNull({access.text(leaf.property)}, '')"
    present = f"isNotNull({access.text(leaf.property)})"
    values: tuple[str, ...] = leaf.values
    if operator == "matches":
        values = tuple(f"(?i){value}" for value in values) if leaf.ignore_case else values
        tests = [f"match({text}, {literal(value)})" for value in values]
    else:
        if leaf.ignore_case:
            text, values = f"lowerUTF8({text})", tuple(value.lower() for value in values)
        tests = [_text_test(operator, text, literal(value)) for value in values]
    return f"({present} AND ({' OR '.join(tests)}))"


def _text_test(operator: str, text: str, value: str) -> str:
    if operator == "contains":
        return f"position({text}, {value}) > 0"
    if operator == "starts_with":
        return f"startsWith({text}, {value})"
    if operator == "ends_with":
        return f"endsWith({text}, {value})"
    return f"{text} = {value}"


def _number(leaf: NumberFilter, operator: str, number: str) -> str:
    if operator == "between":
        return f"ifNull({number} BETWEEN {literal(leaf.value)} AND {literal(leaf.upper)}, false)"
    return f"ifNull({number} {_COMPARISONS[operator]} {literal(leaf.value)}, false)"


def _time(ctx: ProjectContext, leaf: TimeFilter, operator: str, time: str) -> str:
    start, end = instants(ctx, leaf.at)
    if operator == "before":
        return f"ifNull({time} < {start}, false)"
    if operator == "after":
        return f"ifNull({time} >= {end}, false)"
    last = instants(ctx, leaf.until)[1] if leaf.until is not None else end
    return f"ifNull({time} >= {start} AND {time} < {last}, false)"
