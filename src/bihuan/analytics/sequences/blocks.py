"""People's events, block by block of people, worked on by all processors."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from bihuan.analytics.sequences.loops import DROP, Columns, add_sizes, gather, order_ties, tally
from bihuan.analytics.sequences.view import View
from bihuan.kernel.arrays import Array
from bihuan.warehouse.errors import QueryTimeLimit
from bihuan.warehouse.sequences import Part

T = TypeVar("T")
# Few enough for a processor's own cache, and so many that the interpreter is seldom asked for the next.
EVENTS_A_BLOCK = 524_288
MOST_WORKERS = 8


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
    """What one part has of a range of people; the fields are the arguments of ``loops.gather``."""

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

        def of_worker(places: Iterator[tuple[int, int]]) -> T:
            value, reader = begin(), _Reader(self)
            for first, end in places:
                add(value, reader.read(first, end))
            return value

        return self._share_out(of_worker, time_seconds)

    def tally(self, codes: int, time_seconds: float) -> Array:
        """How many events have each code below ``codes`` and key (one, 0, without a property)."""
        keys = 1 if self.property is None else len(self.view.keys[self.property])
        own = self.own_codes()
        own[own == DROP] = codes

        def of_worker(places: Iterator[tuple[int, int]]) -> Array:
            counts = np.zeros((codes + 1, keys), np.int64)
            for first, end in places:
                for piece in self.pieces(first, end):
                    tally(piece.columns, piece.people, piece.span, own, piece.passed_over, counts)
            return counts

        counts: Array = np.sum(self._share_out(of_worker, time_seconds), axis=0)
        return counts[:codes]

    def each_range(self, work: Callable[[int, int, Iterator[Piece]], T], time_seconds: float) -> list[T]:
        """What ``work`` makes of the people numbered ``[first, end)`` and their pieces, the earliest first,
        for ranges that have everybody; in no order.

        Raises:
            QueryTimeLimit: it took longer than ``time_seconds``.
        """

        def of_worker(places: Iterator[tuple[int, int]]) -> list[T]:
            return [work(first, end, self.pieces(first, end)) for first, end in places]

        return [each for found in self._share_out(of_worker, time_seconds) for each in found]

    def own_codes(self) -> Array:
        """By code of the view, an event's code here."""
        other = DROP if self.other is None else self.other
        return np.array([self.codes.get(name, other) for name in self.view.events], np.uint16)

    def pieces(self, first: int, end: int) -> Iterator[Piece]:
        """What the parts have of the people numbered ``[first, end)``, the earliest first."""
        for part, passed_over in _parts(self.view):
            columns, people = _columns(part, self.property), _people(part, first, end)
            yield Piece(part, columns, people, _span(part, self), passed_over)

    def _share_out(self, work: Callable[[Iterator[tuple[int, int]]], T], time_seconds: float) -> list[T]:
        """What each worker makes of its ranges of people's numbers."""
        end = time.monotonic() + time_seconds
        numbers = len(self.view.persons)
        rows = sum(len(part.times) for part, _ in _parts(self.view))
        count = max(1, min(numbers, -(-rows // EVENTS_A_BLOCK)))
        bounds = [numbers * place // count for place in range(count + 1)]
        workers = max(1, min(count, os.cpu_count() or 1, MOST_WORKERS))

        def of_worker(worker: int) -> Iterator[tuple[int, int]]:
            for place in range(worker, count, workers):
                if time.monotonic() > end:
                    raise QueryTimeLimit(limit_seconds=time_seconds)
                yield bounds[place], bounds[place + 1]

        if workers == 1:
            return [work(of_worker(0))]
        with ThreadPoolExecutor(workers, thread_name_prefix="sequences") as pool:
            return list(pool.map(work, map(of_worker, range(workers))))


class _Reader:
    """Reads blocks into the same memory, one after the other."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._codes = reading.own_codes()
        self._times = np.empty(0, np.int64)
        self._into = np.empty(0, np.uint16)
        self._keys = np.empty(0, np.uint16)

    def read(self, first: int, end: int) -> Block:
        """The events of the people numbered ``[first, end)``."""
        reading = self._reading
        sizes = np.zeros(end - first, np.int64)
        for part, _ in _parts(reading.view):
            add_sizes(part.numbers, part.ends, first, _people(part, first, end), sizes)
        stops = np.cumsum(sizes) - sizes
        starts = stops.copy()
        self._grow(int(sizes.sum()))
        into = (self._times, self._into, self._keys)
        for piece in reading.pieces(first, end):
            start_ms, codes = piece.part.start_ms, self._codes
            gather(
                piece.columns,
                first,
                piece.people,
                start_ms,
                piece.span,
                codes,
                piece.passed_over,
                stops,
                into,
            )
        order_ties(starts, stops, *into)
        return Block(first, starts, stops, *into)

    def _grow(self, events: int) -> None:
        if len(self._times) < events:
            self._times = np.empty(events, np.int64)
            self._into = np.empty(events, np.uint16)
            self._keys = np.empty(events if self._reading.property is not None else 0, np.uint16)


def _parts(view: View) -> Iterator[tuple[Part, Array]]:
    """The parts of a view, and whose events in each are passed over."""
    for part in view.months:
        yield part, view.replaced
    if view.recent is not None:
        yield view.recent, np.empty(0, np.bool_)


def _columns(part: Part, property: str | None) -> Columns:
    keys = np.empty(0, np.uint16) if property is None else part.keys[property]
    return part.numbers, part.ends, part.times, part.events, keys


def _people(part: Part, first: int, end: int) -> tuple[int, int]:
    """Which of a part's people are numbered ``[first, end)``."""
    low, high = np.searchsorted(part.numbers, np.array([first, end], part.numbers.dtype))
    return int(low), int(high)


def _span(part: Part, reading: Reading) -> tuple[Any, Any]:
    """The first time to take of a part and how many milliseconds, of the unsigned type of its times."""
    kind = part.times.dtype.type
    most = int(np.iinfo(kind).max)
    low = max(reading.start_ms - part.start_ms, 0)
    width = max(reading.end_ms - part.start_ms - low, 0)
    return kind(min(low, most)), kind(min(width, most))
