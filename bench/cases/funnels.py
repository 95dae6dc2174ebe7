"""Funnels over the whole log: view → cart → pay within 7 days."""

from __future__ import annotations

from typing import Any

from bench.cases import duckdb_funnels, posthog_funnels
from bench.cases.case import BIHUAN, WHOLE, Case, Way, bihuan, duckdb, posthog, touch
from bench.generate import DAY_MS, DAYS, START_MS
from bench.stores import CHANNEL, Stores
from bihuan.analytics import Limits, people, run
from bihuan.analytics.funnel import (
    ConversionTime,
    FunnelBreakdown,
    FunnelQuery,
    FunnelResult,
    FunnelSelection,
    FunnelStep,
    FunnelWindow,
)
from bihuan.analytics.log_states import LogState
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.result import Result
from bihuan.warehouse.version import data_version

PLACE = 1
STEPS = ("view", "cart", "pay")
PEOPLE_PAGE = 1000
FASTER_THAN_POSTHOG = 8.0
READ = ("person_id", "time")


def query(**options: Any) -> FunnelQuery:
    """The funnel with ``options``."""
    steps = tuple(FunnelStep(selector=EventSelector(events=(step,))) for step in STEPS)
    return FunnelQuery(steps=steps, window=FunnelWindow(count=7), period=WHOLE, **options)


def _overall(result: Result) -> tuple[int, ...]:
    assert isinstance(result, FunnelResult)
    assert result.overall is not None
    return tuple(step.people for step in result.overall.steps)


def _first(rows: list[tuple[Any, ...]]) -> tuple[int, ...]:
    return tuple(rows[0])


def ordered(stores: Stores) -> Case:
    """Other events may come between."""
    return Case(
        "funnel, ordered",
        [
            touch(stores, READ, STEPS),
            bihuan(stores, query(), _overall),
            duckdb(stores, duckdb_funnels.ordered_sql(STEPS), _first),
            posthog(stores, posthog_funnels.funnel_sql(STEPS), _first),
        ],
        goal=4.0,
        posthog_goal=FASTER_THAN_POSTHOG,
    )


def by_channel(stores: Stores) -> Case:
    """By the channel of the first event of any step."""
    breakdown = FunnelBreakdown(property=PropertyRef(name=CHANNEL), touch="first")

    def ours(result: FunnelResult) -> dict[str, tuple[int, ...]]:
        return {
            str(group.breakdown.value): tuple(step.people for step in group.steps)
            for group in result.segments
            if group.breakdown is not None
        }

    def theirs(rows: list[tuple[Any, ...]]) -> dict[str, tuple[int, ...]]:
        return {str(row[-1]): tuple(row[:-1]) for row in rows if row[0]}

    return Case(
        "funnel, by first-touch channel",
        [
            touch(stores, (*READ, f"properties.`{CHANNEL}`"), STEPS),
            bihuan(stores, query(breakdown=breakdown), ours),
            duckdb(stores, duckdb_funnels.breakdown_sql(STEPS), theirs),
            posthog(stores, posthog_funnels.funnel_sql(STEPS, prop=CHANNEL), theirs),
        ],
        goal=4.5,
        posthog_goal=FASTER_THAN_POSTHOG,
    )


def strict(stores: Stores) -> Case:
    """The steps are neighbours among all events of the person."""
    return Case(
        "funnel, strict",
        [
            touch(stores, ("event", *READ), ()),
            bihuan(stores, query(order="strict"), _overall),
            duckdb(stores, duckdb_funnels.strict_sql(STEPS), _first),
            posthog(stores, posthog_funnels.funnel_sql(STEPS, strict=True), _first),
        ],
        goal=3.0,
        posthog_goal=FASTER_THAN_POSTHOG,
    )


def conversion_time(stores: Stores) -> Case:
    """How long the way to the last step took."""

    def ours(result: FunnelResult) -> tuple[int, float]:
        assert result.overall is not None
        whole = next(
            time for time in result.overall.times if (time.from_step, time.to_step) == (1, len(STEPS))
        )
        return whole.people, round(whole.median_seconds or 0.0, 2)

    def theirs(rows: list[tuple[Any, ...]]) -> tuple[int, float]:
        return int(rows[0][0]), round(float(rows[0][1]), 2)

    return Case(
        "funnel, time to convert",
        [
            touch(stores, READ, STEPS),
            bihuan(stores, query(conversion_time=ConversionTime()), ours),
            duckdb(stores, duckdb_funnels.time_sql(STEPS), theirs),
            posthog(
                stores,
                posthog_funnels.time_sql(STEPS),
                theirs,
                differs="averages over all chains of a person, in whole seconds",
            ),
        ],
        goal=6.0,
        posthog_goal=FASTER_THAN_POSTHOG,
    )


def people_behind(stores: Stores) -> Case:
    """The first page of the people who converted, against the number's own query."""
    asked, selection = query(), FunnelSelection(step=len(STEPS))

    def number() -> int:
        return _overall(run(stores.engine, stores.fresh_context(), asked, Limits()))[-1]

    def page() -> int:
        return len(people(stores.engine, stores.fresh_context(), asked, selection, limit=PEOPLE_PAGE))

    return Case(
        "people behind a funnel's last step",
        [Way("its number", number, differs="counts them"), Way(BIHUAN, page)],
        goal=1.5,
        base="its number",
    )


def from_the_log(stores: Stores) -> Case:
    """The ordered funnel as it is answered where the kept sequences cannot: with conditions, on servers."""

    def ours() -> tuple[int, ...]:
        return _overall(run(stores.engine, stores.context, query(), Limits()))

    return Case("funnel, ordered, from the log alone", [touch(stores, READ, STEPS), Way(BIHUAN, ours)])


def comparison(stores: Stores) -> Case:
    """What the first question after a change of the log pays more, once for its months."""

    def changed_people() -> int:
        sequences = LogState(stores.store, data_version(stores.store)).sequences()
        view = sequences.view(stores.context, START_MS, START_MS + DAYS * DAY_MS)
        return 0 if view is None else int(view.replaced.sum())

    return Case("sequences compared with the log", [touch(stores, READ, STEPS), Way(BIHUAN, changed_people)])


CASES = (ordered, by_channel, strict, conversion_time, people_behind, from_the_log, comparison)
