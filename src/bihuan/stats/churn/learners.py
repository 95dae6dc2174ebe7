"""The two kinds of model: a straight one whose reasons are exact, and boosted trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bihuan.kernel.arrays import Array
from bihuan.stats.churn.people import Feature

Kind = Literal["linear", "trees"]
_RARE = 10
_MOST_CODES = 60
_LARGEST_Z = 5.0
_SKEWED = 2.0
_REFERENCES = 4


class Scorer(Protocol):
    """Gives people log-odds of leaving, and says what each feature adds to them."""

    @property
    def kind(self) -> Kind: ...

    def score(self, features: Array) -> Array:
        """Log-odds before calibration, one a person."""
        ...

    def effects(self, features: Array) -> Array:
        """People × features: what each feature's value adds to the log-odds against people in general."""
        ...


@dataclass(frozen=True)
class _Column:
    """How one feature enters the straight model: filled, bent, centred; or as one column a code."""

    feature: Feature
    fill: float
    bent: bool
    centre: float
    spread: float
    codes: Array
    flagged: bool

    def matrix(self, values: Array) -> Array:
        missing = np.isnan(values)
        if self.feature.kind == "category":
            return np.column_stack([*(values[:, None] == self.codes).T, missing]).astype(float)
        filled = np.where(missing, self.fill, values)
        scaled = np.clip((_bent(filled, self.bent) - self.centre) / self.spread, -_LARGEST_Z, _LARGEST_Z)
        return np.column_stack([scaled, missing]) if self.flagged else scaled[:, None]


@dataclass(frozen=True)
class _Entry:
    """How one feature enters the trees: as it is, as positions among known codes, or not at all."""

    codes: Array | None
    empty: bool


@dataclass(frozen=True)
class LinearScorer:
    """Logistic regression. Missing numbers become the median and a column of their own says so; numbers above
    0 with a long tail are taken as logarithms; all are centred, scaled and held within 5 standard deviations;
    rare
    codes of categories count as one."""

    columns: tuple[_Column, ...]
    weights: Array
    constant: float
    means: Array
    widths: tuple[int, ...]
    kind: Literal["linear"] = "linear"

    def score(self, features: Array) -> Array:
        return np.asarray(self._matrix(features) @ self.weights + self.constant)

    def effects(self, features: Array) -> Array:
        """Exact: weight × (value - mean of the people it was fitted on), summed over a feature's columns."""
        parts = (self._matrix(features) - self.means) * self.weights
        starts = np.concatenate([[0], np.cumsum(self.widths)[:-1]])
        return np.add.reduceat(parts, starts, axis=1)

    def _matrix(self, features: Array) -> Array:
        return _joined(self.columns, features)


@dataclass(frozen=True)
class TreeScorer:
    """Gradient boosting over binned features (scikit-learn); missing values take a side of their own."""

    estimator: Any
    entries: tuple[_Entry, ...]
    references: tuple[tuple[Array, Array], ...]
    kind: Literal["trees"] = "trees"

    def score(self, features: Array) -> Array:
        if not len(features):
            return np.zeros(0)
        with threadpool_limits(1, user_api="openmp"):
            return np.asarray(self.estimator.decision_function(_entered(features, self.entries)))

    def effects(self, features: Array) -> Array:
        """What the log-odds lose when one value is replaced by those of people in general, in the mean.

        For feature j: f(x) - Σ w_r f(x with x_j = r) over reference values r: the middles of four equal
        parts of the people it was fitted on, or the commonest codes. Exact for what it is (an ablation of the
        feature alone); where features act together the effects do not add up to the score.
        """
        at = self.score(features)
        effects = np.empty(features.shape)
        for column, (values, weights) in enumerate(self.references):
            changed = features.copy()
            usual = np.zeros(len(features))
            for value, weight in zip(values, weights, strict=True):
                changed[:, column] = value
                usual += weight * self.score(changed)
            effects[:, column] = at - usual
        return effects


def fit_linear(
    values: Array, left: Array, features: Sequence[Feature], *, strength: float = 1.0
) -> LinearScorer:
    """Fit by maximum likelihood with a ridge penalty; ``strength`` is its inverse."""
    columns = tuple(_column(values[:, index], feature) for index, feature in enumerate(features))
    matrix = _joined(columns, values)
    estimator = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=100)
    with threadpool_limits(1):
        estimator.fit(matrix, left)
    widths = tuple(column.matrix(values[:1, 0]).shape[1] for column in columns)
    return LinearScorer(
        columns, estimator.coef_[0], float(estimator.intercept_[0]), matrix.mean(axis=0), widths
    )


def fit_trees(
    values: Array,
    left: Array,
    features: Sequence[Feature],
    *,
    leaves: int = 15,
    rounds: int = 150,
    rate: float = 0.08,
    bins: int = 255,
    seed: int = 0,
) -> TreeScorer:
    """Fit trees in one thread: several wait for each other for long on a machine that has other work."""
    entries = tuple(_entry(values[:, index], feature) for index, feature in enumerate(features))
    estimator = HistGradientBoostingClassifier(
        max_iter=rounds,
        max_leaf_nodes=leaves,
        max_bins=bins,
        learning_rate=rate,
        min_samples_leaf=20,
        l2_regularization=1.0,
        categorical_features=[each.codes is not None for each in entries],
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(1, user_api="openmp"):
        estimator.fit(_entered(values, entries), left)
    references = tuple(_references(values[:, index], feature.kind) for index, feature in enumerate(features))
    return TreeScorer(estimator, entries, references)


def _column(values: Array, feature: Feature) -> _Column:
    known = values[~np.isnan(values)]
    if feature.kind == "category":
        return _Column(feature, 0.0, False, 0.0, 1.0, _common_codes(values, _RARE, _MOST_CODES), True)
    if not len(known):
        return _Column(feature, 0.0, False, 0.0, 1.0, known, True)
    fill = float(np.median(known))
    filled = np.where(np.isnan(values), fill, values)
    bent = bool(known.min() >= 0 and _skewness(filled) > _SKEWED)
    shaped = _bent(filled, bent)
    spread = float(shaped.std())
    flagged = len(known) < len(values)
    return _Column(
        feature, fill, bent, float(shaped.mean()), spread if spread > 0 else 1.0, known[:0], flagged
    )


def _joined(columns: Sequence[_Column], values: Array) -> Array:
    return np.column_stack([column.matrix(values[:, index]) for index, column in enumerate(columns)])


def _bent(values: Array, bent: bool) -> Array:
    return np.log1p(np.maximum(values, 0.0)) if bent else values


def _skewness(values: Array) -> float:
    spread = float(values.std())
    return float(np.mean(((values - values.mean()) / spread) ** 3)) if spread > 0 else 0.0


def _common_codes(values: Array, least: int, most: int) -> Array:
    """The codes that at least ``least`` people have, the commonest ``most`` of them, in order."""
    codes, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return np.sort(codes[order[counts[order] >= least]])


def _entry(values: Array, feature: Feature) -> _Entry:
    empty = bool(np.all(np.isnan(values)))
    is_category = feature.kind == "category" and not empty
    return _Entry(_common_codes(values, 1, _MOST_CODES) if is_category else None, empty)


def _entered(values: Array, entries: Sequence[_Entry]) -> Array:
    """The matrix for the trees; codes that are not known are missing, features never seen are one value."""
    changed = values.copy()
    for index, entry in enumerate(entries):
        if entry.empty:
            changed[:, index] = 0.0
        elif entry.codes is not None:
            place = np.minimum(np.searchsorted(entry.codes, values[:, index]), len(entry.codes) - 1)
            changed[:, index] = np.where(entry.codes[place] == values[:, index], place, np.nan)
    return changed


def _references(values: Array, kind: str) -> tuple[Array, Array]:
    """Values of people in general and their weights; missing is one of them."""
    missing = float(np.mean(np.isnan(values)))
    known = values[~np.isnan(values)]
    if not len(known):
        return np.array([np.nan]), np.array([1.0])
    if kind == "category":
        codes = _common_codes(values, 1, _REFERENCES)
        counts = np.array([np.count_nonzero(known == code) for code in codes], dtype=float)
    else:
        middles = (np.arange(_REFERENCES) + 0.5) / _REFERENCES
        codes, counts = np.unique(np.quantile(known, middles, method="lower"), return_counts=True)
        counts = counts.astype(float)
    weights = counts / counts.sum() * (1 - missing)
    if missing:
        return np.append(codes, np.nan), np.append(weights, missing)
    return codes, weights
