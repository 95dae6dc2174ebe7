"""Measuring: all ways alternately, warm, as ratios to one of them in the same round."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from bench.cases.case import BIHUAN, Case, Way

# A way that takes this long has its rounds cut: its ratio is far from any goal.
SLOW_SECONDS = 3.0
SLOW_ROUNDS = 3


@dataclass(frozen=True)
class Spread:
    """Median and quartiles."""

    median: float
    low: float
    high: float


def spread(values: list[float]) -> Spread:
    """Of one value or more; quartiles by linear interpolation."""
    low, middle, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return Spread(middle, low, high)


@dataclass
class Timing:
    """One way's times in a case.

    ``agrees``: whether its numbers equal Bihuan's; None where they need not.
    """

    way: Way
    seconds: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    agrees: bool | None = None


@dataclass(frozen=True)
class Measured:
    """A case's timings by label."""

    case: Case
    timings: dict[str, Timing]

    def seconds(self, label: str) -> float:
        """Median seconds of a way."""
        return median(self.timings[label].seconds)

    def ratio(self, label: str) -> Spread:
        """A way's time relative to the base's of the same round."""
        return spread(self.timings[label].ratios)

    def times_faster(self, label: str) -> float | None:
        """How many times longer than Bihuan a way took; None where it was not run."""
        return self.seconds(label) / self.seconds(BIHUAN) if label in self.timings else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None without one."""
        return None if self.case.goal is None else self.ratio(BIHUAN).median <= self.case.goal


def measure(case: Case, *, rounds: int, say: Callable[[str], None]) -> Measured:
    """Run every way once to warm up and compare, then all of them alternately ``rounds`` times."""
    timings = {way.label: Timing(way) for way in case.ways}
    numbers: dict[str, Any] = {}
    first: dict[str, float] = {}
    for label, timing in timings.items():
        first[label], numbers[label] = _timed(timing.way)
    for label, timing in timings.items():
        if label != BIHUAN and not timing.way.differs:
            timing.agrees = bool(numbers[label] == numbers[BIHUAN])
            if not timing.agrees:
                say(
                    f"{case.title}: {label} differs: {_short(numbers[label])} against "
                    f"{_short(numbers[BIHUAN])}"
                )
    for number in range(rounds):
        base_seconds = 0.0
        # The base first: the others' ratios are to it.
        for label in sorted(timings, key=lambda label: label != case.base):
            if first[label] > SLOW_SECONDS and number >= SLOW_ROUNDS:
                continue
            seconds, _ = _timed(timings[label].way)
            base_seconds = seconds if label == case.base else base_seconds
            timings[label].seconds.append(seconds)
            timings[label].ratios.append(seconds / base_seconds)
    return Measured(case, timings)


def _timed(way: Way) -> tuple[float, Any]:
    gc.collect()
    started = time.perf_counter()
    numbers = way.run()
    return time.perf_counter() - started, numbers


def _short(numbers: Any) -> str:
    text = repr(numbers)
    return text if len(text) <= 300 else text[:300] + "…"
