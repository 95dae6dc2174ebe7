"""Stickiness is what the oracle says, on random logs; its people; its histogram by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query import Dates, EventSelector
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.stickiness import stickiness
from bihuan.analytics.run import people, run, sql_of
from bihuan.analytics.stickiness import StickinessQuery, StickinessResult, StickinessSelection
from bihuan.warehouse.project import ProjectStore
from tests.analytics.groups import BREAKDOWNS, group_of, values_of
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, scenes, selectors

DAY_MS = 86_400_000
UNITS = [("day", None), ("day", "week"), ("day", "month"), ("day", "quarter"), ("week", None),
         ("month", None), ("month", "quarter"), ("month", "year")]  # fmt: skip


def queries(scene: Scene) -> st.SearchStrategy[StickinessQuery]:
    return st.builds(
        lambda units, **rest: StickinessQuery(interval=units[0], per=units[1], **rest),
        units=st.sampled_from(UNITS),
        period=periods(scene),
        active=selectors(scene),
        breakdowns=BREAKDOWNS,
        filter=st.one_of(st.none(), st.none(), filters(scene)),
        sample=st.sampled_from([None, None, 0.5]),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, list[StickinessQuery]]:
    scene = draw(scenes(max_events=40))
    return scene, draw(st.lists(queries(scene), min_size=3, max_size=3))


def ask(store: ProjectStore, ctx: ProjectContext, query: StickinessQuery) -> StickinessResult:
    result = run(store.engine, ctx, query)
    assert isinstance(result, StickinessResult)
    return result


@settings(max_examples=25, deadline=None)
@given(cases())
def test_every_figure_is_the_oracles_and_so_are_its_people(
    store: ProjectStore, case: tuple[Scene, list[StickinessQuery]]
) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        result, expected = ask(store, ctx, query), stickiness(ctx, scene.log, query)
        found = {
            group_of(group.breakdown): {
                span.bucket: {size: number for size, number in enumerate(span.exactly, start=1) if number}
                for span in group.spans
            }
            for group in result.groups
        }
        assert found == {
            group: {span: {size: len(who) for size, who in sizes.items()} for span, sizes in spans.items()}
            for group, spans in expected.items()
        }
        for group, spans in list(expected.items())[:2]:
            for span, sizes in list(spans.items())[:2]:
                for size, who in list(sizes.items())[:1]:
                    at = StickinessSelection(bucket=span, units=size, breakdown=values_of(group))
                    assert people(store.engine, ctx, query, at) == sorted(who)
                    more = at.model_copy(update={"at_least": True})
                    ours = set().union(*(others for other, others in sizes.items() if other >= size))
                    assert people(store.engine, ctx, query, more) == sorted(ours)


def at(day: int, person: int, event: str = "open") -> LogEvent:
    """An event at noon of the ``day``-th day of 2024 in Shanghai."""
    return LogEvent(event, 1_704_081_600_000 + (day - 1) * DAY_MS, person)


LOG = EventLog(
    (at(1, 1), at(1, 1), at(2, 1), at(4, 1), at(2, 2), at(9, 2, "pay"), at(10, 1), at(31, 3), at(32, 3))
)
JANUARY = Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 10))


def test_ten_days(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG, now_ms=LOG.events[6].time_ms)
    (span,) = ask(store, ctx, StickinessQuery(period=JANUARY)).spans
    assert (span.bucket, span.units, span.complete) == (None, 10, False)
    assert span.exactly == (0, 1, 0, 1, 0, 0, 0, 0, 0, 0)
    assert span.at_least == (2, 2, 1, 1, 0, 0, 0, 0, 0, 0)
    assert (span.mean_units, span.ratio) == (3.0, 0.3)
    by_week = ask(store, ctx, StickinessQuery(period=JANUARY, per="week")).spans
    assert [(week.bucket, week.units, week.exactly, week.complete) for week in by_week] == [
        ("2024-01-01", 7, (1, 0, 1, 0, 0, 0, 0), True), ("2024-01-08", 3, (2, 0, 0), False),
    ]  # fmt: skip
    (paying,) = ask(store, ctx, StickinessQuery(period=JANUARY, active=EventSelector(events=("pay",)))).spans
    assert paying.exactly[0] == paying.at_least[0] == 1


@pytest.mark.parametrize("days", [10, 65, 130, 260])
def test_masks_of_every_width_and_arrays_agree(store: ProjectStore, days: int) -> None:
    load(store, LOG)
    last = date(2024, 1, 10)
    period = Dates(from_date=date.fromordinal(last.toordinal() - days + 1), to_date=last)
    (span,) = ask(store, context(store, LOG), StickinessQuery(period=period)).spans
    assert (span.units, span.exactly[:5], sum(span.exactly)) == (days, (0, 1, 0, 1, 0), 2)


def test_an_empty_log(store: ProjectStore) -> None:
    load(store, EventLog(()))
    (span,) = ask(store, context(store), StickinessQuery(period=JANUARY, interval="month")).spans
    assert (span.units, span.exactly, span.mean_units, span.ratio) == (1, (0,), None, None)


@pytest.mark.parametrize(
    ("interval", "per"), [("week", "month"), ("month", "week"), ("day", "day"), ("week", "week")]
)
def test_units_that_do_not_nest_are_refused(interval: str, per: str) -> None:
    with pytest.raises(ValidationError):
        StickinessQuery.model_validate({"interval": interval, "per": per})


@pytest.mark.parametrize("selection", [{"units": 11}, {"units": 1, "bucket": "2024-01-01"}])
def test_a_selection_that_names_no_number_is_refused(
    store: ProjectStore, selection: dict[str, object]
) -> None:
    with pytest.raises(SelectionInvalid):
        people(
            store.engine,
            context(store),
            StickinessQuery(period=JANUARY),
            StickinessSelection.model_validate(selection),
        )


def test_too_many_spans_are_refused(store: ProjectStore) -> None:
    long = Dates(from_date=date(1990, 1, 1), to_date=date(2024, 1, 1))
    with pytest.raises(QueryTooLarge):
        sql_of(context(store), StickinessQuery(period=long, per="week"))
