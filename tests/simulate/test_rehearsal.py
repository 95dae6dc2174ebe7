"""Rehearsals against what can be worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from bihuan.simulate import Behaviour, Guess, RehearsalPlan, Season, rehearse
from bihuan.stats.experiments import Baseline, Plan, power_of

PLAIN = Behaviour(season=Season(weekend=1.0))


def plan(**changes: Any) -> RehearsalPlan:
    standard: dict[str, Any] = {
        "people": 20_000, "conversion": 0.10, "reach": Guess(0.9), "effect": Guess(0.10),
        "value": Guess(30.0), "behaviour": PLAIN, "holdout": 0.2,
    }  # fmt: skip
    return RehearsalPlan(**{**standard, **changes})


def test_a_plan_without_doubt_is_reach_times_effect_times_value() -> None:
    found = rehearse(plan(fixed_cost=500.0, cost_per_message=0.1))
    reached = 16_000 * 0.9
    assert found.reached.mean == pytest.approx(reached, rel=0.002)
    assert found.incremental.mean == pytest.approx(reached * 0.10 * 0.10, rel=0.01)
    assert found.revenue.mean == pytest.approx(reached * 0.10 * 0.10 * 30, rel=0.01)
    assert found.cost.mean == pytest.approx(500 + 0.1 * reached, rel=0.002)
    assert found.profit.mean == pytest.approx(found.revenue.mean - found.cost.mean)
    assert found.lift_of_all_messages == pytest.approx(0.10, rel=0.01)


def test_the_chance_to_show_it_is_the_power() -> None:
    found = rehearse(plan(reach=Guess(1.0), people=10_000), runs=4_000)
    expected = power_of(Baseline(0.10, 0.09, is_share=True), 0.01, 10_000, Plan(holdout=0.2))
    assert found.chance_found == pytest.approx(expected, abs=0.03)
    assert rehearse(plan(holdout=0.0)).chance_found is None


def test_more_messages_bring_more_but_each_less() -> None:
    lifts = [rehearse(plan(messages=n)).lift_of_all_messages for n in (1, 2, 3)]
    assert lifts[0] < lifts[1] < lifts[2]
    assert lifts[2] - lifts[1] < lifts[1] - lifts[0] < lifts[0]
    worn_out = rehearse(plan(messages=3, behaviour=Behaviour(fatigue=1.0, season=Season(weekend=1.0))))
    assert worn_out.lift_of_all_messages == pytest.approx(lifts[0], rel=0.25)


def test_a_high_season_brings_more() -> None:
    season = Season(weekend=1.0, yearly=0.4, peak=350)
    high, low = (
        rehearse(plan(behaviour=Behaviour(season=season), first=first))
        for first in (date(2025, 12, 10), date(2025, 6, 10))
    )
    assert (high.season, low.season) == pytest.approx((0.4, -0.4), abs=0.01)
    assert high.incremental.mean > 1.8 * low.incremental.mean


def test_doubt_widens_what_may_come_out() -> None:
    sure, unsure = rehearse(plan(target=144.0)), rehearse(plan(target=144.0, effect=Guess(0.10, 0.05)))
    assert np.ptp(unsure.incremental.quantiles) > 5 * np.ptp(sure.incremental.quantiles)
    assert unsure.incremental.quantiles == tuple(sorted(unsure.incremental.quantiles))
    assert unsure.chance_of_target == pytest.approx(0.5, abs=0.05)
    assert unsure.chance_of_loss == pytest.approx(0.023, abs=0.01)
    harmful = rehearse(plan(effect=Guess(-0.10)))
    assert harmful.incremental.mean == pytest.approx(-144, rel=0.02)


def test_the_same_seed_gives_the_same_answer() -> None:
    first, same, other = (rehearse(plan(effect=Guess(0.1, 0.02)), seed=seed) for seed in (1, 1, 2))
    assert (first.profit.runs == same.profit.runs).all()
    assert first.profit.mean != other.profit.mean
    with pytest.raises(ValueError, match="conversion"):
        plan(conversion=1.0)
