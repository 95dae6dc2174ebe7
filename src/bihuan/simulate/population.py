"""Simulated people: what each is like, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.simulate.behaviour import Behaviour


@dataclass(frozen=True)
class Population:
    """People as arrays, one entry each.

    Attributes:
        behaviour: the averages they were drawn from.
        visits_per_day: each person's own, without messages or season.
        response: each person's own rise on a first message.
        order_value: the average of each person's orders.
        seed: what they were drawn with.
    """

    behaviour: Behaviour
    visits_per_day: Array
    response: Array
    order_value: Array
    seed: int

    @property
    def size(self) -> int:
        """How many people there are."""
        return len(self.visits_per_day)

    def name(self, index: int) -> str:
        """The id a person is known by; the same for the same seed."""
        return f"sim-{self.seed}-{index}"

    def visits_expected(self, first: date, sends: Array) -> Array:
        """Visits to be expected, one row a day of ``sends`` (1 where a message arrives), one column a person.

        A message raises visits by the person's response on its day and fades; a message soon after others
        does less (fatigue).
        """
        behaviour = self.behaviour
        fading, forgetting = np.exp(-1 / behaviour.response_days), np.exp(-1 / behaviour.fatigue_days)
        heard, recent = np.zeros(self.size), np.zeros(self.size)
        factors = behaviour.season.factors(first, len(sends))
        found = np.empty((len(sends), self.size))
        for day, sent in enumerate(sends):
            heard = heard * fading + sent * (1 - behaviour.fatigue) ** recent
            recent = recent * forgetting + sent
            found[day] = self.visits_per_day * factors[day] * np.maximum(0.0, 1 + self.response * heard)
        return found

    def orders_expected(self, first: date, sends: Array) -> Array:
        """Orders to be expected until each day, that day among them; rows and columns as ``sends``."""
        visits = self.visits_expected(first, sends)
        orders: Array = visits.cumsum(axis=0) * self.behaviour.orders_per_visit
        return orders


def draw_population(size: int, behaviour: Behaviour, seed: int) -> Population:
    """Draw people: rates from gamma, values of orders from log-normal distributions."""
    random = np.random.default_rng([seed, 1])
    spread = behaviour.visit_spread
    often = random.gamma(1 / spread**2, spread**2, size) if spread else np.ones(size)
    sigma = behaviour.order_value_spread
    rich = random.lognormal(-(sigma**2) / 2, sigma, size)
    keen = random.uniform(0.5, 1.5, size)
    return Population(
        behaviour=behaviour,
        visits_per_day=behaviour.visits_per_day * often,
        response=behaviour.response * keen,
        order_value=behaviour.order_value * rich,
        seed=seed,
    )
