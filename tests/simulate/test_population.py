"""The population behaves as its parameters say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bihuan.simulate import Behaviour, Season, draw_population, live

FIRST = date(2025, 3, 3)
PLAIN = Season(weekend=1.0)


def test_a_seed_draws_the_same_people_and_another_different_ones() -> None:
    first, same, other = (draw_population(50, Behaviour(), seed) for seed in (1, 1, 2))
    assert (first.visits_per_day == same.visits_per_day).all()
    assert not (first.visits_per_day == other.visits_per_day).any()


def test_averages_are_those_asked_for() -> None:
    behaviour = Behaviour(visits_per_day=0.4, orders_per_visit=0.25, order_value=40, season=PLAIN)
    population = draw_population(20_000, behaviour, 3)
    days = live(population, FIRST, np.zeros((10, 20_000)), np.random.default_rng(3))
    assert days.visits.mean() == pytest.approx(0.4, rel=0.02)
    assert days.orders.sum() / days.visits.sum() == pytest.approx(0.25, rel=0.02)
    assert days.spent.sum() / days.orders.sum() == pytest.approx(40, rel=0.03)
    assert population.visits_per_day.std() / 0.4 == pytest.approx(0.8, rel=0.05)
    assert ((days.spent > 0) == (days.orders > 0)).all()


def test_weekends_and_the_year_move_visits_but_not_their_average() -> None:
    season = Season(weekend=1.5, yearly=0.3, peak=355)
    year = season.factors(date(2025, 1, 1), 364)
    assert year.mean() == pytest.approx(1, abs=0.005)
    assert season.factors(date(2025, 12, 20), 2).mean() == pytest.approx(1.5 * 1.3, rel=0.01)
    assert season.factors(date(2025, 6, 21), 2).mean() == pytest.approx(1.5 * 0.7, rel=0.01)


def test_a_message_raises_visits_fades_and_tires() -> None:
    behaviour = Behaviour(response=1.0, response_days=3, fatigue=0.5, fatigue_days=1e9, season=PLAIN)
    population = draw_population(10, behaviour, 4)
    sends = np.zeros((60, 10))
    sends[0] = sends[30] = 1
    rise = (population.visits_expected(FIRST, sends) / population.visits_per_day - 1) / population.response
    assert rise[0] == pytest.approx(1.0)
    assert rise[3] == pytest.approx(np.exp(-1))
    assert rise[30] == pytest.approx(0.5, abs=1e-3)


def test_people_who_left_get_nothing_more() -> None:
    population = draw_population(500, Behaviour(leaves=0.5), 5)
    days = live(population, FIRST, np.ones((6, 500)), np.random.default_rng(5))
    gone = days.left >= 0
    assert gone.mean() > 0.9
    assert (days.received[:, gone].sum(axis=0) == days.left[gone] + 1).all()
    assert (days.received[:, ~gone] == 1).all()


@pytest.mark.parametrize("wrong", [{"fatigue": 1.5}, {"visits_per_day": -1}, {"response_days": 0}])
def test_behaviour_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"lie between|not negative"):
        Behaviour(**wrong)  # type: ignore[arg-type]
