"""Paths over the names of events from the kept sequences: the rows that the statement would give.

All steps are counted for each node first. Where more nodes come to a step than have names there, the others
are gathered, and the steps are counted once more for the groups, so that people are counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.paths.loops import count_elements, walk
from bihuan.analytics.paths.query import PathsQuery, PathsSelection
from bihuan.analytics.paths.rows import range_ms, selectors
from bihuan.analytics.paths.sql import ENDED_KEY, GOES_ON_KEY, element_of
from bihuan.analytics.query import resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.sequences.blocks import Block, Reading
from bihuan.analytics.sql.breakdowns import OTHER_KEY
from bihuan.kernel.arrays import Array

# Places of the arrays that a worker counts in, 20 bytes each.
MOST_ELEMENTS = 4_000_000


@dataclass(frozen=True)
class _Figures:
    """By side, distance, group and next group: paths and people; by side, distance (and group): people."""

    paths: Array
    people: Array
    group_people: Array
    step_people: Array


@dataclass(frozen=True)
class _Groups:
    """What nodes are called at each step.

    Args:
        group, following: side × distance × node: its group, and its group as the next node (0: the end).
        keys: side × distance → key of each group; ``following_keys`` of each next group.
    """

    group: Array
    following: Array
    keys: dict[tuple[int, int], list[str]]
    following_keys: dict[tuple[int, int], list[str]]


@dataclass(frozen=True)
class _Paths:
    """A query and the sequences that answer it.

    Args:
        nodes: keys of the nodes by frequency, the first for none; the last may stand for all the rarer ones.
        different: how many nodes there are, rare ones too.
    """

    query: PathsQuery
    reading: Reading
    nodes: list[str]
    different: int
    period: tuple[int, int]
    gap_ms: int
    time_seconds: float

    @property
    def steps(self) -> list[tuple[int, int]]:
        """Every side (after the anchor, before it) and distance."""
        return [(side, distance) for side in range(2) for distance in range(self.query.steps + 1)]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Sides, distances, groups."""
        return 2, self.query.steps + 1, len(self.nodes)

    def each_by_itself(self) -> _Groups:
        """Every node is its own group, but for the rare ones."""
        own = np.broadcast_to(self._own(), (*self.shape[:2], self.different + 1)).copy()
        following, at_last = [ENDED_KEY, *self.nodes[1:]], [ENDED_KEY, GOES_ON_KEY][: len(self.nodes)]
        return _Groups(
            own,
            own,
            dict.fromkeys(self.steps, self.nodes),
            {step: at_last if step[1] == self.query.steps else following for step in self.steps},
        )

    def counted(self, groups: _Groups) -> _Figures:
        """The elements of all paths."""
        steps = 2 * (self.query.steps + 1)
        sizes = [steps * len(self.nodes) ** 2, steps * len(self.nodes), steps]

        def begin() -> tuple[Array, ...]:
            counts = (np.zeros(size, np.int64) for size in (sizes[0], *sizes))
            return (*counts, *(np.full(size, -1, np.int64) for size in sizes))

        def add(figures: tuple[Array, ...], block: Block) -> None:
            count_elements(*self._elements(block, groups), len(self.nodes), *figures)

        workers = self.reading.fold(begin, add, self.time_seconds)
        counts = [np.sum(figures, axis=0) for figures in list(zip(*workers, strict=True))[:4]]
        shape = (*self.shape, len(self.nodes))
        return _Figures(
            *(each.reshape(shape[:axes]) for each, axes in zip(counts, (4, 4, 3, 2), strict=True))
        )

    def behind(self, groups: _Groups, wanted: Array) -> Array:
        """The numbers of the people who have one of the ``wanted`` elements."""
        is_wanted = wanted.ravel()

        def add(behind: Array, block: Block) -> None:
            elements, people = self._elements(block, groups)
            behind[people[is_wanted[elements]]] = True

        everybody = len(self.reading.view.persons)
        workers = self.reading.fold(lambda: np.zeros(everybody, np.bool_), add, self.time_seconds)
        return np.flatnonzero(np.any(workers, axis=0))

    def gathered(self, groups: _Groups, figures: _Figures) -> _Groups:
        """The groups of the query, by how many paths have each."""
        found = _Groups(groups.group.copy(), groups.following.copy(), {}, {})
        for step in self.steps:
            paths = figures.paths[step]
            found.group[step], found.keys[step] = self._named(groups.keys[step], paths.sum(axis=1))
            following = groups.following_keys[step]
            found.following[step], found.following_keys[step] = self._named(following, paths.sum(axis=0))
        return found

    def _named(self, keys: list[str], paths: Array) -> tuple[Array, list[str]]:
        """By node: the place of its name among the names; the most frequent keep theirs."""
        there = [place for place, key in enumerate(keys) if paths[place] and key.startswith("v")]
        there.sort(key=lambda place: (-int(paths[place]), keys[place]))
        others = set(there[self.query.top_n :])
        shown = [OTHER_KEY if place in others else key for place, key in enumerate(keys)]
        names = list(dict.fromkeys(shown))
        place_of = {name: place for place, name in enumerate(names)}
        places = np.array([place_of[name] for name in shown], np.int64)
        return places[np.minimum(self._own(), len(places) - 1)], names

    def _own(self) -> Array:
        return np.minimum(np.arange(self.different + 1, dtype=np.int64), len(self.nodes) - 1)

    def _elements(self, block: Block, groups: _Groups) -> tuple[Array, Array]:
        """The elements of the paths of a block's people, and whose each is."""
        query = self.query
        window_ms = -1 if query.window_seconds is None else round(query.window_seconds * 1000)
        sides = (query.direction != "to", query.direction != "from")
        places = sum(sides) * int((block.stops - block.starts).sum())
        elements, people = np.empty(places, np.int64), np.empty(places, np.int64)
        count = walk(
            (block.first, block.starts, block.stops, block.times, block.codes),
            self.period,
            (self.gap_ms, window_ms),
            (query.anchor is not None, query.anchored_at_last, query.collapse),
            sides,
            groups.group,
            groups.following,
            len(self.nodes),
            elements,
            people,
        )
        return elements[:count], people[:count]


def sequenced_rows(ctx: ProjectContext, query: PathsQuery, time_seconds: float) -> list[Row] | None:
    """The rows of the statement; None where it has to be run."""
    paths = _paths(ctx, query, time_seconds)
    if paths is None:
        return None
    groups, figures = _grouped(paths)
    rows: list[Row] = []
    for (side, distance), keys in groups.keys.items():
        counts = figures.paths[side, distance]
        if counts.any():
            step = (int(counts.sum()), int(figures.step_people[side, distance]))
            rows.append((side, distance, 2, "", "", *step))
        for group in np.flatnonzero(counts.sum(axis=1)):
            people = int(figures.group_people[side, distance, group])
            rows.append((side, distance, 1, keys[group], "", int(counts[group].sum()), people))
            for following in np.flatnonzero(counts[group]):
                key = groups.following_keys[side, distance][following]
                people = int(figures.people[side, distance, group, following])
                rows.append((side, distance, 0, keys[group], key, int(counts[group, following]), people))
    return rows


def sequenced_people(
    ctx: ProjectContext, query: PathsQuery, selection: PathsSelection, time_seconds: float
) -> Array | None:
    """The ids of the people with such a path, in no order; None where the statement has to be run."""
    paths = _paths(ctx, query, time_seconds)
    if paths is None:
        return None
    side, distance, node, following = element_of(query, selection)
    groups, _ = _grouped(paths)
    keys, next_keys = groups.keys[side, distance], groups.following_keys[side, distance]
    wanted = np.zeros((*paths.shape, len(paths.nodes)), np.bool_)
    if node in keys and (following is None or following in next_keys):
        places: Any = slice(None) if following is None else next_keys.index(following)
        wanted[side, distance, keys.index(node), places] = True
    return paths.reading.view.ids(paths.behind(groups, wanted))


def _grouped(paths: _Paths) -> tuple[_Groups, _Figures]:
    groups = paths.each_by_itself()
    figures = paths.counted(groups)
    gathered = paths.gathered(groups, figures)
    if gathered.keys == groups.keys and gathered.following_keys == groups.following_keys:
        return groups, figures
    return gathered, paths.counted(gathered)


def _paths(ctx: ProjectContext, query: PathsQuery, time_seconds: float) -> _Paths | None:
    if ctx.sequences is None or not _is_answered(query):
        return None
    start_ms, end_ms = range_ms(ctx, query)
    view = ctx.sequences.view(ctx, start_ms, end_ms)
    if view is None:
        return None
    chosen = selectors(query)
    every = {name: code for code, name in enumerate(view.events)}
    counts = Reading(view, every, start_ms, end_ms).tally(len(every), time_seconds)[:, 0]
    frequent = sorted(
        (-int(counts[code]), name)
        for name, code in every.items()
        if counts[code] and any(not each.events or name in each.events for each in chosen)
    )
    nodes = ["", *("v" + name for _, name in frequent[: query.most_nodes])]
    if len(frequent) > query.most_nodes:
        nodes.append(OTHER_KEY)
    if 2 * (query.steps + 1) * len(nodes) ** 2 > MOST_ELEMENTS:
        return None
    codes = {name: 2 * place + _is_anchor(query, name) for place, (_, name) in enumerate(frequent, 1)}
    other = 0 if query.window_seconds is None else None
    period = resolve(query.period, ctx)
    return _Paths(
        query,
        Reading(view, codes, start_ms, end_ms, other=other),
        nodes,
        len(frequent),
        (period.start_ms, period.end_ms),
        ctx.session_gap_seconds * 1000,
        time_seconds,
    )


def _is_anchor(query: PathsQuery, name: str) -> bool:
    return query.anchor is not None and (not query.anchor.events or name in query.anchor.events)


def _is_answered(query: PathsQuery) -> bool:
    """Whether the sequences say everything that the query asks."""
    if query.filter is not None or query.sample is not None or query.rules:
        return False
    is_event = query.node.scope == "field" and query.node.name == "event"
    return is_event and all(selector.filter is None for selector in selectors(query))
