"""``kill -9`` at random moments: what was acknowledged is there after a restart, exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine_server.process import ROOT

ROUNDS = int(os.environ.get("BIHUAN_KILL_ROUNDS", "15"))
REQUESTS_A_ROUND = 400


@dataclass(frozen=True)
class Life:
    """What one writer process told: the log at its start, what it acknowledged, whether it finished."""

    stored: Counter[int]
    acknowledged: set[int]
    finished: bool


def run_and_kill(directory: Path, requests: list[list[int]], wait_seconds: float | None) -> Life:
    """Start a writer and kill it ``wait_seconds`` after it is ready; None lets it finish."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warehouse.writing.killed_writer", str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(" ".join(map(str, request)) + "\n" for request in requests))
    process.stdin.close()
    stored: Counter[int] = Counter()
    while (line := process.stdout.readline()) != "ready\n":
        word, number, count = line.split()
        assert word == "stored"
        stored[int(number)] += int(count)
    killer = threading.Timer(wait_seconds or 0.0, process.send_signal, [signal.SIGKILL])
    if wait_seconds is not None:
        killer.start()
    lines = process.stdout.read().splitlines()
    killer.cancel()
    process.wait(60)
    process.stdout.close()
    acknowledged = {int(one) for line in lines if line.startswith("ack ") for one in line.split()[1:]}
    return Life(stored, acknowledged, lines[-1:] == ["done"])


@pytest.mark.timeout(60 + 20 * ROUNDS)
def test_acknowledged_events_survive_kill_9_exactly_once(tmp_path: Path) -> None:
    chance = random.Random(20_261)
    directory = tmp_path / "engine"
    acknowledged: set[int] = set()
    pending: list[list[int]] = []
    sent: set[int] = set()
    kills = number = 0
    for _ in range(ROUNDS):
        # Retries first, among them requests whose answer was lost with the process.
        while len(pending) < REQUESTS_A_ROUND:
            size = chance.choice((1, 1, 5, 40))
            pending.append(list(range(number, number + size)))
            number += size
        life = run_and_kill(directory, pending, chance.uniform(0.0, 0.6))
        check(life.stored, acknowledged, sent)
        kills += not life.finished
        acknowledged |= life.acknowledged
        sent.update(one for request in pending for one in request)
        pending = [request for request in pending if not life.acknowledged.issuperset(request)]
    life = run_and_kill(directory, pending, None)
    check(life.stored, acknowledged, sent)
    assert life.finished
    assert kills >= ROUNDS // 2
    assert run_and_kill(directory, [], None).stored == Counter(range(number))


def check(stored: Counter[int], acknowledged: set[int], sent: set[int]) -> None:
    assert acknowledged <= set(stored), f"lost: {sorted(acknowledged - set(stored))[:10]}"
    assert set(stored) <= sent
    assert set(stored.values()) <= {1}, f"doubled: {[n for n, count in stored.items() if count > 1][:10]}"
