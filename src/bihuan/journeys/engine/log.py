"""What the engine asks the event log: each question is one statement for a whole set of people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, values_sql
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.properties import PropertyAccess
from bihuan.audiences.subjects import log_context
from bihuan.kernel.arrays import Array
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms

# An event that arrives later than this after it happened moves nobody.
LATE_MS = 3 * 86_400_000
# Above so many people it is quicker to ask about everyone than to name them.
MOST_NAMED = 200_000
WIDE = {"max_query_size": 64 << 20}
_ZONE = PropertyRef(scope="person", name="$timezone")


@dataclass(frozen=True)
class Arrivals:
    """Events by when they arrived: in ``(after_ms, until_ms]``."""

    after_ms: int
    until_ms: int

    @property
    def earliest_ms(self) -> int:
        """When an event of them may have happened first."""
        return max(0, self.after_ms - LATE_MS)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that may let somebody in."""

    event_id: uuid.UUID
    received_ms: int
    person: int
    time_ms: int
    event: str
    properties: str


def context_at(project: Project, store: ProjectStore, now_ms: int) -> ProjectContext:
    """The project as conditions see it at a moment."""
    return replace(log_context(project, store), now_ms=now_ms)


def arrivals(
    ctx: ProjectContext,
    store: ProjectStore,
    selector: EventSelector,
    window: Arrivals,
    *,
    after: Arrival | None,
    limit: int,
) -> list[Arrival]:
    """The next events of a selector, in the order of arriving."""
    source = _source(ctx, selector, window)
    source.column("id", "e.event_id").column("received", "toUnixTimestamp64Milli(e.received_at)")
    source.column("person", source.person).column("at", "toUnixTimestamp64Milli(e.time)")
    source.column("name", "toString(e.event)").column("said", "toString(e.properties)")
    if after is not None:
        beyond = f"({time_ms(after.received_ms)}, {literal(after.event_id)})"
        source.where(f"(e.received_at, e.event_id) > {beyond}")
    sql = f"SELECT * FROM (\n{source.sql()}\n) ORDER BY received, id LIMIT {limit}"
    return [Arrival(*row) for row in store.engine.rows(sql)]


def deeds(
    ctx: ProjectContext, store: ProjectStore, selector: EventSelector, window: Arrivals
) -> tuple[Array, Array]:
    """Who did it, and when: persons (uint64) and Unix milliseconds, in this order."""
    source = _source(ctx, selector, window)
    source.column("person", source.person).column("at", "toUnixTimestamp64Milli(e.time)")
    table = store.engine.arrow(f"SELECT person, at FROM (\n{source.sql()}\n) ORDER BY person, at")
    return (
        table.column("person").to_numpy().astype(np.uint64),
        table.column("at").to_numpy().astype(np.int64),
    )


def cases_of(
    ctx: ProjectContext, store: ProjectStore, conditions: Sequence[AnyCondition], persons: Array
) -> Array:
    """For each person (uint64) the number of the first condition that holds; as many as there are if none."""
    found = np.full(len(persons), len(conditions), np.int64)
    if not len(persons):
        return found
    cases = [(condition, f"c{index}") for index, condition in enumerate(conditions)]
    sql = values_sql(ctx, cases, among=named(persons))
    table = store.engine.arrow(
        f"SELECT person, toUInt8(substring(value, 2)) AS number FROM ({sql})", settings=WIDE
    )
    held = table.column("person").to_numpy().astype(np.uint64)
    numbers = table.column("number").to_numpy()
    order = np.argsort(held)
    held, numbers = held[order], numbers[order]
    if len(held):
        places = np.minimum(np.searchsorted(held, persons), len(held) - 1)
        same = held[places] == persons
        found[same] = numbers[places[same]]
    return found


def holding(ctx: ProjectContext, store: ProjectStore, condition: AnyCondition) -> str:
    """SELECT of ``person``: everybody for whom a condition holds."""
    return f"SELECT person FROM ({values_sql(ctx, [(condition, '1')])})"


def zones(store: ProjectStore, persons: Array) -> dict[int, str]:
    """The time zones that profiles name; people without one are left out."""
    if not len(persons):
        return {}
    among = named(persons)
    only = "" if among is None else f" AND p.person_id IN ({among})"
    zone = PropertyAccess("p", "UTC").text(_ZONE)
    rows = store.engine.rows(
        f"SELECT p.person_id, toString({zone}) AS zone FROM {store.table('profiles')} AS p FINAL "
        f"WHERE NOT p.deleted AND isNotNull({zone}){only}",
        settings=WIDE,
    )
    return dict(rows)


def named(persons: Array) -> str | None:
    """SELECT of ``person`` naming people; None of so many that everyone is asked about."""
    if len(persons) > MOST_NAMED:
        return None
    # Text that is cast: a million numbers in a statement would each be a node of its tree.
    listed = ",".join(map(str, persons.tolist()))
    return f"SELECT arrayJoin(CAST('[{listed}]' AS Array(UInt64))) AS person"


def _source(ctx: ProjectContext, selector: EventSelector, window: Arrivals) -> EventsSource:
    source = EventsSource(ctx).between(window.earliest_ms, None).selecting([selector])
    source.where(f"e.received_at > {time_ms(window.after_ms)}")
    source.where(f"e.received_at <= {time_ms(window.until_ms)}")
    return source.where(f"e.time >= e.received_at - toIntervalMillisecond({LATE_MS})")
