"""Alarms are as rare as is said, and a planted drop is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bihuan.stats.drops import unusual_drop
from bihuan.stats.errors import DataInsufficient

DAYS = 28
ALARMS = 0.01
TIMES = 4_000


def binomial(random: np.random.Generator, people: Any) -> Any:
    return random.binomial(people, 0.02)


def rare(random: np.random.Generator, people: Any) -> Any:
    return random.binomial(people, 0.0008)


def uneven(random: np.random.Generator, people: Any) -> Any:
    """Days whose rate varies by a third beyond chance."""
    return random.binomial(people, random.gamma(9, 0.03 / 9, size=np.shape(people)))


def some_days_odd(random: np.random.Generator, people: Any) -> Any:
    """Two of the days before had three times as many."""
    rates = np.full(np.shape(people), 0.02)
    rates[3], rates[17] = 0.06, 0.06
    return random.binomial(people, rates)


@pytest.mark.parametrize("history", [binomial, rare, uneven, some_days_odd], ids=lambda each: each.__name__)
def test_false_alarms_are_no_more_frequent_than_said(history: Callable[..., Any]) -> None:
    random = np.random.default_rng(7)
    alarms = 0
    for _ in range(TIMES):
        people = random.integers(1_500, 3_000, DAYS + 1)
        dropped = history(random, people)
        pairs = list(zip(dropped[:-1].tolist(), people[:-1].tolist(), strict=True))
        alarms += unusual_drop(int(dropped[-1]), int(people[-1]), pairs, false_alarms=ALARMS).unusual
    # Four standard errors above the stated rate.
    most = ALARMS + 4 * (ALARMS * (1 - ALARMS) / TIMES) ** 0.5
    assert alarms / TIMES <= most


@pytest.mark.parametrize("history", [binomial, some_days_odd], ids=lambda each: each.__name__)
def test_twice_as_many_as_usual_are_found(history: Callable[..., Any]) -> None:
    random = np.random.default_rng(8)
    found = 0
    for _ in range(200):
        people = np.full(DAYS, 2_000)
        pairs = list(zip(history(random, people).tolist(), people.tolist(), strict=True))
        found += unusual_drop(int(random.binomial(2_000, 0.04)), 2_000, pairs, false_alarms=ALARMS).unusual
    assert found >= 190


def test_what_is_said_of_a_day_fits() -> None:
    history = [(40, 2_000)] * 20 + [(38, 2_000), (43, 2_000), (44, 2_000), (36, 2_000)]
    usual = unusual_drop(41, 2_000, history, false_alarms=0.001)
    assert usual.expected == pytest.approx(40, abs=1)
    assert not usual.unusual
    at = unusual_drop(usual.critical, 2_000, history, false_alarms=0.001)
    below = unusual_drop(usual.critical - 1, 2_000, history, false_alarms=0.001)
    assert (at.unusual, below.unusual) == (True, False)
    assert not unusual_drop(0, 2_000, history, false_alarms=0.5).unusual


def test_too_short_a_history_is_refused() -> None:
    for days, people in ((6, 100), (28, 0)):
        with pytest.raises(DataInsufficient):
            unusual_drop(5, people, [(1, 100)] * days, false_alarms=0.01)
    with pytest.raises(DataInsufficient):
        unusual_drop(5, 100, [(0, 0)] * 28, false_alarms=0.01)
