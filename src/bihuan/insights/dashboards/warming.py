"""Have the answers of boards ready before somebody opens them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from bihuan.access import Project
from bihuan.database import Database
from bihuan.insights.dashboards.models import Dashboard
from bihuan.insights.dashboards.results import board_tiles
from bihuan.insights.dashboards.schemas import ResultsQuestion
from bihuan.insights.service import QueryService
from bihuan.kernel.errors import BihuanError
from bihuan.warehouse import ProjectStore

_log = logging.getLogger(__name__)

# Boards asked when a process starts, those changed last; later it asks those that somebody opened lately.
_FIRST_BOARDS = 20
_LATELY_SECONDS = 86_400.0
_REST_SECONDS = 60.0
# A round may take a tenth of the time, and no longer than this.
_RESTS_PER_ROUND = 9.0
_ROUND_SECONDS = 60.0
_STOP_SECONDS = 0.2
_QUERY_ID = "boards-ahead"


@dataclass(frozen=True)
class _Board:
    project_id: str
    dashboard_id: str


class BoardWarmer:
    """Asks, in the background and one question at a time, what boards ask, so that the answers are kept.

    What is kept already is not asked again, so a round costs next to nothing while no row changes.

    Args:
        project: opens a project by its id.
    """

    def __init__(
        self,
        database: Database,
        queries: QueryService,
        project: Callable[[str], tuple[Project, ProjectStore]],
    ) -> None:
        self._database = database
        self._queries = queries
        self._project = project
        self._opened: dict[_Board, float] = {}
        self._asking: tuple[str, ProjectStore] | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="boards", daemon=True)

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End; the question under way is stopped."""
        self._stop.set()
        while self._thread.is_alive():
            asking = self._asking
            if asking is not None:
                self._queries.cancel(*asking, _QUERY_ID)
            self._thread.join(_STOP_SECONDS)

    def opened(self, project_id: str, dashboard_id: str) -> None:
        """Somebody looks at a board."""
        with self._lock:
            self._opened[_Board(project_id, dashboard_id)] = time.monotonic()

    def warm(self) -> int:
        """Ask once for the boards that somebody opened lately; returns how many answers were made."""
        since = time.monotonic() - _LATELY_SECONDS
        with self._lock:
            self._opened = {board: at for board, at in self._opened.items() if at >= since}
            wanted = sorted(self._opened, key=lambda board: -self._opened[board])
        return self._ask(wanted)

    def warm_first(self) -> int:
        """The same for the boards that were changed last, whoever opened them."""
        with self._database.read_session() as session:
            newest = select(Dashboard.project_id, Dashboard.id).order_by(Dashboard.updated_at.desc())
            wanted = [_Board(*row) for row in session.execute(newest.limit(_FIRST_BOARDS))]
        return self._ask(wanted)

    def _run(self) -> None:
        ask = self.warm_first
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                ask()
            except Exception:
                _log.warning("boards were not asked ahead", exc_info=True)
            ask = self.warm
            took = time.monotonic() - started
            self._stop.wait(max(_REST_SECONDS, took * _RESTS_PER_ROUND))

    def _ask(self, boards: list[_Board]) -> int:
        made, until = 0, time.monotonic() + _ROUND_SECONDS
        for board in boards:
            for kept in self._answers(board):
                made += not kept
                if self._stop.is_set() or time.monotonic() > until:
                    return made
        return made

    def _answers(self, board: _Board) -> Iterator[bool]:
        """For each tile, whether its answer was kept already. What cannot be asked is left out."""
        try:
            tiles = board_tiles(self._database, board.project_id, board.dashboard_id, ResultsQuestion())
            project, store = self._project(board.project_id)
        except BihuanError:
            with self._lock:
                self._opened.pop(board, None)
            return
        for tile in tiles:
            if tile.query is None or self._stop.is_set():
                continue
            self._asking = board.project_id, store
            try:
                cached = self._queries.answer(project, store, tile.query, query_id=_QUERY_ID).cached
            except BihuanError:
                continue
            finally:
                self._asking = None
            yield cached
