"""The set engine does with everybody what the interpreter does with one person after another."""

from __future__ import annotations

import uuid

from hypothesis import HealthCheck, given, settings

from bihuan.journeys.engine.log import context_at
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.models import Journey
from bihuan.kernel.hashing import key64
from bihuan.people import Change
from bihuan.warehouse import Batch, event_row
from tests.journeys.graphs import Deed, definitions, histories, tick_times
from tests.journeys.interpreter import Interpreter
from tests.journeys.stage import NAMES, SENT, START_MS, Stage

ZONES = {"ann": "America/New_York", "bob": "Asia/Kathmandu"}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(definition=definitions(), history=histories(), ticks=tick_times)
def test_sets_and_single_people_agree(
    small_stage: Stage, definition: Definition, history: list[Deed], ticks: list[int]
) -> None:
    stage = small_stage
    empty(stage)
    stage.now_ms = START_MS
    journey = stage.begin(definition)
    interpreter = Interpreter(definition, stage.project.time_zone, ZONES, history)
    interpreter.seen_until_ms = START_MS
    waiting = sorted(history, key=lambda deed: deed.received_ms)
    for now_ms in ticks:
        due = [deed for deed in waiting if deed.received_ms <= now_ms]
        waiting = waiting[len(due) :]
        store_deeds(stage, due)
        stage.tick(journey, now_ms, chunk=3)
        interpreter.tick(now_ms, context_at(stage.project, stage.people.store, now_ms))
        compare(stage, journey, interpreter)


def compare(stage: Stage, journey: str, interpreter: Interpreter) -> None:
    rows = stage.entries(journey)
    found = [
        (
            NAMES[row.person_id],
            row.node if row.left_ms is None else None,
            row.due_ms if row.left_ms is None else None,
            row.entered_ms,
            row.hops,
            row.path,
            row.left_ms,
            row.reason,
            row.converted_ms,
        )
        for row in rows
    ]
    expected = [
        (
            way.who,
            way.node if way.left_ms is None else None,
            way.due_ms if way.left_ms is None else None,
            way.entered_ms,
            way.hops,
            way.path,
            way.left_ms,
            way.reason,
            way.converted_ms,
        )
        for way in interpreter.ways
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    nodes = {row.id: (NAMES[row.person_id], row.entered_ms) for row in rows}
    messages = [
        (*nodes[int(occurrence.removeprefix("journey:"))], step.split(":")[0])
        for _, occurrence, step in stage.messages()
    ]
    sent = [(who, interpreter.ways[place].entered_ms, node) for who, place, node in interpreter.sent]
    assert sorted(messages) == sorted(sent)
    check_counts(stage, journey, interpreter)


def check_counts(stage: Stage, journey: str, interpreter: Interpreter) -> None:
    """What is counted as people move is what counting them finds."""
    flows = stage.flows(journey)
    assert flows.get(("", "refused_again", ""), 0) == interpreter.refused["again"]
    assert flows.get(("", "refused_full", ""), 0) == interpreter.refused["full"]
    for node in interpreter.definition.nodes:
        came = sum(people for (_, _, target), people in flows.items() if target == node)
        went = sum(people for (source, _, _), people in flows.items() if source == node)
        inside = sum(way.left_ms is None and way.node == node for way in interpreter.ways)
        assert came - went == inside


def empty(stage: Stage) -> None:
    store = stage.people.store
    for table in ("events", "profiles"):
        store.engine.command(f"TRUNCATE TABLE {store.table(table)}")
    with stage.database.session() as session:
        session.execute(SENT.delete())
        for row in session.query(Journey):
            session.delete(row)
    changes = [
        Change(stage.happen(who, "x", START_MS - 1), who, START_MS, START_MS, "set", {"$timezone": zone})
        for who, zone in ZONES.items()
    ]
    stage.people.record([], changes, received_ms=START_MS)


def store_deeds(stage: Stage, deeds: list[Deed]) -> None:
    rows = [
        event_row(
            event_id=uuid.uuid4(),
            event=deed.event,
            time_ms=deed.at_ms,
            received_ms=deed.received_ms,
            distinct_id=deed.who,
            source="test",
            properties={},
            person_id=key64(deed.who),
        )
        for deed in deeds
    ]
    if rows:
        stage.writer.submit(stage.people.store, Batch(events=rows)).result()
