"""Filters mean in SQL what they mean in Python."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.query import AnyFilter, EventSelector, PropertyRef
from bihuan.analytics.reference import holds, read_number, read_text
from bihuan.analytics.sql import EventsSource, events_source
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import load
from tests.analytics.random_log import Scene, filters, leaves, refs, scenes

QUERIES_PER_LOG = 12


@st.composite
def scenes_and_filters(draw: st.DrawFn) -> tuple[Scene, list[AnyFilter]]:
    scene = draw(scenes(max_events=12))
    node = st.one_of(leaves(scene), filters(scene))
    return scene, draw(st.lists(node, min_size=QUERIES_PER_LOG, max_size=QUERIES_PER_LOG))


@settings(max_examples=40, deadline=None)
@given(scenes_and_filters())
def test_a_filter_keeps_the_same_events_in_sql_and_in_python(
    store: ProjectStore, case: tuple[Scene, list[AnyFilter]]
) -> None:
    scene, nodes = case
    load(store, scene.log)
    ctx = scene.context(store)
    source = events_source(ctx, columns={"id": "e.event_id"})
    for index, node in enumerate(nodes):
        source.column(f"f{index}", source.holds(node))
    columns = ", ".join(f"f{index}" for index in range(len(nodes)))
    kept = {row[0]: row[1:] for row in store.engine.rows(f"SELECT id, {columns} FROM ({source.sql()})")}
    for event in scene.log.events:
        expected = tuple(holds(ctx, scene.log, event, node) for node in nodes)
        assert tuple(bool(value) for value in kept[event.event_id]) == expected


@settings(max_examples=40, deadline=None)
@given(scenes(max_events=12), st.lists(refs(), min_size=6, max_size=6))
def test_a_property_reads_the_same_in_sql_and_in_python(
    store: ProjectStore, scene: Scene, wanted: list[PropertyRef]
) -> None:
    load(store, scene.log)
    ctx = scene.context(store)
    source = EventsSource(ctx).column("id", "e.event_id")
    for index, ref in enumerate(wanted):
        source.column(f"t{index}", f"CAST({source.text(ref)} AS Nullable(String))")
        source.column(f"n{index}", source.number(ref))
    columns = ", ".join(f"t{index}, n{index}" for index in range(len(wanted)))
    rows = {row[0]: row[1:] for row in store.engine.rows(f"SELECT id, {columns} FROM ({source.sql()})")}
    assert len(rows) == len(scene.log.events)
    for event in scene.log.events:
        texts = [read_text(ctx, scene.log, event, ref) for ref in wanted]
        numbers = [read_number(ctx, scene.log, event, ref) for ref in wanted]
        assert rows[event.event_id] == tuple(
            value for pair in zip(texts, numbers, strict=True) for value in pair
        )


def test_a_selector_without_names_takes_every_event(store: ProjectStore) -> None:
    assert EventSelector().name == "*"
