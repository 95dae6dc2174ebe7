"""The measurement measured: 500 campaigns with a known effect and 500 with none."""

from __future__ import annotations

from bihuan.simulate import Behaviour, Trials, measure

TRIALS = Trials(campaigns=500, people=1_500, holdout=0.3, days=10)
READ_ONCE = ("conversion", "revenue", "revenue_cuped")


def test_intervals_of_campaigns_with_a_known_lift_hold_it() -> None:
    found = measure(Behaviour(response=1.5), TRIALS, seed=1)
    for name in READ_ONCE:
        assert 0.93 <= found[name].covered <= 0.97, name
        assert found[name].wrong <= 0.01
        assert abs(found[name].bias) < 0.12
    assert found["conversion_daily"].covered >= 0.95
    assert found["conversion_daily"].wrong <= 0.01


def test_campaigns_without_an_effect_are_seldom_called_effective() -> None:
    found = measure(Behaviour(response=0.0), TRIALS, seed=2)
    for name in READ_ONCE:
        assert 0.93 <= found[name].covered <= 0.97, name
        # Effective: an effect above 0. The interval errs to both sides, 5 % together.
        assert found[name].upward <= 0.05
    assert found["conversion_daily"].called <= 0.05
    assert found["conversion_daily"].covered >= 0.95
