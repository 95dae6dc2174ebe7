"""``kill -9`` at random moments: what was acknowledged is there after a restart, exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.engine_server.process import ROOT

ROUNDS = int(os.environ.get("BIHUAN_KILL_ROUNDS", "12"))
REQUESTS_A_ROUND = 400

# A process of its own reads the log: this one may already have an engine in another directory.
COUNT = """
import sys
from bihuan.warehouse import Engine, open_project
from tests.warehouse.writing.samples import stored_counts
store = open_project(Engine(f"chdb://{sys.argv[1]}"), "killed")
for number, count in sorted(stored_counts(store).items()):
    print(number, count)
"""


def run_and_kill(
    directory: Path, requests: list[list[int]], wait_seconds: float | None
) -> tuple[set[int], bool]:
    """Start a writer; kill it ``wait_seconds`` after it is ready. The acknowledged numbers; whether it ended."""
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
    assert process.stdout.readline() == "ready\n"
    killer = threading.Timer(wait_seconds or 0.0, process.send_signal, [signal.SIGKILL])
    if wait_seconds is not None:
        killer.start()
    lines = process.stdout.read().splitlines()
    killer.cancel()
    process.wait(60)
    process.stdout.close()
    acknowledged = {int(number) for line in lines if line.startswith("ack ") for number in line.split()[1:]}
    return acknowledged, lines[-1:] == ["done"]


def stored(directory: Path) -> Counter[int]:
    told = subprocess.run(
        [sys.executable, "-c", COUNT, str(directory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return Counter({int(number): int(count) for number, count in map(str.split, told.stdout.splitlines())})


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
        sent.update(one for request in pending for one in request)
        told, ended = run_and_kill(directory, pending, chance.uniform(0.0, 0.6))
        kills += not ended
        acknowledged |= told
        pending = [request for request in pending if not told.issuperset(request)]
        counts = stored(directory)
        assert acknowledged <= set(counts), sorted(acknowledged - set(counts))[:10]
        assert set(counts) <= sent
        assert set(counts.values()) <= {1}
    told, ended = run_and_kill(directory, pending, None)
    assert ended
    assert kills >= ROUNDS // 2
    assert stored(directory) == Counter(range(number))
