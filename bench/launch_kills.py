"""``python -m bench.launch_kills``: kill -9 of the server again and again while a campaign is launched.

The campaign has a holdout. Whoever is treated receives one mail or is listed as uncertain; nobody who is held
out receives any; the log is told of each once.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from sqlalchemy import select

from bench.collection.server_process import address_of as server_address
from bench.collection.server_process import start_server, stop_server
from bench.sending.killing import Mails, Received, alone, fork_server, run
from bench.sending.shop import PROJECT, make_shop, opened
from bench.sending.sink import running_sink
from bihuan.audiences.models import Audience
from bihuan.audiences.repository import add_people
from bihuan.campaigns.plan.schemas import HOLDOUT
from bihuan.campaigns.running.arms import people_of
from bihuan.database import utc_now
from bihuan.delivery.port import EACH_CONNECTION
from bihuan.kernel.hashing import key64
from bihuan.messages.outbox.lane import SHARES_AT_ONCE
from bihuan.messages.outbox.models import OutboxMessage

AUDIENCE = "a" * 26
_AUTHOR = {"kind": "key", "id": "bench", "name": "bench"}
_OPEN = ("queued", "claimed", "sending")
LONGEST_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class LaunchVerdict(Received):
    """What became of a campaign; what was received is of the treated."""

    treated: int
    held_out: int
    held_out_received: int
    told_wrongly: int

    @property
    def holds(self) -> bool:
        """Whether everything is as promised."""
        return (
            self.treated + self.held_out == self.people
            and (self.received_more, self.held_out_received, self.told_wrongly) == (0, 0, 0)
            and self.received_one + self.received_none == self.treated
            and self.received_none == self.uncertain - self.uncertain_received
            and self.uncertain <= self.kills * self.at_risk
            and self.states.keys() <= {"sent", "uncertain"}
            and sum(self.states.values()) == self.treated
        )


@dataclass(frozen=True)
class _Found:
    arms: dict[str, set[int]]
    states: dict[str, int]
    uncertain: set[int]
    told_sent: list[int]
    told_held_out: list[int]


def prepare(data: Path, port: int, people: int, connections: int) -> dict[str, Any]:
    """A shop with everybody in an audience; returns the plan of a campaign to them."""
    installation = opened(data)
    try:
        shop = make_shop(installation, port, people, connections)
        with installation.database.session() as session:
            row = Audience(
                id=AUDIENCE, project_id=PROJECT, name="Everybody", created_by=_AUTHOR, refresh="never"
            )
            session.add(row)
        persons = np.array([key64(f"u{number}") for number in range(people)], np.uint64)
        add_people(installation.project(PROJECT).store, AUDIENCE, persons, utc_now())
    finally:
        installation.close()
    message = {
        "channel_ids": [shop.channel_id],
        "template_id": shop.template_id,
        "purpose": "transactional",
    }
    return {
        "outcome": {"selector": {"events": []}, "window_days": 1},
        "target": {"audience_ids": [AUDIENCE]},
        "holdout": {"share": 0.2},
        "messages": [message],
        "starts_at": "2026-01-01T00:00:00+00:00",
        "ends_at": "2100-01-01T00:00:00+00:00",
    }


def outcome(data: Path, campaign: str, people: int) -> _Found:
    """What the stores say of a campaign."""
    installation = opened(data)
    try:
        store = installation.project(PROJECT).store
        arms = {
            arm: {person for person, _ in people_of(store, campaign, [arm], after=None, limit=people + 1)}
            for arm in ("a", HOLDOUT)
        }
        told = {
            event: [
                row[0]
                for row in store.engine.rows(
                    f"SELECT person_id FROM {store.table('events')} WHERE event = '{event}'"
                )
            ]
            for event in ("$message_sent", "$campaign_held_out")
        }
        with installation.database.read_session() as session:
            rows = session.execute(select(OutboxMessage.person_id, OutboxMessage.state)).all()
    finally:
        installation.close()
    uncertain = {row[0] for row in rows if row[1] == "uncertain"}
    states = dict(Counter(row[1] for row in rows))
    return _Found(arms, states, uncertain, told["$message_sent"], told["$campaign_held_out"])


class _Lives:
    """The server, one life after another."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self._address = ""

    def begin(self) -> None:
        self._process = start_server(self._data)
        self._address = server_address(self._process, self._data)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        assert self._process is not None
        stop_server(self._process)

    def call(self, method: str, rest: str, body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {(self._data / 'admin.key').read_text().strip()}"}
        url = f"{self._address}/api/projects/{PROJECT}{rest}"
        answer = httpx.request(method, url, json=body, headers=headers, timeout=60)
        if answer.status_code >= 300:
            raise RuntimeError(answer.text)
        return answer.json()

    def wait_until_over(self, campaign: str) -> None:
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            found = self.call("GET", f"/campaigns/{campaign}/progress")
            if found["phase"] == "done" and not set(found["messages"]) & set(_OPEN):
                return
            time.sleep(0.2)
        raise RuntimeError("the campaign did not end")


@contextmanager
def _lives(data: Path) -> Iterator[_Lives]:
    lives = _Lives(data)
    lives.begin()
    try:
        yield lives
    finally:
        lives.kill()


def kill_launch(
    data: Path,
    *,
    people: int,
    kills: int,
    life_seconds: float,
    connections: int = 4,
    seed: int = 1,
    say: Callable[[str], None] = print,
) -> LaunchVerdict:
    """Start a campaign, and kill the server ``kills`` times at random moments while it is launched.

    Args:
        life_seconds: twice the average time that a server has after its start, every second one after its
            first mail.
    """
    chance = random.Random(seed)
    context = fork_server("bench.launch_kills")
    begun = time.monotonic()
    with running_sink() as sink:
        plan = alone(context, partial(prepare, data, sink.port, people, connections))
        with _lives(data) as lives:
            campaign = str(lives.call("POST", "/campaigns", {"name": "Launch", "plan": plan})["id"])
            lives.call("POST", f"/campaigns/{campaign}/do/submit", {"note": ""})
            lives.call("POST", f"/campaigns/{campaign}/do/start", {"note": ""})
            for number in range(kills):
                if number % 2:
                    sink.wait_for_more(life_seconds * 10)
                time.sleep(chance.uniform(0, life_seconds))
                lives.kill()
                say(f"killed {number + 1}: {sink.count()} mails")
                lives.begin()
            lives.wait_until_over(campaign)
            lives.end()
        seconds = time.monotonic() - begun
        found = alone(context, partial(outcome, data, campaign, people))
        at_risk = SHARES_AT_ONCE * connections * EACH_CONNECTION
        return _verdict(found, Mails(sink.taken(), people), kills, at_risk, seconds)


def _verdict(found: _Found, mails: Mails, kills: int, at_risk: int, seconds: float) -> LaunchVerdict:
    treated, held = found.arms["a"], found.arms[HOLDOUT]
    wrongly = sum((Counter(found.told_held_out) - Counter(held)).values())
    wrongly += len(held - set(found.told_held_out))
    wrongly += sum((Counter(found.told_sent) - Counter(treated - found.uncertain)).values())
    return LaunchVerdict(
        people=mails.people,
        kills=kills,
        at_risk=at_risk,
        treated=len(treated),
        held_out=len(held),
        held_out_received=sum(map(mails.of, held)),
        uncertain=len(found.uncertain),
        uncertain_received=sum(map(mails.of, found.uncertain)),
        told_wrongly=wrongly,
        states=found.states,
        seconds=seconds,
        **mails.counts(treated),
    )


if __name__ == "__main__":
    run("bench.launch_kills", __doc__, kill_launch, people=20_000, kills=20, life_seconds=4.0, seed=1)
