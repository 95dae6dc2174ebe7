"""Leaks are refused, published and planted; strong honest features are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bihuan.stats.churn import Feature, LeakReport, Window, find_leaks, train_on_table, train_on_windows
from bihuan.stats.churn.leaks import distance, single_auc
from bihuan.stats.churn.people import checked
from bihuan.stats.errors import LeakFound
from tests.stats.churn.tables import CUTOFFS, FEATURES, Table, bank, log, with_column

LOG = log()
UNKNOWN = tuple(replace(feature, known="unknown") for feature in FEATURES)


def examined(table: Table) -> LeakReport:
    return find_leaks([checked(Window(0, 1, table.values, table.left), table.features)], table.features)


def rules(refused: pytest.ExceptionInfo[LeakFound]) -> dict[str, str]:
    return {leak.feature: leak.rule for leak in refused.value.params["findings"]}


def test_the_length_of_the_call_is_refused_without_knowing_its_name() -> None:
    table = bank()
    renamed = tuple(replace(feature, name=f"column {index}") for index, feature in enumerate(table.features))
    duration = [feature.name for feature in table.features].index("duration")
    with pytest.raises(LeakFound) as refused:
        train_on_table(table.values, table.left, renamed)
    assert rules(refused) == {f"column {duration}": "alone"}
    assert f"column {duration}" in refused.value.message("zh")


def test_a_leak_in_two_columns_is_seen_in_both() -> None:
    table = bank()
    duration = [feature.name for feature in table.features].index("duration")
    minutes = np.floor(table.values[:, duration] / 60 * 10)
    twice = Table((*table.features, Feature("minutes")), np.column_stack([table.values, minutes]), table.left)
    assert {leak.feature for leak in examined(twice).leaks} == {"duration", "minutes"}


def test_recency_is_not_refused_even_when_nothing_is_declared() -> None:
    report = find_leaks(LOG.windows(), UNKNOWN)
    assert report.leaks == ()
    assert report.strengths[0].auc > 0.8


def test_activity_of_the_horizon_among_the_features_is_refused() -> None:
    planted = [
        with_column(window, LOG.active_after(cutoff))
        for window, cutoff in zip(LOG.windows(), CUTOFFS, strict=True)
    ]
    with pytest.raises(LeakFound) as refused:
        train_on_windows(planted, (*FEATURES, Feature("sessions", known="at_cutoff")))
    assert rules(refused) == {"sessions": "separates"}


def test_a_noisy_sign_of_the_horizon_is_refused_when_its_origin_is_unknown() -> None:
    rng = np.random.default_rng(1)
    planted = [
        with_column(window, LOG.active_after(cutoff) + rng.normal(0, 0.8, window.people))
        for window, cutoff in zip(LOG.windows(), CUTOFFS, strict=True)
    ]
    with pytest.raises(LeakFound) as refused:
        train_on_windows(planted, (*FEATURES, Feature("calls to the hotline")))
    assert set(rules(refused)) == {"calls to the hotline"}


def test_values_that_are_not_those_on_record_at_the_cutoff_are_refused() -> None:
    windows = []
    for window, cutoff in zip(LOG.windows(), CUTOFFS, strict=True):
        total = window.features[:, 3]
        grown = with_column(window, total + LOG.active_after(cutoff))
        unknown = np.full_like(window.features, np.nan)
        windows.append(replace(grown, on_record=np.column_stack([unknown, total])))
    features = (*FEATURES, Feature("orders", known="at_cutoff"))
    with pytest.raises(LeakFound) as refused:
        train_on_windows(windows, features)
    assert rules(refused) == {"orders": "changed"}
    honest = [
        replace(window, features=np.column_stack([window.features[:, :-1], window.on_record[:, -1]]))
        for window in windows
        if window.on_record is not None
    ]
    assert find_leaks(honest, features).leaks == ()


def test_a_column_that_is_filled_in_after_people_left_is_refused() -> None:
    rng = np.random.default_rng(2)
    planted = []
    for window in LOG.windows():
        told = np.asarray(window.left, dtype=bool) & (rng.random(window.people) < 0.6)
        planted.append(with_column(window, np.where(told | (rng.random(window.people) < 0.3), 1.0, np.nan)))
    today = np.column_stack([LOG.window(209).features, np.full(LOG.window(209).people, np.nan)])
    features = (*FEATURES, Feature("reason", "category", known="at_cutoff"))
    assert find_leaks(planted, features).leaks == ()
    found = find_leaks(planted, features, today=today).leaks
    assert [(leak.feature, leak.rule) for leak in found] == [("reason", "shifted")]


def test_a_feature_that_moves_from_window_to_window_may_go_on_moving() -> None:
    features = (*FEATURES, Feature("spent since the start", known="at_cutoff"))

    def grown(window: Window, by: float) -> Window:
        return with_column(window, window.features[:, 2] + by)

    today = grown(LOG.window(209), 16.0).features
    moving = [grown(window, 4.0 * index) for index, window in enumerate(LOG.windows())]
    assert find_leaks(moving, features, today=today).leaks == ()
    still = [grown(window, 0.0) for window in LOG.windows()]
    assert [leak.rule for leak in find_leaks(still, features, today=today).leaks] == ["shifted"]


def test_what_is_declared_as_known_later_is_refused() -> None:
    features = (*FEATURES[:-1], replace(FEATURES[-1], known="after_cutoff"))
    with pytest.raises(LeakFound) as refused:
        train_on_windows(LOG.windows(), features)
    assert rules(refused) == {"noise": "declared"}


def test_one_feature_of_any_shape_is_ranked() -> None:
    rng = np.random.default_rng(3)
    value = rng.normal(size=4000)
    left = rng.random(4000) < np.where(np.abs(value) > 1, 0.8, 0.1)
    assert single_auc(value, left, False) > 0.8
    assert single_auc(rng.normal(size=4000), left, False) == pytest.approx(0.5, abs=0.04)
    assert single_auc(np.where(left, np.nan, value), left, False) > 0.99
    assert single_auc(np.round(np.abs(value)), left, True) > 0.75
    assert single_auc(value, np.zeros(4000, dtype=bool), False) == 0.5


def test_distance_counts_missing_values() -> None:
    value = np.arange(100.0)
    assert distance(value, value) == 0
    assert distance(value, value + 50) == pytest.approx(0.5)
    assert distance(value, np.where(value < 40, np.nan, value)) == pytest.approx(0.4)
    assert distance(value, np.full(10, np.nan)) == 1.0
