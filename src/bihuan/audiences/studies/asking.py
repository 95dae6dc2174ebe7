"""Statements of studies: run within limits, and the people behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from bihuan.access import Caller, CallerSight, ControlDatabase, Sight, Viewer
from bihuan.analytics import Limits, ProjectContext
from bihuan.analytics.run import page_sql
from bihuan.audiences.errors import SubjectNotFound
from bihuan.audiences.subjects import Row, check_definition, find_row, log_context
from bihuan.database import Database, Page
from bihuan.insights import PersonBehind, QueryService
from bihuan.people import People

LIMITS = Limits(time_seconds=60.0)
PersonCursor = Annotated[
    str | None, Query(pattern=r"^[0-9]{1,20}$", description="next_cursor of the page before.")
]


@dataclass(frozen=True)
class Study:
    """A project to ask, for one caller."""

    caller: Caller
    database: Database
    people: People
    sight: Sight
    queries: QueryService

    @property
    def kept_context(self) -> ProjectContext:
        """The project as of this moment, with what is kept ready beside the log."""
        return self.queries.context(self.caller.project, self.people.store)

    @property
    def context(self) -> ProjectContext:
        """The project as of this moment, read from the log alone."""
        return log_context(self.caller.project, self.people.store)

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """The rows of a SELECT. Raises QueryTimeLimit, QueryMemoryLimit, EngineUnavailable."""
        return list(self.people.store.engine.rows(sql, settings=LIMITS.settings()))

    def check(self, given: BaseModel, path: str) -> None:
        """Raise unless the names in a definition are there (``check_definition``)."""
        with self.database.read_session() as session:
            check_definition(session, self.caller.project, self.people.store, "", given, path)

    def subject(self, subject_id: str, path: str | None = None) -> Row:
        """An audience or a tag of the project. Raises ``SubjectNotFound``."""
        with self.database.read_session() as session:
            row = find_row(session, self.caller.project.id, subject_id)
        if row is None:
            raise SubjectNotFound(subject_id=subject_id, path=path)
        return row

    def page(self, sql: str, cursor: str | None, limit: int, what: str) -> Page[PersonBehind]:
        """The next people of a SELECT of ``person``, by id."""
        found = self.rows(page_sql(sql, None if cursor is None else int(cursor), limit + 1))
        return self.page_of([int(row[0]) for row in found], limit, what)

    def page_of(self, ids: Sequence[int], limit: int, what: str) -> Page[PersonBehind]:
        """The people of ascending ids; one more than ``limit`` says that there is a next page."""
        shown = self.people.summaries(ids[:limit])
        self.sight.saw(what, of=[each.seen() for each in shown])
        items = [PersonBehind.of(each, self.sight.mask) for each in shown]
        return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


def _study(caller: Viewer, database: ControlDatabase, request: Request, sight: CallerSight) -> Study:
    state = request.app.state
    return Study(caller, database, state.people(caller.project.id), sight, state.queries)


Asking = Annotated[Study, Depends(_study)]


def milliseconds(moment: datetime) -> int:
    """Unix milliseconds."""
    return round(moment.timestamp() * 1000)
