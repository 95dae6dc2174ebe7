"""Ask an RFM: of the kept sequences where they know everything that is asked, else of the engine."""

from __future__ import annotations

import importlib
from typing import Any

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.rfm.query import RfmQuery, RfmSelection
from bihuan.analytics.rfm.result import RfmResult, read_rfm
from bihuan.analytics.rfm.sql import people_sql, rfm_sql
from bihuan.analytics.run import Limits, RowSource, page_of, page_sql


def ask_rfm(engine: RowSource, ctx: ProjectContext, query: RfmQuery, limits: Limits) -> RfmResult:
    """The cells, the groups and the cuts between the scores.

    Raises:
        QueryTimeLimit, QueryMemoryLimit, QueryCancelled, EngineUnavailable: as the engine reports.
    """
    rows = None
    if _are_kept(ctx):
        rows = _sequenced().sequenced_rows(ctx, query, limits.time_seconds)
    if rows is None:
        rows = engine.rows(rfm_sql(ctx, query), settings=limits.settings())
    return read_rfm(ctx, query, rows)


def ask_people(
    engine: RowSource,
    ctx: ProjectContext,
    query: RfmQuery,
    selection: RfmSelection,
    *,
    after: int | None,
    limit: int,
    limits: Limits,
) -> list[int]:
    """A page of the buyers selected, ascending by person id; ``after`` continues a page. Raises as above."""
    found = None
    if _are_kept(ctx):
        found = _sequenced().sequenced_people(ctx, query, selection, limits.time_seconds)
    if found is not None:
        return page_of(found, after, limit)
    sql = page_sql(people_sql(ctx, query, selection), after, limit)
    rows = engine.rows(sql, settings=limits.settings())
    return [int(row[0]) for row in rows]


def _are_kept(ctx: ProjectContext) -> bool:
    return ctx.sequences is not None and ctx.sequences.are_there


def _sequenced() -> Any:
    # Only where there are sequences: it loads the compiler.
    return importlib.import_module("bihuan.analytics.rfm.sequenced")
