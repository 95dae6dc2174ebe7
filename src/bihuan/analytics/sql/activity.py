"""In which units each person was active: what retention, lifecycle and stickiness are computed from.

All of them read people's days through :func:`activity_sql`, one row a person. With breakdowns one row a
person and group, as if the log had the events of the group alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.analytics.query.breakdown import Breakdown
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import AnyFilter
from bihuan.analytics.query.period import DayRange
from bihuan.analytics.sql.breakdowns import add_breakdowns
from bihuan.analytics.sql.groups import also, group_names, grouped_rows, kept_sql
from bihuan.analytics.sql.source import EventsSource
from bihuan.analytics.sql.unit_sets import UnitSets
from bihuan.analytics.sql.units import Units
from bihuan.warehouse.sql import time_ms


@dataclass(frozen=True)
class Role:
    """Events whose units are asked for.

    Args:
        name: column of the set of units.
        selector: which events.
        during: only events of these days (None: of all units).
        first: also a column ``<name>_first``: the unit of the person's first event in all history, -1 when
            that was before ``during``, the number of units when there was none until its end.
    """

    name: str
    selector: EventSelector
    during: DayRange | None = None
    first: bool = False

    def span(self, units: Units) -> tuple[int, int]:
        """The instants ``[start, end)`` in Unix milliseconds of its events."""
        return (
            (units.start_ms, units.end_ms)
            if self.during is None
            else (self.during.start_ms, self.during.end_ms)
        )


def activity_sql(
    units: Units,
    roles: Sequence[Role],
    *,
    breakdowns: Sequence[Breakdown] = (),
    filter: AnyFilter | None = None,
    sample: float | None = None,
) -> str:
    """SELECT ``person``, the columns of the roles and the keys ``k0``, ``k1``, … of the group.

    People without any event in question may be missing. Breakdowns need :func:`kept_groups_sql`.
    """
    sets, source = UnitSets(units.count), EventsSource(units.ctx)
    source.column("person", source.person).column("unit", f"toInt32({units.index('e.time')})")
    add_breakdowns(source, breakdowns)
    history = any(role.first for role in roles)
    if history or any(role.during for role in roles):
        source.column("time", "e.time")
    shared = len({role.selector for role in roles}) == 1
    for role in roles if not shared else ():
        source.column(f"is_{role.name}", source.is_one_of(role.selector))
    keys = group_names(breakdowns)
    columns = ["person", *keys]
    for role in roles:
        is_role = "true" if shared else f"is_{role.name}"
        columns += _columns(units, sets, role, is_role, guarded=history)
    source.selecting([role.selector for role in roles])
    source.between(None if history else units.start_ms, units.end_ms)
    source.filtered(filter).sampled(sample)
    if history and not shared:
        earlier = [source.is_one_of(role.selector) for role in roles if role.first]
        if "true" not in earlier:
            source.where(
                f"(e.time >= {time_ms(units.start_ms)} OR {' OR '.join(f'({sql})' for sql in earlier)})"
            )
    listed = ",\n    ".join(columns)
    rows = grouped_rows(source.sql(), breakdowns)
    return f"SELECT\n    {listed}\nFROM (\n{rows}\n)\nGROUP BY person{also(keys)}"


def kept_groups_sql(
    units: Units,
    selector: EventSelector,
    breakdowns: Sequence[Breakdown],
    during: tuple[int, int],
    *,
    filter: AnyFilter | None = None,
    sample: float | None = None,
) -> str:
    """``WITH`` of the keys that are kept: those with the most people active in the instants ``during``."""
    if not breakdowns:
        return ""
    source = EventsSource(units.ctx)
    add_breakdowns(source.column("person", source.person), breakdowns)
    source.selecting([selector]).between(*during).filtered(filter).sampled(sample)
    return kept_sql(source.sql(), breakdowns)


def _columns(units: Units, sets: UnitSets, role: Role, is_role: str, *, guarded: bool) -> list[str]:
    start_ms, end_ms = role.span(units)
    conditions = [] if is_role == "true" else [is_role]
    if end_ms < units.end_ms:
        conditions.append(f"time < {time_ms(end_ms)}")
    until_end = list(conditions)
    if guarded or start_ms > units.start_ms:
        conditions.append(f"time >= {time_ms(start_ms)}")
    columns = [f"{sets.collect('unit', ' AND '.join(conditions) or 'true')} AS {role.name}"]
    if role.first:
        none = f"NOT ({' AND '.join(until_end)}), {units.count}, " if until_end else ""
        unit = f"multiIf({none}time < {time_ms(start_ms)}, -1, unit)"
        columns.append(f"min(toInt32({unit})) AS {role.name}_first")
    return columns
