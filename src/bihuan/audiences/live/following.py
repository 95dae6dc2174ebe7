"""Follow what arrives: find out anew who belongs to live audiences and tags, of those who were touched."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Known, holds, leaves, properties_of, without_deeds
from bihuan.audiences.live.knowing import given_sql, known_people, names_of_events, persons_sql
from bihuan.audiences.live.touched import Touched, Watched
from bihuan.audiences.refreshing.errors import DefinitionCircular, RefreshRunning
from bihuan.audiences.refreshing.service import refresh
from bihuan.audiences.subjects import (
    Row,
    cases_of,
    in_refresh_order,
    log_context,
    rows_of,
    sql_of,
    subject_of,
)
from bihuan.database import Database
from bihuan.kernel.repeating import Repeating
from bihuan.people import People
from bihuan.warehouse.assignments import assign

_log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
# Up to so many people it is quicker to read what they did and decide about each than to ask the engine for
# every audience.
FEW = 100
WIDE = {"max_query_size": 64 << 20}


class Followed(Protocol):
    """A project whose events are followed: ``bihuan.projects.OpenProject``."""

    @property
    def row(self) -> Project:
        """The project."""

    @property
    def people(self) -> People:
        """Its people."""

    @property
    def intake(self) -> Telling:
        """Where its events come in."""


class Telling(Protocol):
    """What tells of everything it stores: ``bihuan.collect.Intake``."""

    stored: Callable[[Any], None]


@dataclass
class _Project:
    """``seen``: ids and versions of what has been found out since it is followed."""

    followed: Followed
    touched: Touched
    seen: set[tuple[str, int]] = field(default_factory=set)


class Following:
    """Looks once a second at whom the requests of this process touched, project by project.

    Several processes each look at what they stored themselves. What a process had not looked at when it
    ended is found out as it starts again, and by the daily refresh.
    """

    def __init__(self, database: Database, projects: Callable[[], Iterable[Followed]]) -> None:
        self._database = database
        self._open = projects
        self._projects: dict[str, _Project] = {}
        self._repeating = Repeating("follow", TICK_SECONDS, self.tick)

    def start(self) -> None:
        """Begin, in a thread."""
        self._repeating.start()

    def stop(self) -> None:
        """End and wait for it."""
        self._repeating.stop()

    def tick(self) -> None:
        """Look once at every open project."""
        for followed in list(self._open()):
            try:
                self._follow(self._known(followed))
            except Exception:
                _log.warning("live audiences of %s were not followed", followed.row.id, exc_info=True)

    def _known(self, followed: Followed) -> _Project:
        held = self._projects.get(followed.row.id)
        if held is None or held.followed is not followed:
            held = self._projects[followed.row.id] = _Project(followed, Touched())
            followed.intake.stored = held.touched.saw
        return held

    def _follow(self, project: _Project) -> None:
        rows = self._live(project.followed.row.id)
        project.touched.watched = (
            watched([case for row in rows for case, _ in cases_of(row)]) if rows else Watched()
        )
        keys = project.touched.take()
        if not rows:
            return
        # Nobody had an eye on what came before this moment for those that are new.
        fresh = rows if keys is None else [row for row in rows if (row.id, row.version) not in project.seen]
        try:
            project.seen |= self._refreshed(project.followed, fresh)
            if keys:
                person_of = project.followed.people.identities.person_of
                find_out(
                    project.followed.row, project.followed.people, rows, {person_of(key) for key in keys}
                )
        except BaseException:
            project.touched.give_back(keys)
            raise

    def _live(self, project_id: str) -> list[Row]:
        with self._database.read_session() as session:
            rows = rows_of(session, project_id)
        try:
            ordered = in_refresh_order(rows)
        except DefinitionCircular:
            return []
        return [row for row in ordered if row.refresh == "live" and cases_of(row)]

    def _refreshed(self, followed: Followed, rows: list[Row]) -> set[tuple[str, int]]:
        """Refresh rows; those that somebody else is refreshing are left for the next time."""
        store = followed.people.store
        done = set()
        for row in rows:
            subject = subject_of(self._database, row, followed.row, store)
            if subject is not None:
                try:
                    refresh(self._database, store, followed.row.id, subject, cause="schedule")
                except RefreshRunning:
                    continue
            done.add((row.id, row.version))
        return done


def find_out(project: Project, people: People, rows: list[Row], persons: set[int]) -> None:
    """Find out anew which values these persons have of some rows, each row after those it refers to."""
    store = people.store
    ctx = log_context(project, store)
    among = persons_sql(persons)
    for row in rows:
        cases = cases_of(row)
        if len(persons) <= FEW:
            known = known_people(ctx, people, sorted(persons), [condition for condition, _ in cases])
            wanted = given_sql({each.person: _value(cases, each, ctx) for each in known})
        else:
            wanted = sql_of(row, ctx, among=among)
        now_ms = time.time_ns() // 1_000_000
        assign(store, row.id, wanted, at_ms=now_ms, cause="event", among=among, settings=WIDE)


def watched(conditions: list[AnyCondition]) -> Watched:
    """What can change whether conditions hold."""
    profiles = any(
        ref.scope != "event" for condition in conditions for ref in properties_of(condition)
    ) or any(leaf.kind in ("has", "listed") for condition in conditions for leaf in leaves(condition))
    # Whoever appears may belong to those who did not do something.
    if any(without_deeds(condition) is not False for condition in conditions):
        return Watched(None, profiles=True)
    return Watched(names_of_events(conditions), profiles)


def _value(cases: list[tuple[AnyCondition, str]], known: Known, ctx: ProjectContext) -> str:
    return next((value for condition, value in cases if holds(ctx, condition, known)), "")
