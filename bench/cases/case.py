"""A case: one question, and the ways to answer it that are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.stores import Stores
from bihuan.analytics import Limits, run
from bihuan.analytics.query import Dates, Query

TOUCH, BIHUAN, DUCKDB, POSTHOG = "touch", "Bihuan", "DuckDB", "PostHog's SQL"
# The log's whole 90 days: it begins and ends at midnight UTC, so the project's calendar has 91 of them.
WHOLE = Dates(from_date=date(2026, 1, 1), to_date=date(2026, 4, 1))


@dataclass(frozen=True)
class Way:
    """One way to answer.

    Args:
        run: gives the numbers, in the form all ways of the case share.
        differs: why its numbers need not be those of the other ways; empty when they must be equal.
    """

    label: str
    run: Callable[[], Any]
    differs: str = ""


@dataclass(frozen=True)
class Case:
    """A question.

    Args:
        base: label of the way that ratios are relative to.
        goal: at most this many times the base is wanted of Bihuan; None where nothing was set.
        posthog_goal: PostHog's SQL is wanted to take at least this many times as long as Bihuan.
    """

    title: str
    ways: Sequence[Way]
    goal: float | None = None
    posthog_goal: float | None = None
    base: str = TOUCH


def bihuan(stores: Stores, query: Query, numbers: Callable[[Any], Any]) -> Way:
    """The query as users run it; ``numbers`` picks the compared numbers out of the result."""
    return Way(BIHUAN, lambda: numbers(run(stores.engine, stores.fresh_context(), query, Limits())))


def touch(stores: Stores, columns: Sequence[str], events: Sequence[str], period: Dates | None = None) -> Way:
    """The cheapest query over the same rows and columns.

    Without ``events``, all rows in the table's own order.
    """
    conditions = [f"event IN ({', '.join(map(repr, events))})"] if events else []
    if period is not None:
        first, last = period.from_date, period.to_date
        conditions.append(f"toDate(time, '{stores.context.time_zone}') BETWEEN '{first}' AND '{last}'")
        conditions.append(f"toDate(time) BETWEEN toDate('{first}') - 1 AND toDate('{last}')")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    aggregates = ", ".join(f"max({column})" for column in columns)
    sql = f"SELECT count(), {aggregates} FROM {stores.events}{where}"
    settings = Limits().settings()
    return Way(TOUCH, lambda: stores.engine.rows(sql, settings=settings), differs="reads only")


def duckdb(
    stores: Stores, sql: str, numbers: Callable[[list[tuple[Any, ...]]], Any], differs: str = ""
) -> Way:
    """Best-effort SQL on DuckDB."""
    return Way(DUCKDB, lambda: numbers(stores.duck_rows(sql)), differs)


def posthog(
    stores: Stores, sql: str, numbers: Callable[[list[tuple[Any, ...]]], Any], differs: str = ""
) -> Way:
    """SQL as such products generate it, on PostHog's layout in the same engine."""
    settings = Limits().settings()
    return Way(POSTHOG, lambda: numbers(stores.engine.rows(sql, settings=settings)), differs)
