"""Letting people in: the rules about coming again, and the caps; each occasion is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.journeys.engine.moving import count
from bihuan.journeys.engine.running import Running
from bihuan.journeys.engine.sets import among
from bihuan.journeys.graph.definition import Caps, Reentry
from bihuan.journeys.models import JourneyEntry, JourneyFlow, JourneyVersion
from bihuan.journeys.timing import due_ms

OUTSIDE, IN, AGAIN, FULL = "", "in", "refused_again", "refused_full"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is to come in, because of ``cause``."""

    person: int
    cause: str
    context: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What there was of a person in a journey: whether inside, and when the person left last."""

    inside: bool = False
    left_ms: int | None = None

    def may_enter(self, rule: Reentry, now_ms: int) -> bool:
        """Whether the person may come in (again)."""
        if rule.rule == "always":
            return True
        if rule.rule == "never":
            return not self.inside and self.left_ms is None
        pause = rule.pause.milliseconds if rule.pause else 0
        return not self.inside and (self.left_ms is None or now_ms >= self.left_ms + pause)


@dataclass
class Room:
    """How many may still come in; None without a cap."""

    total: int | None
    a_day: int | None
    inside: int | None

    def take(self) -> bool:
        """Whether there is room for one more, who takes it."""
        left = [each for each in (self.total, self.a_day, self.inside) if each is not None]
        if left and min(left) <= 0:
            return False
        self.total, self.a_day, self.inside = (
            None if each is None else each - 1 for each in (self.total, self.a_day, self.inside)
        )
        return True


def admit(session: Session, running: Running, candidates: Sequence[Candidate]) -> int:
    """Let people in, within the transaction that writes down how far was read; returns how many."""
    version, now_ms = running.current, running.now_ms
    definition = version.definition
    past = _past(session, running.journey.id, {each.person for each in candidates}, definition.reentry)
    room = room_left(session, running, definition.caps)
    due = due_ms(definition.nodes[definition.start], now_ms)
    again = full = 0
    rows: list[dict[str, Any]] = []
    for each in candidates:
        if not past.get(each.person, _NEVER).may_enter(definition.reentry, now_ms):
            again += 1
        elif not room.take():
            full += 1
        else:
            past[each.person] = _INSIDE
            rows.append({"person_id": each.person, "cause": each.cause, "context": each.context})
    same = {
        "journey_id": running.journey.id,
        "version_id": version.id,
        "node": definition.start,
        "entered_ms": now_ms,
        "at_ms": now_ms,
        "due_ms": due,
    }
    # Without the column: a JSON null is not the same as none.
    told = [{**same, **row} for row in rows if row["context"]]
    silent = [{**same, **row} for row in rows if not row.pop("context")]
    for part in (told, silent):
        if part:
            session.execute(insert(JourneyEntry), part)
    count(session, version, (OUTSIDE, IN, definition.start), len(rows))
    count(session, version, (OUTSIDE, AGAIN, OUTSIDE), again)
    count(session, version, (OUTSIDE, FULL, OUTSIDE), full)
    if definition.caps.a_day is not None:
        day, already = _today(running)
        running.keep_fed(session, day=[day, already + len(rows)])
    return len(rows)


_NEVER, _INSIDE = Past(), Past(inside=True)


def _past(session: Session, journey_id: str, persons: set[int], rule: Reentry) -> dict[int, Past]:
    if rule.rule == "always" or not persons:
        return {}
    inside = func.count() - func.count(JourneyEntry.left_ms)
    rows = session.execute(
        select(JourneyEntry.person_id, inside, func.max(JourneyEntry.left_ms))
        .where(JourneyEntry.journey_id == journey_id, among(session, JourneyEntry.person_id, sorted(persons)))
        .group_by(JourneyEntry.person_id)
    )
    return {person: Past(inside > 0, left_ms) for person, inside, left_ms in rows}


def room_left(session: Session, running: Running, caps: Caps) -> Room:
    """How many may still come in now."""
    room = Room(caps.total, caps.a_day, caps.inside)
    if room.a_day is not None:
        room.a_day -= _today(running)[1]
    if room.total is None and room.inside is None:
        return room
    flows = session.execute(
        select(JourneyFlow.node, JourneyFlow.port, JourneyFlow.target, JourneyFlow.people)
        .join(JourneyVersion, JourneyVersion.id == JourneyFlow.version_id)
        .where(JourneyVersion.journey_id == running.journey.id)
    ).all()
    entered = sum(people for node, _, target, people in flows if node == OUTSIDE and target != OUTSIDE)
    left = sum(people for node, _, target, people in flows if node != OUTSIDE and target == OUTSIDE)
    if room.total is not None:
        room.total -= sum(people for node, port, _, people in flows if (node, port) == (OUTSIDE, IN))
    if room.inside is not None:
        room.inside -= entered - left
    return room


def _today(running: Running) -> tuple[int, int]:
    """When the project's day began, and how many have come in on it."""
    zone = running.zone
    began = day_start_ms(local_date(running.now_ms, zone), zone)
    day, already = running.fed.get("day", (began, 0))
    return began, already if day == began else 0
