"""``python -m bench.outbox_kills``: kill -9 of a worker again and again while it sends a large mailing.

Nobody may receive two mails; everybody receives one, or is listed as uncertain: of each kill no more than
were on their way at that moment, which is two shares of a batch.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.sending.killing import Mails, Received, alone, fork_server, run
from bench.sending.shop import Found, control_file, outcome, prepare
from bench.sending.sink import Sink, running_sink
from bench.sending.worker import work
from bihuan.delivery.port import EACH_CONNECTION
from bihuan.messages.outbox.lane import SHARES_AT_ONCE, OutboxLimits

LONGEST_LIFE_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class MailingVerdict(Received):
    """What became of a mailing; ``most_left``: the most on their way that a kill found."""

    most_left: int
    told_twice: int

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
) -> MailingVerdict:
    """Send to ``people`` in a process that is killed ``kills`` times at random moments.

    Args:
        life_seconds: twice the average time from a life's first mail to its end.
    """
    chance = random.Random(seed)
    context = fork_server("bench.sending.worker")
    begun = time.monotonic()
    with running_sink() as sink:
        alone(context, partial(prepare, data, sink.port, people, connections=connections))
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
        found = alone(context, partial(outcome, data))
        at_risk = SHARES_AT_ONCE * min(batch, connections * EACH_CONNECTION)
        return _verdict(found, Mails(sink.taken(), people), left, at_risk, seconds)


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


def _verdict(found: Found, mails: Mails, left: Sequence[int], at_risk: int, seconds: float) -> MailingVerdict:
    return MailingVerdict(
        people=mails.people,
        kills=len(left),
        at_risk=at_risk,
        most_left=max(left, default=0),
        uncertain=len(found.uncertain),
        uncertain_received=sum(map(mails.of, found.uncertain)),
        told_twice=len(found.told) - len(set(found.told)),
        states=found.states,
        seconds=seconds,
        **mails.counts(mails.everybody),
    )


if __name__ == "__main__":
    run(
        "bench.outbox_kills",
        __doc__,
        kill_often,
        people=20_000,
        kills=50,
        batch=OutboxLimits.batch,
        life_seconds=1.0,
        seed=1,
    )
