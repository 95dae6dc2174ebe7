"""The inactivity threshold: curves worked by hand, simulated people, laws, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, StatsInputInvalid
from bihuan.stats.returns import falling_fit, inactivity_threshold, knee_of, return_curve


def absences(people: int, leave: float, mean_days: float, days: int, seed: int) -> tuple[Array, Array]:
    """People away for geometric times, who after each activity leave for good with a chance."""
    rng = np.random.default_rng(seed)
    ended, open_ = np.zeros(days + 1), np.zeros(days + 1)
    for begins in rng.integers(0, days, people):
        day, gone = int(begins), rng.random() < leave
        while True:
            gap = int(rng.geometric(1 / mean_days))
            if gone or day + gap > days:
                open_[days - day] += 1
                break
            ended[gap] += 1
            day, gone = day + gap, rng.random() < leave
    return ended, open_


def test_the_curve_by_hand() -> None:
    # 400 absences: 200 end after 1 day, 100 after 2, 20 after 10; 80 are still open after 40 days.
    ended, open_ = np.zeros(41), np.zeros(41)
    ended[[1, 2, 10]] = 200, 100, 20
    open_[40] = 80
    curve = return_curve(ended, open_, within_days=5)
    assert curve.away[[0, 1, 2, 9, 10]] == pytest.approx([1, 0.5, 0.25, 0.25, 0.2])
    # Back within 5 days: 300 of 400; of 200 away a day 100; after 5 days 20 of 100; after 10 nobody.
    assert curve.chance[[0, 1, 2, 5, 9, 10]] == pytest.approx([0.75, 0.5, 0, 0.2, 0.2, 0])
    assert list(curve.absences[[0, 1, 2, 3, 11]]) == [400, 400, 200, 100, 80]
    found = inactivity_threshold(ended, open_, chance=0.15, within_days=5)
    assert (found.days, found.share_wrong) == (10, 0)
    assert inactivity_threshold(ended, open_, chance=0.3, within_days=5).days == 2


def test_open_absences_count_as_long_as_they_were_seen() -> None:
    # 300 end after 4 days, 300 were still open after 2: Kaplan and Meier know nothing of those at day 4.
    ended, open_ = np.zeros(60), np.zeros(60)
    ended[4], open_[2], open_[59] = 300, 300, 100
    curve = return_curve(ended, open_, within_days=10)
    assert curve.away[3] == 1
    assert curve.away[4] == pytest.approx(0.25)
    assert curve.chance[0] == pytest.approx(0.75)


def test_the_threshold_of_simulated_people_is_where_their_chance_falls() -> None:
    leave, mean_days = 0.05, 6.0
    ended, open_ = absences(4000, leave, mean_days, 365, seed=1)
    found = inactivity_threshold(ended, open_, chance=0.1, within_days=30)
    # Bayes: somebody away for d days is still there with odds (1 - 1/6)^d × 0.95 : 0.05.
    day = np.arange(100)
    stays = (1 - leave) * (1 - 1 / mean_days) ** day
    truth = stays / (stays + leave) * (1 - (1 - 1 / mean_days) ** 30)
    expected = int(np.flatnonzero(truth < 0.1)[0])
    assert found.days == pytest.approx(expected, abs=2)
    assert found.curve.chance[:40] == pytest.approx(truth[:40], abs=0.04)
    inside = (found.curve.low[:40] <= truth[:40]) & (truth[:40] <= found.curve.high[:40])
    assert inside.mean() > 0.85
    assert found.knee is not None
    assert 15 < found.knee < 45


def test_a_chance_that_never_falls_gives_no_threshold() -> None:
    ended, open_ = absences(500, 0.0, 8.0, 300, seed=2)
    found = inactivity_threshold(ended, open_, chance=0.2, within_days=30)
    assert (found.days, found.share_wrong) == (None, None)
    assert np.all(found.curve.chance > 0.9)


def test_too_little_is_refused() -> None:
    with pytest.raises(DataInsufficient) as refused:
        return_curve(np.array([0, 30, 20]), np.array([5]))
    assert (refused.value.params["have"], refused.value.params["need"]) == (50, 100)
    with pytest.raises(DataInsufficient) as refused:
        return_curve(np.array([0, 900, 200]), np.array([5]), within_days=30)
    assert refused.value.params["need"] == 31


@pytest.mark.parametrize(
    ("ended", "chance"), [([5, 200], 0.2), ([0, -1], 0.2), ([0, np.nan], 0.2), ([0, 200], 0.0)]
)
def test_contradictions_are_refused(ended: list[float], chance: float) -> None:
    with pytest.raises(StatsInputInvalid):
        inactivity_threshold(np.array(ended), np.zeros(2), chance=chance)


def test_knees() -> None:
    x = np.arange(101)
    broken = np.where(x < 20, 1 - 0.045 * x, 0.1 - 0.001 * (x - 20))
    assert knee_of(x, broken) == 20
    assert knee_of(x, 1 - x / 100) is None
    assert knee_of(x, np.ones(101)) is None
    assert knee_of(x, x / 100) is None
    # Scaling neither axis moves it.
    assert knee_of(x * 3, broken * 7 + 2) == 60


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40))
def test_laws_of_the_falling_fit(values: list[float]) -> None:
    found = falling_fit(np.array(values))
    assert len(found) == len(values)
    assert np.all(np.diff(found) <= 1e-9)
    assert found.sum() == pytest.approx(sum(values), abs=1e-6)
    assert falling_fit(found) == pytest.approx(found)
    falling = np.sort(values)[::-1]
    assert falling_fit(falling) == pytest.approx(falling)
