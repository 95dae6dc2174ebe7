"""The results of a board, tile by tile, as they are ready."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bihuan.access import Mask, Project
from bihuan.analytics import Query
from bihuan.analytics.query import FilterGroup, Period
from bihuan.analytics.query.filters import AnyFilter
from bihuan.database import Database
from bihuan.insights.dashboards import repository
from bihuan.insights.dashboards.schemas import (
    ErrorDetail,
    ResultsQuestion,
    TileInsight,
    filters_adapter,
    period_adapter,
)
from bihuan.insights.dashboards.service import get_dashboard
from bihuan.insights.saved.errors import InsightUnreadable
from bihuan.insights.saved.models import Insight
from bihuan.insights.saved.repository import insights_by_id
from bihuan.insights.saved.service import read_query
from bihuan.insights.service import QueryService
from bihuan.kernel.errors import BihuanError, Language
from bihuan.warehouse import ProjectStore

# Questions of one board that are under way at once; the engine uses every processor for each.
_AT_ONCE = 3


@dataclass(frozen=True)
class BoardTile:
    """A tile that shows an insight, and what to ask for it; ``fault`` when it cannot be asked."""

    tile_id: str
    insight: Insight
    query: Query | None
    fault: BihuanError | None = None


@dataclass(frozen=True)
class BoardResult:
    """A tile that is ready: the encoded result, or what went wrong."""

    tile: BoardTile
    body: bytes | None
    fault: BihuanError | None = None

    def behind(self, mask: Mask) -> BoardResult:
        """The result as somebody sees it."""
        if self.body is None or not mask.hides:
            return self
        return replace(self, body=mask.answer(self.tile.query, self.body))


class BoardAnswers:
    """Answers the questions of boards of one project."""

    def __init__(self, queries: QueryService, project: Project, store: ProjectStore) -> None:
        self._queries = queries
        self._project = project
        self._store = store

    async def each(self, tiles: Sequence[BoardTile]) -> AsyncIterator[BoardResult]:
        """The results as they are ready. Whoever stops listening stops the queries."""
        names = {tile.tile_id: uuid.uuid4().hex for tile in tiles}
        pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="board")
        asked = [pool.submit(self.one, tile, names[tile.tile_id]) for tile in tiles]
        try:
            for done in asyncio.as_completed([asyncio.wrap_future(each) for each in asked]):
                yield await done
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if not all(each.done() for each in asked):
                # In a thread of its own: nobody waits here any more.
                threading.Thread(target=self._stop, args=(tuple(names.values()),), daemon=True).start()

    def in_order(self, tiles: Sequence[BoardTile]) -> list[BoardResult]:
        """The results of all tiles, in order."""
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="board") as pool:
            return list(pool.map(self.one, tiles))

    def one(self, tile: BoardTile, query_id: str | None = None) -> BoardResult:
        """The result of one tile."""
        if tile.query is None:
            return BoardResult(tile, None, tile.fault)
        try:
            answer = self._queries.answer(self._project, self._store, tile.query, query_id=query_id)
        except BihuanError as fault:
            return BoardResult(tile, None, fault)
        return BoardResult(tile, answer.body)

    def _stop(self, query_ids: Sequence[str]) -> None:
        for query_id in query_ids:
            self._queries.cancel(self._project.id, self._store, query_id)


def board_tiles(
    database: Database, project_id: str, dashboard_id: str, question: ResultsQuestion
) -> list[BoardTile]:
    """The tiles of a board that show insights, with its filter and period in their questions.

    Raises:
        DashboardNotFound.
        InsightUnreadable: the board's filter or period cannot be read any more.
    """
    with database.read_session() as session:
        board = get_dashboard(session, project_id, dashboard_id)
        tiles = repository.tiles_of(session, [board.id])[board.id]
        wanted = {tile.id: tile.insight_id for tile in tiles if tile.insight_id is not None}
        held = insights_by_id(session, project_id, wanted.values())
    filters = [_read(filters_adapter, board.filters, "filters"), question.filters]
    period = question.period or _read(period_adapter, board.period, "period")
    return [
        tile_of(tile_id, held[insight_id], filters, period)
        for tile_id, insight_id in wanted.items()
        if insight_id in held and (question.tiles is None or tile_id in question.tiles)
    ]


def tile_of(
    tile_id: str, insight: Insight, filters: Sequence[AnyFilter | None], period: Period | None
) -> BoardTile:
    """An insight with further filters and another period."""
    try:
        query = read_query(insight.query)
    except InsightUnreadable as fault:
        return BoardTile(tile_id, insight, None, fault)
    conditions = tuple(each for each in (query.filter, *filters) if each is not None)
    changes: dict[str, Any] = {} if period is None else {"period": period}
    if len(conditions) > 1:
        changes["filter"] = FilterGroup(op="and", items=conditions)
    elif conditions:
        changes["filter"] = conditions[0]
    return BoardTile(tile_id, insight, query.model_copy(update=changes))


def error_detail(fault: BihuanError, language: Language) -> ErrorDetail:
    """What went wrong, in the words of a language."""
    return ErrorDetail.model_validate(fault.as_dict(language)["error"])


def line_of(result: BoardResult, language: Language) -> bytes:
    """A ``TileResult`` as a line of JSON; the result is not decoded on the way."""
    insight, tile = result.tile.insight, result.tile
    shown = TileInsight(
        id=insight.id,
        name=insight.name,
        description=insight.description,
        chart=insight.chart,
        options=insight.options,
        kind=insight.kind,
        query=tile.query,
    )
    error = None if result.fault is None else error_detail(result.fault, language).model_dump_json()
    return b"".join(
        (
            b'{"tile_id":"' + tile.tile_id.encode() + b'","insight":',
            shown.model_dump_json().encode(),
            b',"result":' + (result.body or b"null"),
            b',"error":' + (b"null" if error is None else error.encode()) + b"}\n",
        )
    )


def _read(adapter: TypeAdapter[Any], stored: dict[str, Any] | None, name: str) -> Any:
    if stored is None:
        return None
    try:
        return adapter.validate_python(stored)
    except ValidationError as error:
        raise InsightUnreadable(reason=error.errors()[0]["msg"], path=name) from error
