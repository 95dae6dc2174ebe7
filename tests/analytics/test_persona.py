"""Persona: counts are the oracle's, differences are found and ranked; overlap and flow of audiences."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.conditions import Ever
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.persona import (
    STANDARD_FACETS,
    AtTouch,
    Events,
    FacetSelection,
    Hours,
    OfNumber,
    OfPerson,
    Persona,
    PersonaQuery,
    Sets,
    facet_people_sql,
    facet_sql,
    held_sql,
    overlap_people_sql,
    overlap_sql,
    read_overlap,
    read_persona,
    sizes_sql,
)
from bihuan.analytics.query import PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.persona import everyone, numbers, values
from bihuan.analytics.reference.trend import percentile
from bihuan.analytics.stages import links_sql, read_links
from bihuan.stats import proportion_difference, representation
from bihuan.warehouse.assignments import assign
from bihuan.warehouse.project import ProjectStore
from tests.analytics.golden import check_sql, plain_context
from tests.analytics.loading import NOW_MS, context, load
from tests.analytics.random_log import DAY_MS, Scene, periods, refs, scenes, selectors

STEPS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
TAG = "tag1"


def listed(people: Any) -> str:
    return f"SELECT arrayJoin(CAST({sorted(people)} AS Array(UInt64))) AS person"


@st.composite
def facets(draw: st.DrawFn, scene: Scene) -> Any:
    top = draw(st.sampled_from([1, 2, 10]))
    window = draw(st.one_of(st.just(Ever()), periods(scene)))
    of_people = st.sampled_from(
        [
            *(PropertyRef(scope="person", name=n) for n in ("x", "y", "$os", "$revenue")),
            PropertyRef(scope="tag", name=TAG),
        ]
    )
    return draw(
        st.one_of(
            st.builds(OfPerson, property=of_people, top_n=st.just(top)),
            st.builds(OfNumber, property=of_people, bounds=st.sampled_from([None, (0.0, 1.5)])),
            st.builds(
                AtTouch,
                property=refs(person=False),
                which=st.sampled_from(["first", "last"]),
                event=selectors(scene),
                window=st.just(window),
                top_n=st.just(top),
            ),
            st.just(Events(window=window, top_n=top)),
            st.builds(Hours, event=selectors(scene), window=st.just(window)),
        )
    )


def ask(store: ProjectStore, ctx: ProjectContext, query: PersonaQuery, sets: Sets) -> Persona:
    rows = [store.engine.rows(facet_sql(ctx, facet, sets)) for facet in query.facets]
    sizes = store.engine.rows(sizes_sql(ctx, sets))
    return read_persona(query, sizes, rows, against_everyone=sets.other is None)


def loaded(data: st.DataObject, store: ProjectStore) -> Scene:
    scene = data.draw(scenes(max_events=30, max_people=5))
    owners = sorted({event.person for event in scene.log.events})
    tags = {
        each: data.draw(st.sampled_from(["a", "2", "3.5"])) for each in owners if data.draw(st.booleans())
    }
    log = EventLog(
        scene.log.events, scene.log.profiles, {person: {TAG: value} for person, value in tags.items()}
    )
    load(store, log)
    store.engine.command(f"TRUNCATE TABLE {store.table('assignments')}")
    if tags:
        rows = (f"SELECT toUInt64({p}) AS person, '{value}' AS value" for p, value in tags.items())
        assign(store, TAG, " UNION ALL ".join(rows), at_ms=1_000, cause="refresh")
    return Scene(log, scene.time_zone, scene.first_weekday, scene.now_ms)


@STEPS
@given(data=st.data())
def test_counts_are_the_oracles(store: ProjectStore, data: st.DataObject) -> None:
    scene = loaded(data, store)
    ctx = scene.context(store)
    universe = everyone(ctx, scene.log)
    audience = {person for person in sorted(universe) if data.draw(st.booleans())}
    other = {person for person in sorted(universe) if data.draw(st.booleans())}
    for against in (None, other):
        sets = Sets(listed(audience), None if against is None else listed(against))
        compared = universe if against is None else against - audience
        query = PersonaQuery(facets=tuple(data.draw(facets(scene)) for _ in range(3)))
        found = ask(store, ctx, query, sets)
        assert (found.people, found.others) == (len(audience), len(compared))
        for facet, own in zip(query.facets, found.facets, strict=True):
            if isinstance(facet, OfNumber):
                check_numbers(scene, facet, own, audience, compared)
            else:
                check_values(ctx, scene, facet, own, audience, compared)
            check_people(store, ctx, facet, own, sets)


def check_values(
    ctx: ProjectContext, scene: Scene, facet: Any, own: Any, audience: set[int], compared: set[int]
) -> None:
    known = values(ctx, scene.log, facet)
    inside = Counter(v for person, texts in known.items() if person in audience for v in texts)
    outside = Counter(v for person, texts in known.items() if person in compared for v in texts)
    shown = [each for each in own.values if each.value is not None]
    top = 24 if isinstance(facet, Hours) else facet.top_n
    assert len(shown) == min(top, len({*inside, *outside}))
    for each in shown:
        assert (each.people, each.others) == (inside[each.value], outside[each.value])
    rest = [each for each in own.values if each.other]
    if rest:
        left = {each.value for each in shown}
        assert rest[0].people == sum(count for value, count in inside.items() if value not in left)
        assert rest[0].others == sum(count for value, count in outside.items() if value not in left)
    (nothing,) = (each for each in own.values if each.value is None and not each.other)
    assert nothing.people == len(audience - set(known))
    assert nothing.others == len(compared - set(known))


def check_people(store: ProjectStore, ctx: ProjectContext, facet: Any, own: Any, sets: Sets) -> None:
    """Behind the last numbers, that of those without a value among them, there are as many people."""
    if isinstance(facet, OfNumber) and own.bounds:
        facet = facet.model_copy(update={"bounds": own.bounds})
    chosen = [each for each in own.values if not each.other and (each.people or each.others)]
    for each in chosen[-2:]:
        for side, people in (("audience", each.people), ("other", each.others)):
            at = FacetSelection(value=each.value, of=side)
            rows = store.engine.rows(facet_people_sql(ctx, facet, sets, at))
            assert len({row[0] for row in rows}) == len(rows) == people, (facet, at)


def check_numbers(scene: Scene, facet: OfNumber, own: Any, audience: set[int], compared: set[int]) -> None:
    known = numbers(scene.log, facet)
    inside = [number for person, number in known.items() if person in audience]
    outside = [number for person, number in known.items() if person in compared]
    assert own.mean == pytest.approx(sum(inside) / len(inside) if inside else None)
    assert own.median == pytest.approx(percentile(inside, 50) if inside else None)
    assert own.other_mean == pytest.approx(sum(outside) / len(outside) if outside else None)
    assert own.other_median == pytest.approx(percentile(outside, 50) if outside else None)
    both = [n for person, n in known.items() if person in audience or person in compared]
    if facet.bounds is None and both:
        tenths = dict.fromkeys(percentile(both, 10 * index) for index in range(1, 10))
        assert list(own.bounds) == pytest.approx(sorted(tenths), rel=1e-9) or len(own.bounds) != len(tenths)
    for index, each in enumerate(own.values[:-1]):
        for people, side in ((each.people, inside), (each.others, outside)):
            assert people == sum(sum(bound <= number for bound in own.bounds) == index for number in side)
    assert own.values[-1].people == len(audience) - len(inside)


def visit(person: int, city: str, event: str = "open") -> LogEvent:
    return LogEvent(event, NOW_MS - DAY_MS, person, properties={"$city": city})


def test_differences_are_found_and_ranked(store: ProjectStore) -> None:
    """Of 200 people four fifths live in Beijing, of the 800 others one fifth; one lives elsewhere."""

    def lives(person: int) -> str:
        if person == 7:
            return "rare"
        return "beijing" if person > 840 or (person <= 800 and person % 5 == 0) else "chengdu"

    log = EventLog(tuple(visit(person, lives(person)) for person in range(1, 1001)))
    cities = {event.person: event.properties["$city"] for event in log.events}
    load(store, log)
    ctx = context(store, log)
    audience = listed(range(801, 1001))
    city = AtTouch(property=PropertyRef(name="$city"))
    query = PersonaQuery(facets=(city, Events(), Hours()))
    found = ask(store, ctx, query, Sets(audience))
    inside = sum(cities[person] == "beijing" for person in range(801, 1001))
    total = sum(each == "beijing" for each in cities.values())
    (beijing,) = (each for each in found.facets[0].values if each.value == "beijing")
    expected = representation(inside, 200, total, 1000)
    assert expected.ratio is not None
    assert beijing.ratio is not None
    assert (beijing.people, beijing.others, beijing.p_value) == (inside, total, expected.p_value)
    assert (beijing.ratio.value, beijing.ratio.low) == (expected.ratio.value, expected.ratio.low)
    assert [(each.value, each.direction) for each in found.findings] == [
        ("beijing", "over"),
        ("chengdu", "under"),
    ]
    assert found.findings[0].sure > found.findings[1].sure > 0
    # What everybody does, at the same hour, is no difference.
    assert [(each.value, each.people, each.others) for each in found.facets[1].values] == [
        ("open", 200, 1000),
        (None, 0, 0),
    ]
    assert [each.value for each in found.facets[2].values] == ["10", None]


def test_two_audiences_are_compared_without_the_people_of_both(store: ProjectStore) -> None:
    log = EventLog(tuple(visit(person, "x" if person <= 30 else "y") for person in range(1, 101)))
    load(store, log)
    ctx = context(store, log)
    sets = Sets(listed(range(1, 51)), listed(range(41, 101)))
    found = ask(store, ctx, PersonaQuery(facets=(AtTouch(property=PropertyRef(name="$city")),)), sets)
    assert (found.people, found.others, found.against) == (50, 50, "audience")
    (x,) = (each for each in found.facets[0].values if each.value == "x")
    assert (x.people, x.others) == (30, 0)
    expected = proportion_difference(30, 50, 0, 50)
    assert x.difference is not None
    assert (x.difference.value, x.difference.low, x.difference.high) == (
        expected.difference,
        expected.low,
        expected.high,
    )
    assert x.ratio is None
    assert [(each.value, each.direction) for each in found.findings] == [("x", "over"), ("y", "under")]


def test_a_range_that_is_none_is_refused(store: ProjectStore) -> None:
    facet = OfNumber(property=PropertyRef(scope="person", name="age"), bounds=(18,))
    for own, value in ((facet, "10 – 20"), (facet.model_copy(update={"bounds": None}), "< 18")):
        with pytest.raises(SelectionInvalid):
            facet_people_sql(context(store), own, Sets("SELECT 1 AS person"), FacetSelection(value=value))


def test_standard_facets_are_answered(store: ProjectStore) -> None:
    load(store, EventLog(tuple(visit(person, "x") for person in range(1, 4))))
    found = ask(store, context(store), PersonaQuery(facets=STANDARD_FACETS), Sets(listed([1])))
    assert len(found.facets) == len(STANDARD_FACETS)
    (city,) = (f for f, own in zip(found.facets, STANDARD_FACETS, strict=True) if "$city" in str(own))
    assert [(each.value, each.people, each.others) for each in city.values] == [("x", 1, 3), (None, 0, 0)]


def test_values_of_people_of_whom_nothing_else_is_known_do_not_count(store: ProjectStore) -> None:
    load(store, EventLog((visit(1, "x"),)))
    store.engine.command(f"TRUNCATE TABLE {store.table('assignments')}")
    assign(store, TAG, f"SELECT person, '7' AS value FROM ({listed([1, 2])})", at_ms=1_000, cause="import")
    tag = PropertyRef(scope="tag", name=TAG)
    query = PersonaQuery(facets=(OfPerson(property=tag), OfNumber(property=tag)))
    found = ask(store, context(store), query, Sets(listed([1])))
    for facet in found.facets:
        assert sum(each.others for each in facet.values) == 1


def test_an_empty_audience_has_a_persona(store: ProjectStore) -> None:
    log = EventLog((visit(1, "x"),))
    load(store, log)
    facets = (
        AtTouch(property=PropertyRef(name="$city")),
        OfNumber(property=PropertyRef(scope="person", name="age")),
    )
    found = ask(
        store,
        context(store, log),
        PersonaQuery(facets=facets),
        Sets("SELECT toUInt64(1) AS person WHERE false"),
    )
    assert (found.people, found.others, found.findings) == (0, 1, ())
    assert found.facets[0].values[0].share is None


@STEPS
@given(sets=st.lists(st.sets(st.integers(1, 6)), min_size=1, max_size=4))
def test_every_exclusive_intersection(store: ProjectStore, sets: list[set[int]]) -> None:
    selects = [listed(each) for each in sets]
    found = read_overlap(len(sets), store.engine.rows(overlap_sql(selects)))
    assert found.sizes == tuple(map(len, sets))
    assert found.people == len(set().union(*sets))
    assert len(found.intersections) == 2 ** len(sets) - 1
    for each in found.intersections:
        own = set.intersection(*(sets[index] for index in each.sets))
        for index, others in enumerate(sets):
            own = own if index in each.sets else own - others
        assert each.people == len(own)
    most = found.intersections[0]
    people = store.engine.rows(overlap_people_sql(selects, most.sets))
    assert len(people) == most.people


def test_people_flow_between_audiences(store: ProjectStore) -> None:
    store.engine.command(f"TRUNCATE TABLE {store.table('assignments')}")
    days = [{"new": {1, 2, 3}, "core": {9}}, {"new": {3}, "core": {1, 3, 9}}, {"new": set(), "core": {1, 9}}]
    times = [NOW_MS + index * DAY_MS for index in range(3)]
    for at_ms, members in zip(times, days, strict=True):
        for subject, people in members.items():
            assign(
                store,
                subject,
                f"SELECT person, '1' AS value FROM ({listed(people)})",
                at_ms=at_ms,
                cause="refresh",
            )
    ctx = context(store)
    held = [held_sql(ctx, ["core", "new"], at_ms) for at_ms in times]
    links = read_links(store.engine.rows(links_sql(held)))
    assert {(link.step, link.before, link.value): link.people for link in links} == {
        (0, "new", "core"): 2,
        (0, "new", ""): 1,
        (0, "core", "core"): 1,
        (1, "core", "core"): 2,
        (1, "core", ""): 1,
    }


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "person", "property": {"name": "$city"}},
        {"kind": "touch", "property": {"scope": "person", "name": "x"}},
        {"kind": "number", "property": {"scope": "audience", "name": "x"}},
        {"kind": "number", "property": {"scope": "person", "name": "x"}, "bounds": [2, 1]},
        {"kind": "events", "top_n": 0},
    ],
)
def test_what_makes_no_sense_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PersonaQuery.model_validate({"facets": [fault]})


def test_golden_sql() -> None:
    sets = Sets("SELECT 1 AS person", "SELECT 2 AS person")
    city = AtTouch(property=PropertyRef(name="$city"))
    check_sql("persona_touch", facet_sql(plain_context(has_overrides=True), city, sets))
    age = OfNumber(property=PropertyRef(scope="person", name="age"))
    check_sql("persona_number", facet_sql(plain_context(), age, Sets("SELECT 1 AS person")))


def test_too_many_sets_are_refused() -> None:
    with pytest.raises(ValueError, match="between 1 and 10"):
        overlap_sql(["SELECT 1 AS person"] * 11)
