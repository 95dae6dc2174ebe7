"""Who is to come in: by audience, event, schedule or request; read once, however often a process dies.

How far was read is kept with the people let in, in one transaction. Rows of the log become visible some time
after they were received, so the last minute of events is read again, and those seen are passed over. What is
imported as a file lets nobody in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bihuan.analytics.conditions import AnyCondition
from bihuan.audiences.subjects import find_row
from bihuan.database import utc_now
from bihuan.journeys.engine.admitting import Candidate, admit
from bihuan.journeys.engine.leaving import LEFT_AUDIENCE, leave_persons
from bihuan.journeys.engine.log import Arrival, Arrivals, arrivals, cases_of, context_at, holding
from bihuan.journeys.engine.running import Running
from bihuan.journeys.engine.sets import among
from bihuan.journeys.graph.definition import ApiEntry, AudienceEntry, EventEntry, ScheduleEntry
from bihuan.journeys.models import JourneyRequest, JourneySeen
from bihuan.journeys.timing import last_cron_ms
from bihuan.kernel.arrays import Array
from bihuan.people.profiles.repository import present_properties
from bihuan.warehouse.assignments import MEMBER, TABLE, owners_sql, value_sql
from bihuan.warehouse.sql import literal, time_ms

OVERLAP_MS = 60_000
# Of a million people at once: less memory rather than less time.
SPARING = {"max_threads": 1, "max_bytes_before_external_group_by": 64 << 20, "max_block_size": 16_384}
# Moves of audiences are written with the time of their beginning.
SETTLED_MS = 2_000
_CLAIM_SECONDS = 3_600
_CONTEXT_BYTES = 8_192


def feed(running: Running) -> None:
    """Let in whoever has come since the last time."""
    entry = running.current.definition.entry
    match entry:
        case AudienceEntry():
            _from_audience(running, entry)
        case EventEntry():
            _from_events(running, entry)
        case ScheduleEntry():
            _from_schedule(running, entry)
        case ApiEntry():
            _from_requests(running)


def _from_events(running: Running, entry: EventEntry) -> None:
    store = running.people.store
    ctx = context_at(running.project, store, running.now_ms)
    since = int(running.fed.get("received", running.journey.admit_ms))
    window = Arrivals(max(since - OVERLAP_MS, running.journey.admit_ms), running.now_ms)
    after: Arrival | None = None
    while True:
        page = arrivals(ctx, store, entry.event, window, after=after, limit=running.chunk)
        chosen = page
        if entry.condition is not None and page:
            persons = np.unique(np.array([each.person for each in page], np.uint64))
            held = cases_of(ctx, store, [entry.condition], persons) == 0
            wanted = set(persons[held].tolist())
            chosen = [each for each in page if each.person in wanted]
        whole = len(page) < running.chunk
        with running.transaction() as session:
            # Those for whom the condition did not hold, too: what was looked at is not looked at again.
            new = _unseen(session, running, page)
            candidates = [_of_event(each) for each in chosen if each.event_id.hex in new]
            admit(session, running, candidates)
            if whole:
                running.keep_fed(session, received=running.now_ms)
                old = JourneySeen.at_ms < running.now_ms - 2 * OVERLAP_MS
                session.execute(delete(JourneySeen).where(JourneySeen.journey_id == running.journey.id, old))
        if whole:
            return
        after = page[-1]


def _of_event(arrival: Arrival) -> Candidate:
    said = arrival.properties if len(arrival.properties) <= _CONTEXT_BYTES else "{}"
    about = {"name": arrival.event, "time": arrival.time_ms}
    # On one level, as templates have it.
    event = {**present_properties(said), **about}
    return Candidate(arrival.person, arrival.event_id.hex, {"event": event})


def _unseen(session: Session, running: Running, page: Sequence[Arrival]) -> set[str]:
    """Those not looked at before, from now on they are."""
    received = {each.event_id.hex: each.received_ms for each in page}
    mine = JourneySeen.journey_id == running.journey.id
    known: set[str] = set()
    names = list(received)
    for start in range(0, len(names), 500):
        part = JourneySeen.cause.in_(names[start : start + 500])
        known.update(session.scalars(select(JourneySeen.cause).where(mine, part)))
    new = set(received) - known
    if new:
        rows = [
            {"journey_id": running.journey.id, "cause": each, "at_ms": received[each]} for each in sorted(new)
        ]
        session.execute(insert(JourneySeen), rows)
    return new


def _from_audience(running: Running, entry: AudienceEntry) -> None:
    """Moves in ``(after, until]``, in the order of persons; a part that was begun is finished first."""
    store = running.people.store
    fed = dict(running.fed.get("audience") or {})
    if not fed:
        began_ms = running.journey.admit_ms
        fed = {"after": began_ms, "until": None, "person": None, "present": entry.present}
    if fed["present"]:
        members = f"SELECT person FROM ({value_sql(store.table, entry.audience, at_ms=fed['after'])})"
        running.fed = {**running.fed, "audience": fed}
        done: dict[str, object] = {**fed, "present": False, "person": None}
        _admit_persons(running, members, f"present:{fed['after']}", "audience", done)
        fed = dict(running.fed["audience"])
    if fed["until"] is None:
        if _is_refreshed(running, entry.audience):
            # A refresh is about to write moves of a time that may lie before others that are there.
            return
        fed["until"] = running.now_ms - SETTLED_MS
    if fed["until"] <= fed["after"]:
        return
    moved_sql = _moves_sql(running, entry.audience, fed["after"], fed["until"])
    if entry.leave:
        _let_out(running, f"SELECT person FROM ({moved_sql}) WHERE NOT entered")
    done = {"after": fed["until"], "until": None, "person": None, "present": False}
    entered = f"SELECT person FROM ({moved_sql}) WHERE entered"
    running.fed = {**running.fed, "audience": fed}
    _admit_persons(running, entered, f"audience:{fed['until']}", "audience", done)


def _moves_sql(running: Running, audience_id: str, after_ms: int, until_ms: int) -> str:
    """SELECT of ``person, entered``: whose membership is another at the end than at the beginning."""
    table = running.people.store.table
    rows = (
        f"FROM {table(TABLE)} WHERE subject_id = {literal(audience_id)} "
        f"AND time > {time_ms(after_ms)} AND time <= {time_ms(until_ms)}"
    )
    owners = owners_sql(table, f"SELECT DISTINCT person_id {rows}")
    member = literal(MEMBER)
    return (
        f"SELECT o.person AS person, argMax(m.value, m.time) = {member} AS entered "
        f"FROM (SELECT person_id, time, before, value {rows}) AS m "
        f"INNER JOIN ({owners}) AS o ON o.person_id = m.person_id "
        f"GROUP BY person HAVING (argMin(m.before, m.time) = {member}) != entered"
    )


def _is_refreshed(running: Running, audience_id: str) -> bool:
    with running.database.read_session() as session:
        row = find_row(session, running.project.id, audience_id)
    if row is None or row.claimed_at is None:
        return False
    return (utc_now() - row.claimed_at).total_seconds() < _CLAIM_SECONDS


def _from_schedule(running: Running, entry: ScheduleEntry) -> None:
    """Of times that were missed only the last counts; one that was begun is finished first."""
    fed = dict(running.fed.get("schedule") or {"last": running.journey.admit_ms, "at": None, "person": None})
    if fed["at"] is None:
        latest = last_cron_ms(entry.cron, running.project.time_zone, running.now_ms)
        if latest <= fed["last"]:
            return
        fed["at"] = latest
    running.fed = {**running.fed, "schedule": fed}
    done = {"last": fed["at"], "at": None, "person": None}
    _admit_persons(
        running, _everybody(running, entry.condition, fed["at"]), f"at:{fed['at']}", "schedule", done
    )


def _everybody(running: Running, condition: AnyCondition, at_ms: int) -> str:
    store = running.people.store
    return holding(context_at(running.project, store, at_ms), store, condition)


def _admit_persons(
    running: Running, persons_sql: str, cause: str, feed_name: str, done: dict[str, object]
) -> None:
    """Let in the persons of a SELECT, ascending; each part is written down as ``feed_name``'s ``person``."""
    fed = dict(running.fed.get(feed_name) or done)
    last = fed.get("person")
    for part in _pages(running, persons_sql, None if last is None else int(last)):
        with running.transaction() as session:
            admit(session, running, [Candidate(person, cause) for person in part.tolist()])
            # As text: JSON of some readers has no numbers of 64 bits.
            running.keep_fed(session, **{feed_name: {**fed, "person": str(part[-1])}})
    with running.transaction() as session:
        running.keep_fed(session, **{feed_name: done})


def _pages(running: Running, persons_sql: str, after: int | None) -> list[Array]:
    """The persons beyond one, ascending, in parts. 8 bytes a person: a million are 8 MB."""
    beyond = "" if after is None else f" WHERE person > {after}"
    table = running.people.store.engine.arrow(
        f"SELECT DISTINCT person FROM ({persons_sql}){beyond} ORDER BY person", settings=SPARING
    )
    persons = table.column("person").to_numpy().astype(np.uint64)
    return [persons[start : start + running.chunk] for start in range(0, len(persons), running.chunk)]


def _from_requests(running: Running) -> None:
    waiting = (
        select(JourneyRequest)
        .where(JourneyRequest.journey_id == running.journey.id, JourneyRequest.taken_ms.is_(None))
        .order_by(JourneyRequest.id)
        .limit(running.chunk)
    )
    while True:
        with running.transaction() as session:
            rows = session.scalars(waiting).all()
            if not rows:
                return
            owners = running.people.identities.persons_of(
                np.array([each.person_id for each in rows], np.uint64)
            )
            admit(
                session,
                running,
                [
                    Candidate(owner, f"api:{row.key}"[:100], row.context)
                    for row, owner in zip(rows, owners.tolist(), strict=True)
                ],
            )
            session.execute(
                update(JourneyRequest)
                .where(among(session, JourneyRequest.id, [row.id for row in rows]))
                .values(taken_ms=running.now_ms)
                .execution_options(synchronize_session=False)
            )


def _let_out(running: Running, persons_sql: str) -> None:
    for part in _pages(running, persons_sql, None):
        leave_persons(running, part.tolist(), LEFT_AUDIENCE)
