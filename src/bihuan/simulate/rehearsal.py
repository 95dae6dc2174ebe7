"""A plan played through on simulated people before anything is spent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from statistics import NormalDist

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.simulate.behaviour import Behaviour
from bihuan.simulate.population import Population, draw_population

# Enough people for the average of a population; the plan's own number enters the draws.
_SAMPLE = 4_000
# Sizes of response for which lifts are computed; a lift of a plan lies between those of the ends.
_RESPONSES = np.concatenate([-np.geomspace(5, 0.001, 30), [0.0], np.geomspace(0.001, 60, 60)])
_SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Guess:
    """What is expected, and its standard error: how far the truth may be from it."""

    value: float
    error: float = 0.0


@dataclass(frozen=True)
class RehearsalPlan:
    """A campaign as planned.

    Attributes:
        people: in the audience after preflight, the holdout among them.
        conversion: share of them that would convert in ``days`` without any message, on average of the year.
        reach: share of those sent to that gets the messages.
        effect: relative lift of a reached person's conversion by one first message (0.1: 10 % more).
        value: worth of one conversion, in the currency.
        messages, days_between: how many, and how far apart; each does less than the one before (fatigue).
        first, days: the day of the first message, and how long outcomes are counted.
        holdout: share not sent to.
        fixed_cost, cost_per_message: in the currency.
        target: incremental conversions wanted.
        confidence: of the verdict at the end.
        behaviour: fatigue, fading and season; rates and response are fitted to this plan.
    """

    people: int
    conversion: float
    reach: Guess
    effect: Guess
    value: Guess
    messages: int = 1
    days_between: int = 3
    first: date = date(2025, 1, 1)
    days: int = 14
    holdout: float = 0.1
    fixed_cost: float = 0.0
    cost_per_message: float = 0.0
    target: float | None = None
    confidence: float = 0.95
    behaviour: Behaviour = field(default_factory=Behaviour)

    def __post_init__(self) -> None:
        if self.people < 1 or self.days < 1 or self.messages < 1 or self.days_between < 1:
            raise ValueError("people, days, messages and the days between them are at least 1")
        if not 0 < self.conversion < 1 or not 0 <= self.holdout < 1:
            raise ValueError("conversion lies between 0 and 1, and the holdout below 1")


@dataclass(frozen=True)
class Spread:
    """A figure over all runs: average, the quantiles 5, 25, 50, 75 and 95 %, and the runs themselves."""

    mean: float
    quantiles: tuple[float, ...]
    runs: Array


@dataclass(frozen=True)
class Rehearsal:
    """What may come out.

    Attributes:
        reached: people who get the messages.
        incremental: conversions that would not have been without.
        revenue: their worth.
        cost, profit: profit is that worth minus the cost.
        chance_of_target: that ``incremental`` reaches the target; None without one.
        chance_of_loss: that the profit is below 0.
        chance_found: that the holdout will show an effect (its interval above 0); None without a holdout.
        lift_of_all_messages: relative lift of a reached person after fatigue and fading, at the guess.
        season: how much the campaign's days are above (or below) an average day.
    """

    reached: Spread
    incremental: Spread
    revenue: Spread
    cost: Spread
    profit: Spread
    chance_of_target: float | None
    chance_of_loss: float
    chance_found: float | None
    lift_of_all_messages: float
    season: float


def rehearse(plan: RehearsalPlan, *, runs: int = 2_000, seed: int = 1) -> Rehearsal:
    """Draw ``runs`` outcomes: the guesses within their errors, and people's own chance.

    A run draws reach, effect and value, then who converts among reached, not reached and held-out people.
    The lift of several messages, and what the season makes of it, come from simulated people. The same seed
    gives the same answer.
    """
    random = np.random.default_rng([seed, 2])
    population = _fitted(plan, seed)
    one, several, base = _lifts(plan, population)
    treated = plan.people - round(plan.people * plan.holdout)
    reach = np.clip(random.normal(plan.reach.value, plan.reach.error, runs), 0, 1)
    effect = np.clip(random.normal(plan.effect.value, plan.effect.error, runs), one[0], one[-1])
    value = np.maximum(0.0, random.normal(plan.value.value, plan.value.error, runs))
    lifted = np.clip(base * (1 + np.interp(effect, one, several)), 0, 1)
    reached = random.binomial(treated, reach)
    hits = random.binomial(reached, lifted) + random.binomial(treated - reached, base)
    held = random.binomial(plan.people - treated, base, runs)
    gained = reached * (lifted - base)
    revenue = gained * value
    cost = plan.fixed_cost + plan.cost_per_message * plan.messages * reached
    return Rehearsal(
        reached=_spread(reached),
        incremental=_spread(gained),
        revenue=_spread(revenue),
        cost=_spread(cost),
        profit=_spread(revenue - cost),
        chance_of_target=None if plan.target is None else float(np.mean(gained >= plan.target)),
        chance_of_loss=float(np.mean(revenue < cost)),
        chance_found=_found(hits, held, treated, plan),
        lift_of_all_messages=float(np.interp(plan.effect.value, one, several)),
        season=float(plan.behaviour.season.factors(plan.first, plan.days).mean()) - 1,
    )


def _fitted(plan: RehearsalPlan, seed: int) -> Population:
    """People whose rate of visits gives the plan's conversion on days of average season."""
    drawn = draw_population(min(_SAMPLE, max(plan.people, 1_000)), plan.behaviour, seed)
    often = drawn.visits_per_day / drawn.visits_per_day.mean()
    per_visit = max(plan.behaviour.orders_per_visit, 1e-9) * plan.days
    low, high = 0.0, 1e4 / per_visit
    for _ in range(80):
        middle = (low + high) / 2
        share = float(np.mean(-np.expm1(-often * middle * per_visit)))
        low, high = (middle, high) if share < plan.conversion else (low, middle)
    keen = drawn.response / drawn.response.mean() if drawn.response.any() else np.ones(drawn.size)
    return Population(plan.behaviour, often * high, keen, drawn.order_value, seed)


def _lifts(plan: RehearsalPlan, population: Population) -> tuple[Array, Array, float]:
    """Relative lifts by one message and by all, on a grid of responses; and conversion without any."""
    none = np.zeros((plan.days, population.size))
    single, all_messages = none.copy(), none.copy()
    single[0] = 1
    all_messages[: plan.messages * plan.days_between : plan.days_between] = 1
    per_visit = plan.behaviour.orders_per_visit
    quiet = population.visits_expected(plan.first, none).sum(axis=0)
    base = float(np.mean(-np.expm1(-quiet * per_visit)))
    lifts = []
    for sends in (single, all_messages):
        added = population.visits_expected(plan.first, sends).sum(axis=0) - quiet
        shares = [-np.expm1(-np.maximum(0, quiet + size * added) * per_visit) for size in _RESPONSES]
        lifts.append(np.array([float(share.mean()) for share in shares]) / base - 1)
    return lifts[0], lifts[1], base


def _found(hits: Array, held: Array, treated: int, plan: RehearsalPlan) -> float | None:
    """How often the difference of shares is certainly above 0 (pooled z test)."""
    control = plan.people - treated
    if control == 0 or treated == 0:
        return None
    pooled = (hits + held) / plan.people
    error = np.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / control))
    reach = NormalDist().inv_cdf((1 + plan.confidence) / 2)
    return float(np.mean(hits / treated - held / control > reach * error))


def _spread(runs: Array) -> Spread:
    quantiles = tuple(float(each) for each in np.quantile(runs, _SHOWN))
    return Spread(float(np.mean(runs)), quantiles, runs)
