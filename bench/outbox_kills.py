"""``python -m bench.outbox_kills``: kill -9 of a worker again and again while it sends a large mailing.

Nobody may receive two mails; everybody receives one, or is listed as uncertain: of each kill no more than
were on their way at that moment, which is two shares of a batch.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.sending.shop import Found, address_of, control_file, outcome, prepare
from bench.sending.sink import Sink, running_sink
from bench.sending.worker import work
from bihuan.delivery.port import EACH_CONNECTION
from bihuan.kernel.hashing import key64
from bihuan.messages.outbox.lane import SHARES_AT_ONCE

LONGEST_LIFE_SECONDS = 120.0


@dataclass(frozen=True)
class Verdict:
    """What became of a mailing; ``at_risk``: the most that may be on their way at once, ``most_left`` that a
    kill found."""

    people: int
    kills: int
    at_risk: int
    most_left: int
    received_one: int
    received_more: int
    received_none: int
    uncertain: int
    uncertain_received: int
    told_twice: int
    states: dict[str, int]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything is as promised."""
        return (
            self.received_more == 0
            and self.told_twice == 0
            and self.most_left <= self.at_risk
            and self.received_none <= self.uncertain <= self.kills * self.at_risk
            and self.received_none == self.uncertain - self.uncertain_received
            and set(self.states) <= {"sent", "uncertain"}
        )


def kill_often(
    data: Path,
    *,
    people: int,
    kills: int,
    batch: int,
    life_seconds: float,
    connections: int = 4,
    seed: int = 1,
    say: Callable[[str], None] = print,
) -> Verdict:
    """Send to ``people`` in a process that is killed ``kills`` times at random moments.

    Args:
        life_seconds: twice the average time from a life's first mail to its end.
    """
    chance = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.sending.worker"])
    begun = time.monotonic()
    with running_sink() as sink:
        # The engine lives in a process; this one may have another already.
        with ProcessPoolExecutor(1, context) as alone:
            alone.submit(partial(prepare, connections=connections), data, sink.port, people).result()
        left: list[int] = []
        while len(left) < kills:
            child = context.Process(target=work, args=(data, batch))
            child.start()
            if not _end(child, sink, chance.uniform(0, life_seconds)):
                break
            left.append(_on_their_way(data))
            say(f"killed {len(left)}: {sink.count()} of {people} mails, {left[-1]} on their way")
        child = context.Process(target=work, args=(data, batch))
        child.start()
        child.join(LONGEST_LIFE_SECONDS + people / 100)
        if child.exitcode != 0:
            child.kill()
            raise RuntimeError(f"the last worker ended with {child.exitcode}")
        seconds = time.monotonic() - begun
        with ProcessPoolExecutor(1, context) as alone:
            found = alone.submit(outcome, data).result()
        at_risk = SHARES_AT_ONCE * min(batch, connections * EACH_CONNECTION)
        return _verdict(found, sink.taken(), people, left, at_risk, seconds)


def _end(child: BaseProcess, sink: Sink, after_seconds: float) -> bool:
    """Kill it so long after its first mail; whether it was still at work."""
    before, until = sink.count(), time.monotonic() + LONGEST_LIFE_SECONDS
    while sink.count() == before and child.is_alive() and time.monotonic() < until:
        time.sleep(0.002)
    child.join(after_seconds)
    if child.exitcode is not None:
        return False
    child.kill()
    child.join()
    return True


def _on_their_way(data: Path) -> int:
    """Messages that the dead worker had given away without hearing what became of them."""
    with closing(sqlite3.connect(control_file(data))) as control:
        count: int = control.execute("SELECT count(*) FROM outbox WHERE state = 'sending'").fetchone()[0]
        return count


def _verdict(
    found: Found, taken: Counter[str], people: int, left: Sequence[int], at_risk: int, seconds: float
) -> Verdict:
    numbers = {key64(f"u{number}"): address_of(number) for number in range(people)}
    counts = [taken.get(address, 0) for address in numbers.values()]
    return Verdict(
        people=people,
        kills=len(left),
        at_risk=at_risk,
        most_left=max(left, default=0),
        received_one=counts.count(1),
        received_more=sum(each > 1 for each in counts),
        received_none=counts.count(0),
        uncertain=len(found.uncertain),
        uncertain_received=sum(taken.get(numbers[person], 0) for person in found.uncertain),
        told_twice=len(found.told) - len(set(found.told)),
        states=found.states,
        seconds=seconds,
    )


def main() -> None:
    """Parse the command line, kill, tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.outbox_kills", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--life-seconds", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        verdict = kill_often(
            Path(directory),
            people=given.people,
            kills=given.kills,
            batch=given.batch,
            life_seconds=given.life_seconds,
            seed=given.seed,
        )
    print(verdict)
    print("holds" if verdict.holds else "DOES NOT HOLD")
    raise SystemExit(0 if verdict.holds else 1)


if __name__ == "__main__":
    main()
