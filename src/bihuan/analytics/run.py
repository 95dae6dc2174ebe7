"""Run a query: SQL, engine, result."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.query import Query, Selection
from bihuan.analytics.registry import Row, kind_of
from bihuan.analytics.result import Result
from bihuan.kernel.arrays import Array
from bihuan.warehouse.engine import Reading
from bihuan.warehouse.errors import RollupMovedOn
from bihuan.warehouse.sql import literal

KILL_COLUMNS = 4  # status, query id, user, query


class RowSource(Protocol):
    """What can run a SELECT: ``bihuan.warehouse.engine.Engine``."""

    def rows(self, sql: str, *, settings: dict[str, Any] | None = None) -> list[Row]:
        """The rows of a SELECT."""
        ...

    def reading(self, sql: str, *, settings: dict[str, Any] | None = None) -> Reading:
        """The rows of a SELECT, and what was read for them."""
        ...


@dataclass(frozen=True)
class Limits:
    """How much one query may use.

    ``query_id`` is the caller's name for the run, which ``cancel`` takes.
    """

    time_seconds: float = 60.0
    memory_bytes: int = 8 << 30
    query_id: str | None = None

    def settings(self) -> dict[str, Any]:
        """The limits as engine settings."""
        settings: dict[str, Any] = {
            "max_execution_time": self.time_seconds,
            "timeout_overflow_mode": "throw",
            "max_memory_usage": self.memory_bytes,
            # Spill big aggregations and sorts to disk well before the limit stops the query.
            "max_bytes_before_external_group_by": self.memory_bytes // 2,
            "max_bytes_before_external_sort": self.memory_bytes // 2,
        }
        if self.query_id is not None:
            settings["log_comment"] = self.query_id
        return settings


def sql_of(ctx: ProjectContext, query: Query) -> str:
    """The statement that answers ``query``."""
    return str(kind_of(query).sql(ctx, query))


def run(engine: RowSource, ctx: ProjectContext, query: Query, limits: Limits | None = None) -> Result:
    """Answer ``query``; where kept sequences answered it, the result's SQL is what would have.

    Raises:
        QueryTimeLimit, QueryMemoryLimit, QueryCancelled, EngineUnavailable: as the engine reports.
    """
    analysis, limits = kind_of(query), limits or Limits()
    sql = analysis.sql(ctx, query)
    sequenced = _sequenced(ctx, query)
    rows = None if sequenced is None else sequenced.sequenced_rows(ctx, query, limits.time_seconds)
    reading = None if rows is None else Reading(rows)
    if reading is None:
        try:
            reading = engine.reading(sql, settings=limits.settings())
        except RollupMovedOn:
            # Rare enough, and over soon enough, that the log itself is the simplest second way.
            sql = analysis.sql(replace(ctx, people_by_day=None), query)
            reading = engine.reading(sql, settings=limits.settings())
    result: Result = analysis.read(ctx, query, reading.rows)
    return result.model_copy(
        update={"sql": sql, "rows_read": reading.rows_read, "bytes_read": reading.bytes_read}
    )


def people_sql(ctx: ProjectContext, query: Query, selection: Selection) -> str:
    """SELECT of one column ``person``: the people behind one number of the query's result, each once."""
    return str(kind_of(query).people_sql(ctx, query, selection))


def people(
    engine: RowSource,
    ctx: ProjectContext,
    query: Query,
    selection: Selection,
    *,
    after: int | None = None,
    limit: int = 1000,
    limits: Limits | None = None,
) -> list[int]:
    """A page of the people behind a number, ascending by person id; ``after`` continues a page."""
    limits = limits or Limits()
    sequenced = _sequenced(ctx, query)
    if sequenced is not None:
        found = sequenced.sequenced_people(ctx, query, selection, limits.time_seconds)
        if found is not None:
            return page_of(found, after, limit)
    settings = limits.settings()

    def page(seen: ProjectContext) -> list[Row]:
        return engine.rows(page_sql(people_sql(seen, query, selection), after, limit), settings=settings)

    try:
        rows = page(ctx)
    except RollupMovedOn:
        rows = page(replace(ctx, people_by_day=None))
    return [row[0] for row in rows]


def page_of(people: Array, after: int | None, limit: int) -> list[int]:
    """The next ids of people that are in no order, ascending."""
    behind = np.sort(people if after is None else people[people > after])
    return [int(person) for person in behind[:limit]]


def page_sql(people: str, after: int | None, limit: int) -> str:
    """The same of a SELECT of ``person``."""
    beyond = "" if after is None else f" WHERE person > {after}"
    return f"SELECT person FROM (\n{people}\n){beyond} ORDER BY person LIMIT {limit}"


def cancel(engine: RowSource, query_id: str) -> int:
    """Stop the running queries that were started with ``query_id``; returns how many were told to stop."""
    mine = f"Settings['log_comment'] = {literal(query_id)}"
    # For a statement without rows the driver returns a summary, which looks like a row.
    return sum(len(row) == KILL_COLUMNS for row in engine.rows(f"KILL QUERY WHERE {mine} ASYNC"))


def _sequenced(ctx: ProjectContext, query: Query) -> Any:
    """The module that may answer the query from the kept sequences, if there are any."""
    name = kind_of(query).sequenced
    if not name or ctx.sequences is None or not ctx.sequences.are_there:
        return None
    return importlib.import_module(name)
