"""Conditions on people: the statement for everyone and the interpreter for one person agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bihuan.analytics.conditions import (
    ActiveDays,
    Ago,
    All,
    Anniversary,
    AnyCondition,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Did,
    Ever,
    Has,
    Known,
    Listed,
    LongestRun,
    Not,
    Occurrence,
    OfProperty,
    Rolling,
    Sequence,
    Share,
    Since,
    Span,
    everyone_sql,
    holds,
    people_sql,
    values_sql,
)
from bihuan.analytics.query import Current, EventSelector, Last, PropertyRef, TextFilter
from bihuan.analytics.reference import EventLog
from bihuan.kernel.hashing import key64
from bihuan.warehouse.assignments import assign
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import context, load
from tests.analytics.random_log import FREE_NAMES, Scene, filters, periods, scenes, selectors

TAG, AUDIENCE = "tag1", "audience1"
STEPS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def figures() -> st.SearchStrategy[Any]:
    units = st.sampled_from(["day", "week", "month", "quarter", "year"])
    names = st.sampled_from([*FREE_NAMES, "$revenue", "$os"])
    return st.one_of(
        st.just(Count()),
        st.builds(ActiveDays, unit=units),
        st.builds(LongestRun, unit=units),
        st.builds(
            OfProperty,
            property=st.builds(PropertyRef, name=names),
            aggregate=st.sampled_from(["sum", "avg", "min", "max", "distinct"]),
        ),
    )


def comparisons() -> st.SearchStrategy[Comparison]:
    values = st.sampled_from([0.0, 1.0, 2.0, 3.0, 1000.0, -2.0])
    return st.one_of(
        st.builds(Comparison, operator=st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), value=values),
        st.builds(
            lambda low, more: Comparison(operator="between", value=low, upper=low + more),
            values,
            values.map(abs),
        ),
    )


@st.composite
def windows(draw: st.DrawFn, scene: Scene) -> Any:
    days = draw(st.integers(0, 4))
    units = st.sampled_from(["day", "week", "month"])
    spans = st.builds(Span, count=st.integers(1, 90), unit=st.sampled_from(["minute", "hour", "day"]))
    return draw(
        st.one_of(
            st.just(Ever()),
            periods(scene),
            st.builds(Since, from_date=periods(scene).map(lambda period: period.from_date)),
            st.builds(Last, count=st.integers(1, 3), unit=units, include_current=st.booleans()),
            st.builds(Current, unit=units),
            st.builds(Rolling, span=spans),
            st.just(Ago(from_days=days + draw(st.integers(0, 3)), to_days=days)),
        )
    )


BORN = "born"


def anniversaries() -> st.SearchStrategy[Anniversary]:
    days = st.sampled_from([-366, -365, -60, -3, -1, 0, 1, 2, 30, 365, 366])
    names = [("person", BORN), ("person", BORN), ("person", FREE_NAMES[0]), ("tag", TAG)]
    refs = st.sampled_from([PropertyRef(scope=scope, name=name) for scope, name in names])
    return st.builds(
        lambda ref, one, other: Anniversary(property=ref, from_days=min(one, other), to_days=max(one, other)),
        refs,
        days,
        days,
    )


@st.composite
def conditions(draw: st.DrawFn, scene: Scene) -> AnyCondition:
    """Any condition, nested."""
    chosen, window = selectors(scene), windows(scene)
    spans = st.one_of(
        st.none(), st.builds(Span, count=st.integers(1, 90), unit=st.sampled_from(["minute", "day"]))
    )
    ids = st.sampled_from([f"id{index}" for index in range(9)])
    texts = st.sampled_from(["a", "b", "2"])
    of_tag = st.builds(
        TextFilter,
        property=st.sampled_from(
            [PropertyRef(scope="tag", name=TAG), PropertyRef(scope="audience", name=AUDIENCE)]
        ),
        operator=st.sampled_from(["is", "is_not", "contains"]),
        values=st.lists(st.one_of(texts, st.just("1")), min_size=1, max_size=2).map(tuple),
    )
    of_person = filters(scene).filter(_of_people)
    leaf = st.one_of(
        st.builds(Did, event=chosen, window=window, figure=figures(), compare=comparisons()),
        st.builds(Did, event=chosen, window=window),
        st.builds(
            Occurrence,
            which=st.sampled_from(["first", "last"]),
            event=chosen,
            window=window,
            filter=st.one_of(st.none(), filters(scene)),
        ),
        st.builds(
            Sequence, steps=st.lists(chosen, min_size=2, max_size=4).map(tuple), within=spans, window=window
        ),
        st.builds(Has, filter=st.one_of(of_tag, of_person)),
        anniversaries(),
        st.builds(Listed, distinct_ids=st.lists(ids, min_size=1, max_size=3).map(tuple)),
        st.builds(Share, percent=st.sampled_from([1.0, 30.0, 70.0, 100.0]), salt=texts),
    )
    nested = st.recursive(
        leaf,
        lambda items: st.one_of(
            st.builds(All, items=st.lists(items, max_size=3).map(tuple)),
            st.builds(AnyOf, items=st.lists(items, max_size=3).map(tuple)),
            st.builds(Not, item=items),
        ),
        max_leaves=4,
    )
    return draw(nested)


def _of_people(node: Any) -> bool:
    try:
        Has(filter=node)
    except ValidationError:
        return False
    return True


def everyone(scene: Scene) -> dict[int, Known]:
    """All people of a log by now, each with what is known of them."""
    people: dict[int, Known] = {}
    by_person = scene.log.by_person()
    seen = [person for person, events in by_person.items() if events[0].time_ms <= scene.now_ms]
    for person in {*seen, *scene.log.profiles}:
        events = tuple(by_person.get(person, ()))
        people[person] = Known(
            person=person,
            events=events,
            profile=scene.log.profiles.get(person, {}),
            keys=frozenset(key64(event.distinct_id) for event in events),
            tags=scene.log.tags.get(person, {}),
            audiences=scene.log.audiences.get(person, frozenset()),
        )
    return people


def dates_near(scene: Scene) -> st.SearchStrategy[Any]:
    """Dates of some years whose day is near today's, in the forms that properties have, and others."""
    now = datetime.fromtimestamp(scene.now_ms / 1000, UTC)
    days = st.builds(
        lambda years, days: now - timedelta(days=365 * years + days),
        st.integers(0, 90),
        st.integers(-3, 3 + 22),
    )
    forms = st.sampled_from(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M-03:00"])
    odd = ["2000-02-29", "1996-02-29", "1990-02-30", "1999-02-29", "0000-05-03", "soon", 951782400.0, True]
    written = st.builds(lambda day, form: day.strftime(form), days, forms)
    return st.one_of(written, days.map(lambda day: float(abs(round(day.timestamp())))), st.sampled_from(odd))


def loaded(draw: st.DataObject, store: ProjectStore) -> Scene:
    """A random scene in the store, with a tag and an audience."""
    scene = draw.draw(scenes(max_events=30, max_people=4))
    owners = sorted({event.person for event in scene.log.events})
    born = {each: draw.draw(st.one_of(st.none(), dates_near(scene))) for each in owners}
    texts = ["", "a", "b", "ab", "2", "2000-02-29", "2023-11-03"]
    values = {each: draw.draw(st.sampled_from(texts)) for each in owners}
    members = {each for each in owners if draw.draw(st.booleans())}
    log = EventLog(
        scene.log.events,
        {
            person: {**scene.log.profiles.get(person, {}), **({BORN: day} if day is not None else {})}
            for person, day in {**dict.fromkeys(scene.log.profiles), **born}.items()
            if day is not None or person in scene.log.profiles
        },
        {each: {TAG: value} for each, value in values.items() if value},
        {each: frozenset([AUDIENCE]) for each in members},
    )
    load(store, log)
    # Rows that are rewritten leave it to the identities to say whose the other id is.
    merged = {
        (key64(event.distinct_id), event.distinct_id, event.person, True, 1)
        for event in log.events
        if event.stored_person == event.person != key64(event.distinct_id)
    }
    pending = {event.distinct_id for event in log.events if event.stored_person not in (None, event.person)}
    rows = [[*row[:3], True, False, 1] for row in sorted(merged) if row[1] not in pending]
    columns = ["distinct_key", "distinct_id", "person_id", "known", "pending", "version"]
    store.engine.insert_rows(store.table("identity_overrides"), columns, rows)
    store.engine.command(f"TRUNCATE TABLE {store.table('assignments')}")
    for subject, held in ((TAG, values), (AUDIENCE, dict.fromkeys(members, "1"))):
        kept = {person: value for person, value in held.items() if value}
        listed = " UNION ALL ".join(
            f"SELECT toUInt64({p}) AS person, '{v}' AS value" for p, v in kept.items()
        )
        if listed:
            assign(store, subject, listed, at_ms=1_000, cause="refresh")
    return Scene(log, scene.time_zone, scene.first_weekday, scene.now_ms)


@STEPS
@given(data=st.data())
def test_the_statement_finds_whom_the_interpreter_accepts(store: ProjectStore, data: st.DataObject) -> None:
    scene = loaded(data, store)
    ctx = scene.context(store)
    people = everyone(scene)
    for _ in range(6):
        wanted = data.draw(conditions(scene))
        found = {row[0] for row in store.engine.rows(people_sql(ctx, wanted))}
        assert found == {person for person, known in people.items() if holds(ctx, wanted, known)}, wanted


@settings(STEPS, max_examples=8)
@given(data=st.data())
def test_of_several_conditions_the_first_that_holds_gives_the_value(
    store: ProjectStore, data: st.DataObject
) -> None:
    scene = loaded(data, store)
    ctx = scene.context(store)
    cases = [(data.draw(conditions(scene)), value) for value in ("x", "y", "z")]
    among = sorted(everyone(scene))[: data.draw(st.integers(1, 4))]
    listed = f"SELECT arrayJoin(CAST({among} AS Array(UInt64)))"
    found: dict[int, str] = dict(store.engine.rows(values_sql(ctx, cases, among=listed)))
    expected = {}
    for person in among:
        held = [value for wanted, value in cases if holds(ctx, wanted, everyone(scene)[person])]
        if held:
            expected[person] = held[0]
    assert found == expected


@settings(STEPS, max_examples=8)
@given(data=st.data())
def test_the_laws_of_sets(store: ProjectStore, data: st.DataObject) -> None:
    scene = loaded(data, store)
    ctx = scene.context(store)
    left, right = data.draw(conditions(scene)), data.draw(conditions(scene))

    def people(wanted: AnyCondition) -> set[int]:
        rows = store.engine.rows(people_sql(ctx, wanted))
        assert len(rows) == len({row[0] for row in rows})
        return {row[0] for row in rows}

    universe = {row[0] for row in store.engine.rows(everyone_sql(ctx))}
    assert people(All(items=())) == universe
    assert people(AnyOf(items=())) == set()
    assert people(All(items=(left, right))) == people(left) & people(right)
    assert people(AnyOf(items=(left, right))) == people(left) | people(right)
    assert people(Not(item=left)) == universe - people(left)
    assert people(Not(item=AnyOf(items=(left, right)))) == people(
        All(items=(Not(item=left), Not(item=right)))
    )


TODAY_IS_NEAR = [
    # The day, today, days asked for, whether it holds.
    ("1990-05-03", "2026-05-03", 0, 0, True),
    ("1990-05-03", "2026-05-02", 0, 0, False),
    ("1990-05-03", "2026-04-26", 7, 7, True),
    ("1990-05-03", "2026-05-06", -3, 0, True),
    ("1990-05-03", "2026-05-07", -3, 0, False),
    ("1990-01-02", "2025-12-30", 0, 5, True),
    ("1990-12-30", "2026-01-02", -5, -1, True),
    # 29 February has its day on the 28th in common years, and on the 29th in leap years.
    ("2000-02-29", "2026-02-28", 0, 0, True),
    ("2000-02-29", "2026-03-01", 0, 0, False),
    ("2000-02-29", "2028-02-28", 0, 0, False),
    ("2000-02-29", "2028-02-29", 0, 0, True),
    ("1931-05-03T08:30", "2026-05-03", 0, 0, True),
    # The day itself is no anniversary of itself.
    ("2026-05-03", "2026-05-03", 0, 0, False),
    ("2025-05-03", "2026-05-03", 0, 0, True),
    # Half past midnight of the 3rd in Shanghai.
    ("1990-05-02T16:30:00Z", "2026-05-03", 0, 0, True),
    ("1999-02-29", "2026-02-28", 0, 0, False),
    ("one day", "2026-05-03", 0, 0, False),
]


@pytest.mark.parametrize(("born", "today", "first", "last", "expected"), TODAY_IS_NEAR)
def test_an_anniversary_is_near(
    store: ProjectStore, born: str, today: str, first: int, last: int, expected: bool
) -> None:
    profile = {BORN: born}
    load(store, EventLog((), {7: profile}))
    now = datetime.fromisoformat(f"{today}T23:30:00+08:00")
    ctx = context(store, time_zone="Asia/Shanghai", now_ms=round(now.timestamp() * 1000))
    wanted = Anniversary(property=PropertyRef(scope="person", name=BORN), from_days=first, to_days=last)
    assert holds(ctx, wanted, Known(7, profile=profile)) is expected
    found = [row[0] for row in store.engine.rows(people_sql(ctx, wanted))]
    assert found == ([7] if expected else [])


def test_a_definition_survives_json() -> None:
    adapter: TypeAdapter[AnyCondition] = TypeAdapter(Condition)
    wanted = All(
        items=(
            Did(
                event=EventSelector(events=("buy",)), window=Rolling(span=Span(count=3)), figure=LongestRun()
            ),
            Not(item=Listed(distinct_ids=("u1",))),
        )
    )
    assert adapter.validate_json(adapter.dump_json(wanted)) == wanted


@pytest.mark.parametrize(
    "given",
    [
        {
            "kind": "did",
            "event": {"events": ["buy"]},
            "compare": {"operator": "between", "value": 3, "upper": 1},
        },
        {"kind": "did", "event": {}, "window": {"kind": "ago", "from_days": 1, "to_days": 3}},
        {
            "kind": "did",
            "event": {},
            "window": {"kind": "dates", "from_date": "2024-02-01", "to_date": "2024-01-01"},
        },
        {"kind": "sequence", "steps": [{"events": ["buy"]}]},
        {"kind": "share", "percent": 0},
        {"kind": "anniversary", "property": {"scope": "person", "name": "x"}, "from_days": 1, "to_days": 0},
        {"kind": "anniversary", "property": {"scope": "event", "name": "x"}},
        {
            "kind": "has",
            "filter": {"type": "presence", "property": {"scope": "event", "name": "x"}, "operator": "exists"},
        },
        {"kind": "unheard of"},
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Condition).validate_python(given)
