"""People's events, block by block of people, worked on by all processors."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

import numpy as np

from bihuan.analytics.sequences.loops import (
    DROP,
    Columns,
    Source,
    add_sizes,
    begin_where_others_end,
    gather,
    tally,
)
from bihuan.analytics.sequences.view import View
from bihuan.kernel.arrays import Array
from bihuan.warehouse.errors import QueryTimeLimit
from bihuan.warehouse.sequences import Part

T = TypeVar("T")
# Few enough for a processor's own cache, and so many that the interpreter is seldom asked for the next.
EVENTS_A_BLOCK = 524_288
HELPERS = min(os.cpu_count() or 1, 8) - 1
# Fewer are filled up with empty ones: each number of them would be compiled anew.
PARTS_AT_ONCE = 4

# To begin a thread takes as long as a small question.
_helpers = ThreadPoolExecutor(max(1, HELPERS), thread_name_prefix="sequences")


@dataclass(frozen=True)
class Block:
    """Events of the people from number ``first`` on: those of person ``i`` are ``[starts[i], stops[i])``.

    Valid until the next block is read.
    """

    first: int
    starts: Array
    stops: Array
    times: Array
    codes: Array
    keys: Array

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True)
class Piece:
    """What one part has of a range of people; the fields are the arguments of ``loops.gather_part``."""

    part: Part
    columns: Columns
    people: tuple[int, int]
    span: tuple[Any, Any]
    passed_over: Array

    @property
    def events(self) -> int:
        """How many."""
        (low, high), ends = self.people, self.part.ends
        return int((ends[high - 1] if high else 0) - (ends[low - 1] if low else 0))


@dataclass(frozen=True)
class Range:
    """The people numbered ``[first, end)`` and what each part has of them, the earliest first."""

    first: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Reading:
    """What to read of a view.

    Args:
        codes: by event name, its code in the blocks; events of other names have ``other`` (None: left out).
        start_ms, end_ms: Unix milliseconds, ``[start, end)``.
        property: the property whose keys are read too.
    """

    view: View
    codes: Mapping[str, int]
    start_ms: int
    end_ms: int
    other: int | None = None
    property: str | None = None

    def fold(self, begin: Callable[[], T], add: Callable[[T, Block], None], time_seconds: float) -> list[T]:
        """One value of each worker: ``begin`` makes it, ``add`` puts a block into it, blocks in any order.

        Raises:
            QueryTimeLimit: it took longer than ``time_seconds``.
        """

        def of_worker(ranges: Iterator[Range]) -> T:
            value, reader = begin(), _Reader(self)
            for each in ranges:
                add(value, reader.read(each))
            return value

        return self._share_out(of_worker, time_seconds)

    def tally(self, codes: int, time_seconds: float) -> Array:
        """How many events have each code below ``codes`` and key (one, 0, without a property)."""
        keys = 1 if self.property is None else len(self.view.keys[self.property])
        own = self.own_codes()
        own[own == DROP] = codes

        def of_worker(ranges: Iterator[Range]) -> Array:
            counts = np.zeros((codes + 1, keys), np.int64)
            for each in ranges:
                for piece in each.pieces:
                    tally(piece.columns, piece.people, piece.span, own, piece.passed_over, counts)
            return counts

        counts: Array = np.sum(self._share_out(of_worker, time_seconds), axis=0)
        return counts[:codes]

    def each_range(self, work: Callable[[Range], T], time_seconds: float) -> list[T]:
        """What ``work`` makes of ranges that have everybody, in order: sums are the same each time.

        Raises:
            QueryTimeLimit: it took longer than ``time_seconds``.
        """

        def of_worker(ranges: Iterator[Range]) -> list[tuple[int, T]]:
            return [(each.first, work(each)) for each in ranges]

        found = [each for made in self._share_out(of_worker, time_seconds) for each in made]
        return [made for _, made in sorted(found, key=lambda each: each[0])]

    def own_codes(self) -> Array:
        """By code of the view, an event's code here."""
        other = DROP if self.other is None else self.other
        return np.array([self.codes.get(name, other) for name in self.view.events], np.uint16)

    def _share_out(self, work: Callable[[Iterator[Range]], T], time_seconds: float) -> list[T]:
        """What each worker makes of its ranges of people's numbers."""
        end = time.monotonic() + time_seconds
        numbers, parts = len(self.view.persons), list(_parts(self.view))
        rows = sum(len(part.times) for part, _ in parts)
        count = max(1, min(numbers, -(-rows // EVENTS_A_BLOCK)))
        bounds = [numbers * place // count for place in range(count + 1)]
        found = [_Bounded(self, *each, bounds) for each in parts]
        places = iter(range(count))

        def left() -> Iterator[Range]:
            for place in places:
                if time.monotonic() > end:
                    raise QueryTimeLimit(limit_seconds=time_seconds)
                yield Range(bounds[place], bounds[place + 1], tuple(each.piece(place) for each in found))

        return _with_helpers(lambda: work(left()), count - 1)


def _with_helpers(work: Callable[[], T], most: int) -> list[T]:
    """What the caller made, and each of at most so many helpers, of work that whoever comes takes from.

    Helpers who are busy elsewhere are not waited for: the caller does what they leave.
    """
    helpers = [_helpers.submit(work) for _ in range(min(most, HELPERS))]
    try:
        made = [work()]
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        wait(begun)
    return made + [helper.result() for helper in begun]


class _Bounded:
    """A part, and which of its people are in which range. NumPy is asked once for all: its functions give
    the interpreter's lock back, and wait for it while other threads interpret."""

    def __init__(self, reading: Reading, part: Part, passed_over: Array, bounds: Sequence[int]) -> None:
        self._part, self._passed_over = part, passed_over
        self._columns, self._span = _columns(part, reading.property), _span(part, reading)
        self._people = np.searchsorted(part.numbers, np.array(bounds, part.numbers.dtype)).tolist()

    def piece(self, place: int) -> Piece:
        """Of one range."""
        people = self._people[place], self._people[place + 1]
        return Piece(self._part, self._columns, people, self._span, self._passed_over)


class _Reader:
    """Reads blocks into the same memory, one after the other."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._codes = reading.own_codes()
        self._times = np.empty(0, np.int64)
        self._into = np.empty(0, np.uint16)
        self._keys = np.empty(0, np.uint16)

    def read(self, people: Range) -> Block:
        """The events of the people of a range."""
        first = people.first
        starts, stops = (np.zeros(people.end - first, np.int64) for _ in range(2))
        for piece in people.pieces:
            add_sizes(piece.part.numbers, piece.part.ends, first, piece.people, starts)
        self._grow(begin_where_others_end(starts, stops))
        into = (self._times, self._into, self._keys)
        groups = list(_groups(people.pieces))
        for place, group in enumerate(groups):
            is_last, passed_over = place == len(groups) - 1, group[0].passed_over
            gather(_sources(group), first, self._codes, passed_over, starts, stops, into, is_last)
        return Block(first, starts, stops, *into)

    def _grow(self, events: int) -> None:
        if len(self._times) < events:
            self._times = np.empty(events, np.int64)
            self._into = np.empty(events, np.uint16)
            self._keys = np.empty(events if self._reading.property is not None else 0, np.uint16)


def _groups(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """Pieces that are read at once: of the months, and of what came since, whose times are wider."""
    for _, alike in groupby(pieces, lambda piece: piece.columns[2].dtype):
        found = list(alike)
        for place in range(0, len(found), PARTS_AT_ONCE):
            yield found[place : place + PARTS_AT_ONCE]


def _sources(group: Sequence[Piece]) -> tuple[Source, ...]:
    found = [(piece.columns, piece.people, piece.part.start_ms, piece.span) for piece in group]
    columns, _, start_ms, span = found[0]
    nothing = (columns, (0, 0), start_ms, span)
    return (*found, *[nothing] * (PARTS_AT_ONCE - len(found)))


def _parts(view: View) -> Iterator[tuple[Part, Array]]:
    """The parts of a view, and whose events in each are passed over."""
    for part in view.months:
        yield part, view.replaced
    if view.recent is not None:
        yield view.recent, np.empty(0, np.bool_)


def _columns(part: Part, property: str | None) -> Columns:
    keys = np.empty(0, np.uint16) if property is None else part.keys[property]
    return part.numbers, part.ends, part.times, part.events, keys


def _span(part: Part, reading: Reading) -> tuple[Any, Any]:
    """The first time to take of a part and how many milliseconds, of the unsigned type of its times."""
    kind = part.times.dtype.type
    most = int(np.iinfo(kind).max)
    low = max(reading.start_ms - part.start_ms, 0)
    width = max(reading.end_ms - part.start_ms - low, 0)
    return kind(min(low, most)), kind(min(width, most))
