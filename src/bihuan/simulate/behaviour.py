"""What simulated people are like on average, and how the year and the week move them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import cos, pi

import numpy as np

from bihuan.kernel.arrays import Array


@dataclass(frozen=True)
class Season:
    """How much more or less happens on a day than on average.

    Attributes:
        weekend: factor of Saturdays and Sundays; weekdays make up for it.
        yearly: how far the year swings: 0.2 is from 20 % below to 20 % above.
        peak: the day of the year (1 to 366) at the top.
    """

    weekend: float = 1.2
    yearly: float = 0.0
    peak: int = 340

    def factors(self, first: date, days: int) -> Array:
        """One factor a day, from ``first`` on; over whole years their average is 1."""
        weekday = (7 - 2 * self.weekend) / 5
        found = []
        for offset in range(days):
            day = first + timedelta(days=offset)
            of_year = 1 + self.yearly * cos(2 * pi * (day.timetuple().tm_yday - self.peak) / 365.25)
            found.append(of_year * (self.weekend if day.weekday() >= 5 else weekday))
        return np.array(found)


@dataclass(frozen=True)
class Behaviour:
    """Averages over people, who differ around them.

    Attributes:
        visits_per_day: of one person, without messages.
        visit_spread: standard deviation between people ÷ average.
        orders_per_visit: chance that a visit ends in an order.
        order_value: average of an order, in the currency.
        order_value_spread: standard deviation of the logarithm, for people and again for their orders.
        response: rise of a person's visits on the day of a first message (0.5: half as many again).
        response_days: days after which that rise has fallen to 1/e.
        fatigue: each recent message takes away this share of what the next one does.
        fatigue_days: days after which a message is forgotten to 1/e.
        opens, clicks: chance to open a message, and to click in an opened one.
        leaves: chance to unsubscribe on a message; then no more arrive.
        season: of visits.
    """

    visits_per_day: float = 0.15
    visit_spread: float = 0.8
    orders_per_visit: float = 0.1
    order_value: float = 30.0
    order_value_spread: float = 0.5
    response: float = 0.5
    response_days: float = 4.0
    fatigue: float = 0.2
    fatigue_days: float = 14.0
    opens: float = 0.35
    clicks: float = 0.2
    leaves: float = 0.002
    season: Season = field(default_factory=Season)

    def __post_init__(self) -> None:
        shares = (self.orders_per_visit, self.fatigue, self.opens, self.clicks, self.leaves)
        if not all(0 <= each <= 1 for each in shares):
            raise ValueError("chances and fatigue lie between 0 and 1")
        sizes = (self.visits_per_day, self.visit_spread, self.order_value, self.order_value_spread)
        if min(sizes) < 0 or min(self.response_days, self.fatigue_days) <= 0 or self.response < -1:
            raise ValueError("rates and spreads are not negative, durations above 0, response at least -1")
