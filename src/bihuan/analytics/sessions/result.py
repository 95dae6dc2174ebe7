"""The figures of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import BreakdownValue, Interval, resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sessions.query import SessionsQuery
from bihuan.analytics.sessions.sql import ENTRY_PART, EXIT_PART, GROUP_PART
from bihuan.analytics.sql import breakdown_value, bucket_labels, bucket_starts


class SessionFigures(BaseModel):
    """Figures of some sessions.

    ``percentiles`` are of the length in seconds, in the query's order (R type 7).
    """

    model_config = ConfigDict(frozen=True)

    sessions: int = 0
    people: int = 0
    events: int = 0
    bounces: int = 0
    mean_seconds: float | None = None
    percentiles: tuple[float | None, ...]
    bounce_rate: float | None = None
    events_per_session: float | None = None


class SessionGroup(BaseModel):
    """The sessions of one value of the breakdown (null without one): all, and by bucket."""

    model_config = ConfigDict(frozen=True)

    breakdown: BreakdownValue | None
    total: SessionFigures
    values: tuple[SessionFigures, ...]


class SessionEnd(BaseModel):
    """The sessions that begin (or end) at one page."""

    model_config = ConfigDict(frozen=True)

    page: BreakdownValue
    figures: SessionFigures


class SessionsResult(Result):
    """``buckets`` label the values of groups; entries and exits have most sessions first, others last."""

    kind: Literal["sessions"] = "sessions"
    interval: Interval
    percentiles: tuple[float, ...]
    buckets: tuple[str, ...]
    groups: tuple[SessionGroup, ...]
    entries: tuple[SessionEnd, ...]
    exits: tuple[SessionEnd, ...]


def read_sessions(ctx: ProjectContext, query: SessionsQuery, rows: Sequence[Row]) -> SessionsResult:
    """The result of the statement's rows; buckets without sessions are filled."""
    starts = bucket_starts(ctx, query.interval, resolve(query.period, ctx))
    empty = SessionFigures(percentiles=(None,) * len(query.percentiles))
    totals: dict[int, dict[str, SessionFigures]] = {GROUP_PART: {}, ENTRY_PART: {}, EXIT_PART: {}}
    cells: dict[tuple[str, int], SessionFigures] = {}
    for part, whole, bucket, key, *figures in rows:
        if whole:
            totals[part][key] = _figures(figures)
        else:
            cells[key, bucket] = _figures(figures)
    if query.breakdown is None and not totals[GROUP_PART]:
        totals[GROUP_PART][""] = empty
    groups = [
        SessionGroup(
            breakdown=None if query.breakdown is None else breakdown_value(key),
            total=figures,
            values=tuple(cells.get((key, start), empty) for start in starts),
        )
        for key, figures in _ranked(totals[GROUP_PART])
    ]
    return SessionsResult(
        **heading(ctx, query), interval=query.interval, percentiles=query.percentiles,
        buckets=tuple(bucket_labels(ctx, query.interval, starts)), groups=tuple(groups),
        entries=_ends(totals[ENTRY_PART]), exits=_ends(totals[EXIT_PART]),
    )  # fmt: skip


def _figures(row: Sequence[Any]) -> SessionFigures:
    sessions, people, events, bounces, mean_seconds, percentiles = row
    return SessionFigures(
        sessions=sessions, people=people, events=events, bounces=bounces, mean_seconds=mean_seconds,
        percentiles=tuple(percentiles), bounce_rate=bounces / sessions, events_per_session=events / sessions,
    )  # fmt: skip


def _ends(figures: dict[str, SessionFigures]) -> tuple[SessionEnd, ...]:
    return tuple(SessionEnd(page=breakdown_value(key), figures=found) for key, found in _ranked(figures))


def _ranked(figures: dict[str, SessionFigures]) -> list[tuple[str, SessionFigures]]:
    return sorted(figures.items(), key=lambda item: (item[0] == "o", -item[1].sessions, item[0]))
