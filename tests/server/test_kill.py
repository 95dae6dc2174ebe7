"""kill -9 of the server, again and again, while real SDKs send: nothing is lost, nothing doubled.

The suite kills a few times; ``BIHUAN_KILL_ROUNDS=100`` is the proof that docs/decisions/0002 reports.
"""

from __future__ import annotations

import itertools
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mixpanel
import posthog
import pytest
import segment.analytics.client

from tests.server.process import ServeProcess

ROUNDS = int(os.environ.get("BIHUAN_KILL_ROUNDS", "4"))
EVENT = "survives"
RETRY_SECONDS = 0.2
ALIVE_SECONDS = 120

Send = Callable[[str], None]


def segment_sender(url: str, key: str) -> Send:
    client = segment.analytics.client.Client(key, host=url, sync_mode=True, max_retries=0, timeout=20)

    def send(number: str) -> None:
        client.track("segment-person", EVENT, {"n": number}, message_id=number)

    return send


def posthog_sender(url: str, key: str) -> Send:
    client = posthog.Posthog(
        key, host=f"{url}/in/posthog", sync_mode=True, max_retries=0, disable_geoip=False
    )

    def send(number: str) -> None:
        # This SDK tells a failure by returning nothing.
        if client.capture(EVENT, distinct_id="posthog-person", properties={"n": number}, uuid=number) is None:
            raise ConnectionError

    return send


def mixpanel_sender(url: str, key: str) -> Send:
    base = f"{url}/in/mixpanel"
    consumer = mixpanel.Consumer(events_url=f"{base}/track", people_url=f"{base}/engage", retry_limit=0)
    client = mixpanel.Mixpanel(key, consumer=consumer)

    def send(number: str) -> None:
        client.track("mixpanel-person", EVENT, {"n": number, "$insert_id": number})

    return send


class Sender(threading.Thread):
    """Sends one event after the other; each again and again until it is acknowledged."""

    def __init__(self, name: str, send: Send, numbers: Iterator[str], stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self._send = send
        self._numbers = numbers
        self._stopping = stop
        self.acknowledged: list[str] = []
        self.failures = 0

    def run(self) -> None:
        while not self._stopping.is_set():
            number = next(self._numbers)
            while not self._is_acknowledged(number):
                time.sleep(RETRY_SECONDS)

    def _is_acknowledged(self, number: str) -> bool:
        try:
            self._send(number)
        except Exception:
            self.failures += 1
            return False
        self.acknowledged.append(number)
        return True


def uuids(seed: int) -> Iterator[str]:
    for count in itertools.count():
        yield f"{seed:08x}-0000-4000-8000-{count:012x}"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[ServeProcess]:
    process = ServeProcess(tmp_path / "data")
    process.start()
    yield process
    process.kill()


def stored(serving: ServeProcess) -> dict[str, int]:
    """How many events there are, and how many distinct numbers they carry."""
    number = {"scope": "event", "name": "n"}
    measures: list[dict[str, Any]] = [
        {"kind": "count"},
        {"kind": "property", "property": number, "aggregate": "distinct"},
    ]
    series = [{"selector": {"events": [EVENT]}, "measure": measure} for measure in measures]
    with serving.api() as api:
        answer = api.post("/api/projects/default/query", json={"kind": "trend", "series": series})
        lines = answer.raise_for_status().json()["lines"]
    return {"events": int(lines[0]["total"]), "numbers": int(lines[1]["total"])}


def wait_for_more(senders: list[Sender]) -> None:
    """Until events are acknowledged again, so that the kill comes while the server stores."""
    before, deadline = count(senders), time.monotonic() + ALIVE_SECONDS
    while count(senders) == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def count(senders: list[Sender]) -> int:
    return sum(len(sender.acknowledged) for sender in senders)


@pytest.fixture
def quiet_sdks() -> Iterator[None]:
    """They log every failure, which there are thousands of."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("quiet_sdks")
@pytest.mark.timeout(120 + 30 * ROUNDS)
def test_no_acknowledged_event_is_lost_or_doubled(serving: ServeProcess) -> None:
    key, stop = serving.write_key(), threading.Event()
    makers = (segment_sender, posthog_sender, mixpanel_sender)
    senders = [
        Sender(f"{make.__name__}-{lane}", make(serving.url, key), uuids(16 * place + lane), stop)
        for place, make in enumerate(makers)
        for lane in range(2)
    ]
    for sender in senders:
        sender.start()
    chance = random.Random(20_261_122)
    for _ in range(ROUNDS):
        wait_for_more(senders)
        time.sleep(chance.uniform(0, 0.5))
        serving.kill()
        serving.start()
    stop.set()
    for sender in senders:
        sender.join(ALIVE_SECONDS)
        assert not sender.is_alive()
    acknowledged = count(senders)
    assert all(sender.acknowledged for sender in senders)
    assert sum(sender.failures for sender in senders) > 0
    assert stored(serving) == {"events": acknowledged, "numbers": acknowledged}
