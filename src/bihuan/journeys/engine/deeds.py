"""What nodes do to people apart from messages: queued with the move, then done, each under a key.

Profiles, tags and audiences are written under ids that follow from the key, so that doing it again after a
crash changes nothing. Others are told the key. What may have happened is not tried again.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.orm import Session

from bihuan.audiences.tags.repository import given_sql
from bihuan.database import JsonValue
from bihuan.journeys.engine.moving import move_after
from bihuan.journeys.engine.running import Running, Version
from bihuan.journeys.engine.sets import among
from bihuan.journeys.errors import ServiceMissing
from bihuan.journeys.graph.nodes import (
    NEXT,
    AddToAudience,
    AnyNode,
    CreateTask,
    Deed,
    Give,
    Onward,
    Send,
    SetProperty,
    SetTag,
    Webhook,
)
from bihuan.journeys.models import JourneyDeed, JourneyEntry
from bihuan.journeys.people_ids import distinct_ids
from bihuan.journeys.ports import PERSON_GONE, Outcome, Wanted, failed
from bihuan.kernel.errors import BihuanError
from bihuan.people import Change, change_uuid
from bihuan.warehouse.assignments import MEMBER, assign, last_change_ms

DEEDS_AT_ONCE = 2_000
MOST_ATTEMPTS = 8
SOURCE = "bihuan"


def step_of(version: Version, node_id: str, hops: int) -> str:
    """What tells a person's stays apart: the node, and the moves before it where there may be several."""
    return f"{node_id}:{hops}" if node_id in version.plan.repeated else node_id


def send(running: Running, version: Version, node_id: str) -> int:
    """Queue a message for everybody at a node, and move them on, in one transaction."""
    node = version.definition.nodes[node_id]
    assert isinstance(node, Send)
    sending, origin = running.services.sending, running.origin(node_id)
    if sending is None:
        raise ServiceMissing(kind=node.kind, path=f"nodes.{node_id}")

    def enqueue(session: Session, who: ColumnElement[bool]) -> None:
        hops = literal(f"{node_id}:", String) + cast(JourneyEntry.hops, String)
        people = select(
            JourneyEntry.person_id,
            (literal("journey:", String) + cast(JourneyEntry.id, String)).label("occurrence"),
            (hops if node_id in version.plan.repeated else literal(node_id, String)).label("step"),
            func.coalesce(JourneyEntry.context, literal({}, JsonValue)).label("context"),
        ).where(who)
        sending.enqueue(session, origin, node, typing.cast("Select[Any]", people), now_ms=running.now_ms)

    return move_after(running, version, (node_id, NEXT, node.next), enqueue)


def queue(running: Running, version: Version, node_id: str) -> int:
    """Write down what is to be done for everybody at a node, and move them on, in one transaction."""
    node = version.definition.nodes[node_id]
    assert isinstance(node, Onward)

    def write(session: Session, who: ColumnElement[bool]) -> None:
        same = {
            "journey_id": running.journey.id,
            "version_id": version.id,
            "node": node_id,
            "at_ms": running.now_ms,
            "due_ms": running.now_ms,
        }
        people = select(JourneyEntry.id, JourneyEntry.person_id, JourneyEntry.hops).where(who)
        rows = [
            {**same, "entry_id": entry, "person_id": person, "step": step_of(version, node_id, hops)}
            for entry, person, hops in session.execute(people)
        ]
        session.execute(insert(JourneyDeed), rows)

    return move_after(running, version, (node_id, NEXT, node.next), write)


def perform(running: Running) -> int:
    """Do what is due; returns how much was looked at."""
    wanted = (
        select(JourneyDeed)
        .where(
            JourneyDeed.journey_id == running.journey.id,
            JourneyDeed.state == "waiting",
            JourneyDeed.due_ms <= running.now_ms,
        )
        .order_by(JourneyDeed.id)
        .limit(DEEDS_AT_ONCE)
    )
    total = 0
    while True:
        with running.database.read_session() as session:
            rows = list(session.scalars(wanted))
        groups: dict[tuple[int, str], list[JourneyDeed]] = {}
        for row in rows:
            groups.setdefault((row.version_id, row.node), []).append(row)
        for (version_id, node_id), group in groups.items():
            version = next(each for each in running.versions if each.id == version_id)
            node = version.definition.nodes[node_id]
            assert isinstance(node, Deed)
            outcomes = _outcomes(running, node_id, node, group)
            with running.transaction() as session:
                _write_down(session, running, group, outcomes)
        total += len(rows)
        if len(rows) < DEEDS_AT_ONCE:
            return total


def _outcomes(running: Running, node_id: str, node: Deed, rows: Sequence[JourneyDeed]) -> Sequence[Outcome]:
    wanted = [Wanted(row.key, row.person_id, row.at_ms) for row in rows]
    try:
        return _done(running, node_id, node, wanted)
    except BihuanError as error:
        return [Outcome("retry", error.message("en"), reason_zh=error.message("zh"))] * len(rows)


def _done(running: Running, node_id: str, node: Deed, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
    origin, services = running.origin(node_id), running.services
    match node:
        case SetProperty():
            return _set_property(running, node, wanted)
        case SetTag():
            return _assign(running, node.tag, node.value or "", wanted)
        case AddToAudience():
            return _assign(running, node.audience, "" if node.remove else MEMBER, wanted)
        case Give():
            rewards = services.rewards
            return _missing(node, wanted) if rewards is None else rewards.give(origin, node, wanted)
        case CreateTask():
            tasks = services.tasks
            return _missing(node, wanted) if tasks is None else tasks.create(origin, node, wanted)
        case Webhook():
            calling = services.calling
            ids = distinct_ids(running.people, [each.person_id for each in wanted])
            pairs = [(each, _payload(running, node_id, each, ids)) for each in wanted]
            return _missing(node, wanted) if calling is None else calling.call(origin, node, pairs)


def _missing(node: AnyNode, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
    return [failed(ServiceMissing(kind=node.kind))] * len(wanted)


def _payload(running: Running, node_id: str, wanted: Wanted, ids: dict[int, list[str]]) -> dict[str, Any]:
    return {
        "type": "journey.webhook",
        "key": wanted.key,
        "project_id": running.project.id,
        "journey_id": running.journey.id,
        "node": node_id,
        "person_id": str(wanted.person_id),
        "distinct_ids": ids.get(wanted.person_id, []),
        "at_ms": wanted.at_ms,
    }


def _set_property(running: Running, node: SetProperty, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
    ids = distinct_ids(running.people, [each.person_id for each in wanted])
    changes = [
        Change(
            change_uuid(each.key, "set"),
            ids[each.person_id][0],
            each.at_ms,
            running.now_ms,
            "set",
            {node.property: node.value},
            SOURCE,
        )
        for each in wanted
        if ids.get(each.person_id)
    ]
    running.people.record([], changes, received_ms=running.now_ms)
    return [Outcome() if ids.get(each.person_id) else PERSON_GONE for each in wanted]


def _assign(running: Running, subject_id: str, value: str, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
    store = running.people.store
    owners = {running.people.identities.person_of(each.person_id): value for each in wanted}
    values, among_sql = given_sql(store, subject_id, owners)
    at_ms = max(running.now_ms, (last_change_ms(store, subject_id) or 0) + 1)
    settings = {"max_query_size": 64 << 20}
    assign(store, subject_id, values, at_ms=at_ms, cause="journey", among=among_sql, settings=settings)
    return [Outcome()] * len(wanted)


def _said(outcome: Outcome) -> dict[str, str]:
    said = {"reason": outcome.reason, "reason_zh": outcome.reason_zh}
    return {name: words[:400] for name, words in said.items() if words}


def _write_down(
    session: Session, running: Running, rows: Sequence[JourneyDeed], outcomes: Sequence[Outcome]
) -> None:
    """Forget what is done; what is not is tried again, later each time, or kept for somebody to see."""
    done = [row.id for row, outcome in zip(rows, outcomes, strict=True) if outcome.state == "done"]
    if done:
        session.execute(
            delete(JourneyDeed)
            .where(among(session, JourneyDeed.id, done))
            .execution_options(synchronize_session=False)
        )
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.state == "done":
            continue
        untried = outcome.state == "waiting"
        attempts = row.attempts + (not untried)
        again = untried or (outcome.state == "retry" and attempts < MOST_ATTEMPTS)
        state = "waiting" if again else "uncertain" if outcome.state == "uncertain" else "failed"
        wait_ms = int(outcome.after_seconds * 1_000) << (0 if untried else min(row.attempts, 6))
        session.execute(
            update(JourneyDeed)
            .where(JourneyDeed.id == row.id)
            .values(
                attempts=attempts,
                state=state,
                due_ms=running.now_ms + wait_ms,
                error=_said(outcome) if outcome.reason else null(),
            )
        )
