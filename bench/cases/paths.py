"""Paths: which event follows which in sessions of 30 minutes, over the whole log."""

from __future__ import annotations

from typing import Any

from bench.cases.case import WHOLE, Case, bihuan, duckdb, posthog, touch
from bench.stores import POSTHOG_TABLE, Stores
from bihuan.analytics.paths.query import PathsQuery
from bihuan.analytics.paths.result import PathsResult

PLACE = 5
STEPS = 5

Links = dict[tuple[int, str, str], int]


def _ours(result: PathsResult) -> Links:
    return {(link.step, str(link.source.value), str(link.target.value)): link.paths for link in result.links}


def _theirs(rows: list[tuple[Any, ...]]) -> Links:
    return {(int(step), str(source), str(target)): int(paths) for step, source, target, paths, *_ in rows}


def session_paths(stores: Stores) -> Case:
    """The first five links of every session, neighbours that are the same event made one."""
    return Case(
        "paths in sessions",
        [
            touch(stores, ("event", "person_id", "time"), ()),
            bihuan(stores, PathsQuery(steps=STEPS, top_n=100, period=WHOLE), _ours),
            duckdb(stores, _DUCK, _theirs),
            posthog(stores, _POSTHOG, _theirs),
        ],
        goal=4.5,
    )


_DUCK = f"""
WITH gaps AS (
    SELECT person, time, event,
        coalesce(time - lag(time) OVER person_order > INTERVAL 30 MINUTE, true) AS begins,
        lag(event) OVER person_order AS before
    FROM events WINDOW person_order AS (PARTITION BY person ORDER BY time)
),
sessions AS (
    SELECT person, time, event, sum(begins::INTEGER) OVER (PARTITION BY person ORDER BY time) AS session
    FROM gaps WHERE begins OR event != before
),
links AS (
    SELECT person, event, lead(event) OVER session_order AS following,
        row_number() OVER session_order - 1 AS step
    FROM sessions WINDOW session_order AS (PARTITION BY person, session ORDER BY time)
)
SELECT step, event::VARCHAR, following::VARCHAR, count(*), count(DISTINCT person)
FROM links WHERE step < {STEPS} AND following IS NOT NULL GROUP BY ALL
"""
# Arrays of (time, item) of each person, split at the pauses, compacted, cut, and joined back as links.
_POSTHOG = f"""
SELECT link.1 AS step, link.2 AS source, link.3 AS target, count() FROM (
    SELECT person_id,
        arraySort(x -> x.1, groupArray((toUnixTimestamp64Milli(timestamp), event))) AS items,
        arrayDifference(arrayMap(x -> x.1, items)) AS pauses,
        arrayJoin(arraySplit((x, pause) -> pause > 1800000, items, pauses)) AS session,
        arraySlice(arrayCompact(arrayMap(x -> x.2, session)), 1, {STEPS + 1}) AS path,
        arrayJoin(arrayMap((source, target, n) -> (n - 1, source, target),
            arrayPopBack(path), arrayPopFront(path), arrayEnumerate(arrayPopBack(path)))) AS link
    FROM {POSTHOG_TABLE} GROUP BY person_id
) GROUP BY step, source, target
"""

CASES = (session_paths,)
