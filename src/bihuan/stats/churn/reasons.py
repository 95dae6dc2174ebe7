"""Why one person is at risk: the features that move their score most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.churn.learners import Scorer
from bihuan.stats.churn.people import Feature

_CHUNK = 20_000


@dataclass(frozen=True)
class Reason:
    """One feature's part in one person's score.

    Attributes:
        feature: its name.
        direction: whether it raises or lowers the risk.
        size: by how much, in log-odds before calibration, against people in general; above 0.
        value: the person's; None when missing.
        usual: median of people in general, or their commonest code; None when it is usually missing.
    """

    feature: str
    direction: Literal["raises", "lowers"]
    size: float
    value: float | None
    usual: float | None


@dataclass(frozen=True)
class TopEffects:
    """The strongest features of many people.

    Attributes:
        columns: people × count: positions of features, the strongest first.
        sizes: people × count: what they add to the log-odds (negative: lower the risk).
    """

    columns: Array
    sizes: Array


def usual_values(values: Array, features: Sequence[Feature]) -> tuple[float | None, ...]:
    """Median or commonest code of each feature; None where most people have no value."""
    found: list[float | None] = []
    for index, feature in enumerate(features):
        known = values[:, index][~np.isnan(values[:, index])]
        if 2 * len(known) < len(values):
            found.append(None)
        elif feature.kind == "category":
            codes, counts = np.unique(known, return_counts=True)
            found.append(float(codes[np.argmax(counts)]))
        else:
            found.append(float(np.median(known)))
    return tuple(found)


def top_effects(scorer: Scorer, features: Array, *, count: int, raising_only: bool) -> TopEffects:
    """The strongest effects of each person: no work for linear models, 4 scorings a feature for trees."""
    count = min(count, features.shape[1])
    columns = np.empty((len(features), count), dtype=np.int64)
    sizes = np.empty((len(features), count))
    for start in range(0, len(features), _CHUNK):
        some = slice(start, start + _CHUNK)
        effects = scorer.effects(features[some])
        weight = effects if raising_only else np.abs(effects)
        order = np.argsort(-weight, axis=1, kind="stable")[:, :count]
        columns[some] = order
        sizes[some] = np.take_along_axis(effects, order, axis=1)
    return TopEffects(columns, sizes)


def worded(
    effects: TopEffects,
    person: int,
    values: Array,
    features: Sequence[Feature],
    usual: Sequence[float | None],
    *,
    raising_only: bool,
) -> tuple[Reason, ...]:
    """The effects of one person (a row) as reasons, without those that do nothing."""
    reasons = []
    for column, size in zip(effects.columns[person], effects.sizes[person], strict=True):
        if size == 0 or (raising_only and size < 0):
            continue
        value = float(values[person, column])
        reasons.append(
            Reason(
                features[column].name,
                "raises" if size > 0 else "lowers",
                abs(float(size)),
                None if np.isnan(value) else value,
                usual[column],
            )
        )
    return tuple(reasons)
