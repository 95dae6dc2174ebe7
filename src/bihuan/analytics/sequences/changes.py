"""What the log says differently from the files: the people concerned, with all their events.

Concerned is who has an event that was added, changed or removed since the files were written, and who may
have got another person's rows, or lost rows to another, by a merge that waits to be written into the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sequences.loops import mark_people_of
from bihuan.analytics.sequences.view import View, differing, unchanged
from bihuan.analytics.sql.day_people import cell_key
from bihuan.analytics.sql.source import EventsSource
from bihuan.kernel.arrays import Array, fixed
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups import MOST_PENDING, affected_persons_sql
from bihuan.warehouse.sequences import (
    LONG_STATEMENT,
    QUARTER_MS,
    QUARTERS_A_MONTH,
    Amounts,
    Cell,
    Codes,
    Kept,
    Month,
    Part,
    in_cells,
    month_after,
    month_start_ms,
)

# More rows of the log than this, or than this share of what is kept, are not read beside the files.
MOST_ROWS = 100_000
MOST_SHARE = 0.05
# Their people may have this many times as many in the files.
OTHER_EVENTS = 5
# Before all that the engine's time type can hold.
_FIRST_MS = -(2**45)
_READING = {"output_format_arrow_low_cardinality_as_dictionary": 1, **LONG_STATEMENT}


@dataclass(frozen=True)
class _Events:
    """Events in no order: of each the number of its person, Unix milliseconds, codes of name and keys.

    ``amounts``: of each event a property's number, NaN without one.
    """

    numbers: Array
    times: Array
    events: Array
    keys: Sequence[Array]
    amounts: Sequence[Array]


@dataclass(frozen=True)
class _Change:
    """In ``months`` these cells differ; ``affected``: ids of people whose rows may be others' by now."""

    months: Sequence[date]
    cells: Sequence[Cell]
    affected: Array


def view_of(store: ProjectStore, ctx: ProjectContext, kept: Kept, months: Sequence[date]) -> View | None:
    """Everybody's events in some months; None where the log serves better."""
    there = kept.those(months)
    affected = _affected(store, ctx, kept)
    cells = differing(store, kept, months)
    if affected is None or cells is None:
        return None
    most = max(MOST_ROWS, int(sum(len(month.part.times) for month in there) * MOST_SHARE))
    if sum(cell.now for cell in cells) > most:
        return None
    if not cells and not len(affected):
        return unchanged(kept, there)
    return _changed(ctx, store, kept, there, _Change(months, cells, affected), most)


def _affected(store: ProjectStore, ctx: ProjectContext, kept: Kept) -> Array | None:
    """The ids of people whose rows may be others' by now; None if they cannot be told, or are too many."""
    if not ctx.has_overrides:
        return np.empty(0, np.uint64)
    found = store.engine.arrow(
        f"SELECT DISTINCT person_id FROM ({affected_persons_sql(ctx.table)}) LIMIT {2 * MOST_PENDING}"
    )
    numbered = store.engine.scalar(f"SELECT count() FROM {store.table('person_numbers')}")
    if len(found) == 2 * MOST_PENDING or numbered < kept.numbered:
        return None
    return np.asarray(found["person_id"].to_numpy(), np.uint64)


def _changed(
    ctx: ProjectContext, store: ProjectStore, kept: Kept, there: list[Month], change: _Change, most: int
) -> View | None:
    tables = [store.engine.arrow(source.sql(), settings=_READING) for source in _sources(ctx, kept, change)]
    ids = [np.asarray(table["person"].to_numpy(), np.uint64) for table in tables]
    persons = _Persons(kept.persons, [*ids, change.affected])
    events = Codes(kept.events)
    keys = [Codes(names) for names in kept.keys.values()]
    found = [
        _Events(
            persons.numbers(own),
            np.asarray(table["ms"].to_numpy(), np.int64),
            events.of(table["event"]),
            [codes.of(table[f"key_{place}"]) for place, codes in enumerate(keys)],
            [
                np.asarray(table[f"number_{place}"].to_numpy(), np.float64)
                for place in range(len(kept.numbers))
            ],
        )
        for table, own in zip(tables, ids, strict=True)
    ]
    rewritten = persons.flags(persons.numbers(change.affected))
    replaced = persons.flags(*(each.numbers for each in found), np.flatnonzero(rewritten))
    outdated = {month.first_day: _outdated(kept, month, change.cells) for month in there}
    for month in there:
        if outdated[month.first_day].any():
            part = month.part
            mark_people_of(
                part.numbers, part.ends, part.times, part.events, outdated[month.first_day], replaced
            )
    chosen = replaced & ~rewritten
    if sum(_sizes(month.part)[chosen[month.part.numbers]].sum() for month in there) > most * OTHER_EVENTS:
        return None
    found += [_remaining(month.part, chosen, outdated[month.first_day]) for month in there]
    return View(
        tuple(events.names),
        {property: tuple(codes.names) for property, codes in zip(kept.keys, keys, strict=True)},
        kept.numbers,
        persons.ids,
        tuple(month.part for month in there),
        _in_order(found, list(kept.keys), kept.numbers),
        replaced,
    )


def _sources(ctx: ProjectContext, kept: Kept, change: _Change) -> Iterable[EventsSource]:
    """The rows of the log in cells that differ, and those of the people concerned by merges."""
    affected = affected_persons_sql(ctx.table)
    rows = [cell for cell in change.cells if cell.now]
    if rows:
        source = _source(ctx, kept).where(in_cells(rows))
        if len(change.affected):
            source.where(f"e.person_id NOT IN ({affected})")
        yield source
    if len(change.affected):
        for month in change.months:
            source = _source(ctx, kept).where(f"e.person_id IN ({affected})")
            yield source.between(month_start_ms(month), month_start_ms(month_after(month)))


def _source(ctx: ProjectContext, kept: Kept) -> EventsSource:
    source = EventsSource(ctx)
    source.column("person", source.person).column("ms", "toUnixTimestamp64Milli(e.time)")
    source.column("event", "e.event")
    for place, property in enumerate(kept.keys):
        source.column(f"key_{place}", f"toLowCardinality({cell_key(PropertyRef(name=property))})")
    for place, property in enumerate(kept.numbers):
        number = source.number(PropertyRef(name=property))
        source.column(f"number_{place}", f"CAST({number} AS Nullable(Float64))")
    return source


def _outdated(kept: Kept, month: Month, cells: Sequence[Cell]) -> Array:
    """By event code and quarter of the month: whether the part's rows of it are to be passed over."""
    code_of = {name: code for code, name in enumerate(kept.events)}
    found = np.zeros((len(kept.events), QUARTERS_A_MONTH), np.bool_)
    begin, end = month_start_ms(month.first_day), month_start_ms(month_after(month.first_day))
    for cell in cells:
        if cell.then and begin <= cell.start_ms < end:
            found[code_of[cell.event], (cell.start_ms - begin) // QUARTER_MS] = True
    return found


def _remaining(part: Part, chosen: Array, outdated: Array) -> _Events:
    """The events of the chosen people in a part that are still as it says."""
    people = np.flatnonzero(chosen[part.numbers])
    sizes = _sizes(part)[people]
    begins = part.ends[people] - sizes
    offsets = np.cumsum(sizes) - sizes
    places = np.arange(sizes.sum()) + np.repeat(begins - offsets, sizes)
    numbers = np.repeat(part.numbers[people], sizes)
    events, times = part.events[places], part.times[places]
    still = ~outdated[events, times // QUARTER_MS]
    return _Events(
        numbers[still],
        times[still].astype(np.int64) + part.start_ms,
        events[still],
        [codes[places[still]] for codes in part.keys.values()],
        [_at(amounts, places[still]) for amounts in part.amounts.values()],
    )


def _at(amounts: Amounts, places: Array) -> Array:
    """Of events at these places, the property's number, NaN without one."""
    found = np.full(len(places), np.nan)
    if len(amounts.places):
        at = np.minimum(np.searchsorted(amounts.places, places), len(amounts.places) - 1)
        there = amounts.places[at] == places
        found[there] = amounts.values[at[there]]
    return found


def _sizes(part: Part) -> Array:
    return np.diff(part.ends, prepend=0)


def _in_order(found: Sequence[_Events], properties: Sequence[str], summed: Sequence[str]) -> Part:
    numbers = np.concatenate([each.numbers for each in found])
    times = np.concatenate([each.times for each in found])
    events = np.concatenate([each.events for each in found])
    order = np.lexsort((times, numbers))
    numbers = numbers[order]
    last = np.flatnonzero(np.append(numbers[1:] != numbers[:-1], len(numbers) > 0))
    keys: Mapping[str, Array] = {
        property: fixed(np.concatenate([each.keys[place] for each in found])[order])
        for place, property in enumerate(properties)
    }
    amounts = {}
    for place, property in enumerate(summed):
        values = np.concatenate([each.amounts[place] for each in found])[order]
        there = np.flatnonzero(~np.isnan(values))
        amounts[property] = Amounts(fixed(there.astype(np.uint32)), fixed(values[there]))
    return Part(
        start_ms=_FIRST_MS,
        numbers=fixed(numbers[last].astype(np.uint32)),
        ends=fixed((last + 1).astype(np.int64)),
        times=fixed((times[order] - _FIRST_MS).astype(np.uint64)),
        events=fixed(events[order]),
        keys=keys,
        amounts=amounts,
    )


class _Persons:
    """The kept persons, and after them the new ones."""

    def __init__(self, kept: Array, found: Sequence[Array]) -> None:
        self._kept = kept
        self._new = np.setdiff1d(np.concatenate(found), kept)
        self.ids = np.concatenate([kept, self._new])

    def numbers(self, ids: Array) -> Array:
        """The numbers of ids."""
        at = np.searchsorted(self._kept, ids)
        known = np.zeros(len(ids), np.bool_)
        inside = at < len(self._kept)
        known[inside] = self._kept[at[inside]] == ids[inside]
        new = len(self._kept) + np.searchsorted(self._new, ids)
        return np.asarray(np.where(known, at, new), np.uint32)

    def flags(self, *numbers: Array) -> Array:
        """By number: whether it is given."""
        flags = np.zeros(len(self.ids), np.bool_)
        for each in numbers:
            flags[each] = True
        return flags
