"""Days in the life of a population."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.simulate.population import Population


@dataclass(frozen=True)
class Days:
    """What happened, one row a day, one column a person.

    Attributes:
        visits, orders: counts.
        spent: in the currency.
        received: messages that arrived: those planned, except to people who had left.
        left: one entry a person: the day on which they unsubscribed, or -1.
    """

    visits: Array
    orders: Array
    spent: Array
    received: Array
    left: Array


def live(population: Population, first: date, sends: Array, random: np.random.Generator) -> Days:
    """Draw the days of ``sends`` (1 where a message is sent to a person); visits are Poisson."""
    behaviour = population.behaviour
    received = np.array(sends, dtype=np.int64)
    left = np.full(population.size, -1)
    if behaviour.leaves:
        leaving = (random.random(received.shape) < behaviour.leaves) & (received > 0)
        left = np.where(leaving.any(axis=0), leaving.argmax(axis=0), -1)
        received[(np.arange(len(received))[:, None] > left) & (left >= 0)] = 0
    visits, orders, spent = visit_and_buy(population, population.visits_expected(first, received), random)
    return Days(visits, orders, spent, received, left)


def visit_and_buy(
    population: Population, expected: Array, random: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Visits, orders and money where so many visits are ``expected`` (days × people)."""
    visits = random.poisson(expected)
    orders = random.binomial(visits, population.behaviour.orders_per_visit)
    buyers = np.repeat(np.arange(orders.size), orders.ravel())
    sigma = population.behaviour.order_value_spread
    chance = random.lognormal(-(sigma**2) / 2, sigma, len(buyers))
    worth = population.order_value[buyers % population.size] * chance
    spent = np.bincount(buyers, worth, minlength=orders.size)
    return visits, orders, spent.reshape(orders.shape)
