"""Measuring the measurement: campaigns whose true effect is known, read as if it was not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.simulate.behaviour import Behaviour
from bihuan.simulate.living import live
from bihuan.simulate.population import draw_population
from bihuan.stats.experiments import (
    Effect,
    Inference,
    adjusted_arms,
    compare,
    mean_arm,
    moments_of,
    proportion_arm,
)

_Outcome = tuple[bool, int, int, float]


@dataclass(frozen=True)
class Trials:
    """How simulated campaigns look.

    Attributes:
        campaigns: how many, each with people and chance of its own.
        people, holdout: in each campaign, and the share of them that is not sent to.
        days: of the campaign; the message comes on the first.
        days_before: whose orders are the covariate of CUPED.
        first: the day of the message.
    """

    campaigns: int = 500
    people: int = 3_000
    holdout: float = 0.3
    days: int = 14
    days_before: int = 28
    first: date = date(2025, 3, 3)


@dataclass(frozen=True)
class Reading:
    """How the readings of one metric did over all campaigns.

    Attributes:
        covered: share of campaigns whose interval held the true effect.
        called, upward: share in which an effect was called, and in which one above 0 was.
        wrong: share in which an effect of the wrong sign (or any, without an effect) was called.
        bias: average of estimate minus truth, in standard errors of one campaign.
    """

    covered: float
    called: float
    upward: float
    wrong: float
    bias: float


def measure(behaviour: Behaviour, trials: Trials, seed: int) -> dict[str, Reading]:
    """Run the campaigns and read them.

    Returns:
        ``conversion``, ``revenue`` and ``revenue_cuped``: read once, at the end; ``conversion_daily``: read
        every day with ``any_time`` intervals, called at the first that excludes 0, and covered only if every
        day's interval held that day's truth.
    """
    behaviour = replace(behaviour, leaves=0.0)
    found: dict[str, list[_Outcome]] = {}
    for number in range(trials.campaigns):
        for name, outcome in _campaign(behaviour, trials, [seed, number]).items():
            found.setdefault(name, []).append(outcome)
    return {name: _reading(np.array(outcomes, dtype=float)) for name, outcomes in found.items()}


def _campaign(behaviour: Behaviour, trials: Trials, seed: list[int]) -> dict[str, _Outcome]:
    random = np.random.default_rng(seed)
    population = draw_population(trials.people, behaviour, int(random.integers(2**31)))
    treated = random.random(trials.people) >= trials.holdout
    sends = np.zeros((trials.days, trials.people))
    quiet = population.orders_expected(trials.first, sends)
    sends[0] = 1
    moved = population.orders_expected(trials.first, sends)
    sends[0] = treated
    happened = live(population, trials.first, sends, random)
    before = random.poisson(
        population.visits_per_day * trials.days_before * population.behaviour.orders_per_visit
    )
    spent = happened.spent.sum(axis=0)
    sums = [moments_of(spent[arm], x=before[arm]) for arm in (~treated, treated)]
    gain = float(np.mean((moved[-1] - quiet[-1]) * population.order_value))
    adjusted = adjusted_arms(sums)
    lifts = (np.exp(-quiet) - np.exp(-moved)).mean(axis=1)
    converted = np.maximum.accumulate(happened.orders > 0, axis=0)
    return {
        "conversion": _judged(_conversion(converted[-1], treated, Inference()), lifts[-1]),
        "revenue": _judged(compare(mean_arm(sums[0]), mean_arm(sums[1])), gain),
        "revenue_cuped": _judged(compare(adjusted[0], adjusted[1]), gain),
        "conversion_daily": _daily(converted, treated, lifts),
    }


def _daily(converted: Array, treated: Array, lifts: Array) -> _Outcome:
    how = Inference(looks="any_time", expected_people=len(treated))
    looks = [
        _judged(_conversion(each, treated, how), lift) for each, lift in zip(converted, lifts, strict=True)
    ]
    called = next((direction for _, direction, _, _ in looks if direction), 0)
    return all(covered for covered, _, _, _ in looks), called, looks[-1][2], looks[-1][3]


def _conversion(converted: Array, treated: Array, how: Inference) -> Effect:
    arms = [proportion_arm(int(converted[arm].sum()), int(arm.sum())) for arm in (~treated, treated)]
    return compare(arms[0], arms[1], how)


def _judged(effect: Effect, truth: float) -> _Outcome:
    """Whether the truth was held, the direction called, the true one, and the error in standard errors."""
    sign = int(np.sign(truth))
    if effect.difference is None:
        return True, 0, sign, 0.0
    covered = effect.difference.low <= truth <= effect.difference.high
    error = (effect.difference.value - truth) / effect.standard_error if effect.standard_error else 0.0
    return covered, effect.direction, sign, error


def _reading(outcomes: Array) -> Reading:
    covered, called, true, error = outcomes.T
    return Reading(
        covered=float(covered.mean()),
        called=float((called != 0).mean()),
        upward=float((called > 0).mean()),
        wrong=float(((called != 0) & (called != true)).mean()),
        bias=float(error.mean()),
    )
