"""Giving rewards: whoever gives them is told by a signed request, then the log says that they were given."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from bihuan.database import Database
from bihuan.journeys.calling import ChannelCalling
from bihuan.journeys.engine.telling import SOURCE, LogWriter
from bihuan.journeys.graph.nodes import Give
from bihuan.journeys.people_ids import distinct_ids
from bihuan.journeys.ports import PERSON_GONE, Origin, Outcome, Wanted
from bihuan.journeys.rewards.models import JourneySettings
from bihuan.kernel.hashing import event_uuid
from bihuan.people import People
from bihuan.warehouse import EventRow, event_row

GIVEN = "$reward_given"


class LoggedRewards:
    """``ports.Rewards``. The event's id follows from the key, so a reward is in the log once.

    With a webhook channel in the project's settings, only what its receiver took is written.
    """

    def __init__(
        self,
        database: Database,
        people: Callable[[str], People],
        writer: LogWriter,
        calling: ChannelCalling,
    ) -> None:
        self._database = database
        self._people = people
        self._writer = writer
        self._calling = calling

    def give(self, origin: Origin, node: Give, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
        """Give one to each, in this order."""
        people = self._people(origin.project_id)
        ids = distinct_ids(people, [each.person_id for each in wanted])
        known = [each for each in wanted if each.person_id in ids]
        told = self._tell(origin, node, known, ids)
        outcomes = {each.key: outcome for each, outcome in zip(known, told, strict=True)}
        given = [each for each in known if outcomes[each.key].state == "done"]
        self._write(people, origin, node, given, ids)
        return [outcomes.get(each.key, PERSON_GONE) for each in wanted]

    def confirm(self, origin: Origin, node: Give, wanted: Sequence[Wanted]) -> None:
        """Write into the log what was given after all."""
        people = self._people(origin.project_id)
        ids = distinct_ids(people, [each.person_id for each in wanted])
        self._write(people, origin, node, [each for each in wanted if each.person_id in ids], ids)

    def _write(
        self, people: People, origin: Origin, node: Give, given: Sequence[Wanted], ids: dict[int, list[str]]
    ) -> None:
        if given:
            rows = [_event(origin, node, each, ids[each.person_id][0]) for each in given]
            self._writer.write(people.store, rows)

    def _tell(
        self, origin: Origin, node: Give, wanted: Sequence[Wanted], ids: dict[int, list[str]]
    ) -> list[Outcome]:
        with self._database.read_session() as session:
            row = session.get(JourneySettings, origin.project_id)
        if row is None or row.reward_channel_id is None:
            return [Outcome()] * len(wanted)
        calls = [(each.key, _payload(origin, node, each, ids[each.person_id])) for each in wanted]
        return self._calling.post(origin.project_id, row.reward_channel_id, calls)


def _payload(origin: Origin, node: Give, wanted: Wanted, ids: list[str]) -> dict[str, Any]:
    return {
        "type": "reward.given",
        "key": wanted.key,
        "project_id": origin.project_id,
        "journey_id": origin.journey_id,
        "node": origin.node,
        "reward": node.reward,
        "quantity": node.quantity,
        "person_id": str(wanted.person_id),
        "distinct_ids": ids,
        "at_ms": wanted.at_ms,
    }


def _event(origin: Origin, node: Give, wanted: Wanted, distinct_id: str) -> EventRow:
    return event_row(
        event_id=event_uuid(f"{origin.project_id}\0{GIVEN}\0{wanted.key}"),
        event=GIVEN,
        time_ms=wanted.at_ms,
        received_ms=time.time_ns() // 1_000_000,
        distinct_id=distinct_id,
        source=SOURCE,
        properties={
            "$journey_id": origin.journey_id,
            "$node_id": origin.node,
            "$reward": node.reward,
            "$quantity": float(node.quantity),
            "$key": wanted.key,
        },
        person_id=wanted.person_id,
    )
