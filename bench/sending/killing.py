"""What tests of sending by ``kill -9`` share: processes, what came of it, the command line."""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Protocol, TypeVar

from bench.sending.shop import address_of
from bihuan.kernel.hashing import key64

Made = TypeVar("Made")


class Verdict(Protocol):
    """What became of it all."""

    @property
    def holds(self) -> bool:
        """Whether everything is as promised."""
        ...


@dataclass(frozen=True, kw_only=True)
class Received:
    """How many got how many mails. ``at_risk``: the most that may be on their way at once."""

    people: int
    kills: int
    at_risk: int
    received_one: int
    received_more: int
    received_none: int
    uncertain: int
    uncertain_received: int
    states: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class Mails:
    """What the sink took, by person."""

    taken: Counter[str]
    people: int

    def of(self, person: int) -> int:
        """How many somebody got."""
        return self.taken.get(self._addresses[person], 0)

    def counts(self, persons: Iterable[int]) -> dict[str, int]:
        """The fields of ``Received`` that say who got one, more and none."""
        found = [self.of(person) for person in persons]
        return {
            "received_one": found.count(1),
            "received_more": sum(each > 1 for each in found),
            "received_none": found.count(0),
        }

    @property
    def everybody(self) -> Iterable[int]:
        """All persons."""
        return self._addresses

    @cached_property
    def _addresses(self) -> dict[int, str]:
        return {key64(f"u{number}"): address_of(number) for number in range(self.people)}


def fork_server(*modules: str) -> ForkServerContext:
    """Where processes come from that have loaded modules already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context


def alone(context: ForkServerContext, make: Callable[[], Made]) -> Made:
    """What is made in a process of its own: the engine lives in it, and this one may have another already."""
    with ProcessPoolExecutor(1, context) as process:
        return process.submit(make).result()


def run(prog: str, about: str | None, kill: Callable[..., Verdict], **defaults: float) -> None:
    """Parse the command line, kill, tell. ``defaults``: numbers that ``kill`` takes, as options."""
    parser = argparse.ArgumentParser(prog=f"python -m {prog}", description=about)
    for name, default in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    given = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as directory:
        verdict = kill(Path(directory), **given)
    print(verdict)
    print("holds" if verdict.holds else "DOES NOT HOLD")
    raise SystemExit(0 if verdict.holds else 1)
