"""What is known of people at a moment, and who left after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import StatsInputInvalid

Known = Literal["at_cutoff", "unknown", "after_cutoff"]


@dataclass(frozen=True)
class Feature:
    """One column.

    Attributes:
        name: as the caller calls it.
        kind: ``number``, or ``category`` whose values are codes 0, 1, …; NaN is missing in both.
        known: ``at_cutoff`` when it is computed from what happened before the cut-off only; ``unknown`` for
            columns of a table of people, which may have been filled in later.
    """

    name: str
    kind: Literal["number", "category"] = "number"
    known: Known = "unknown"


@dataclass(frozen=True)
class Window:
    """People at a cut-off and who left in the time after it.

    Attributes:
        cutoff, ends: the horizon, on any clock that all windows share (days, seconds).
        features: people × features, as of the cut-off.
        left: for each person whether they left between ``cutoff`` and ``ends``.
        on_record: the same columns as they were on record at the cut-off, for those columns of which a record
            was kept (NaN columns: none was). Where they differ, ``features`` knows what came later.
    """

    cutoff: float
    ends: float
    features: Array
    left: Array
    on_record: Array | None = None

    @property
    def people(self) -> int:
        return len(self.left)


def gathered(windows: Sequence[Window], most: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Features and fates of people of all windows in random order, at most ``most`` of them."""
    ends = np.cumsum([window.people for window in windows], dtype=np.int64)
    rows = rng.permutation(int(ends[-1]))[:most]
    place = np.searchsorted(ends, rows, side="right")
    values = np.empty((len(rows), windows[0].features.shape[1]))
    left = np.empty(len(rows), dtype=bool)
    for index, window in enumerate(windows):
        inside = place == index
        within = rows[inside] - (ends[index] - window.people)
        values[inside], left[inside] = window.features[within], window.left[within]
    return values, left


def checked(window: Window, features: Sequence[Feature]) -> Window:
    """The window with arrays of numbers; refused when shapes or values contradict each other."""
    values = np.asarray(window.features, dtype=float)
    left = np.asarray(window.left, dtype=float)
    if values.ndim != 2 or values.shape != (len(left), len(features)):
        raise _invalid(
            f"expected a matrix of {len(left)} people × {len(features)} features",
            f"应为 {len(left)} 人 × {len(features)} 个特征的矩阵",
        )
    if not np.all((left == 0) | (left == 1)):
        raise _invalid("whether people left is not 0 or 1", "是否流失的取值不是 0 或 1")
    if np.any(np.isinf(values)):
        raise _invalid("a value is infinite", "存在无穷大的取值")
    if not window.cutoff < window.ends:
        raise _invalid("a window ends before it begins", "窗口的结束早于开始")
    if len({feature.name for feature in features}) != len(features):
        raise _invalid("two features have the same name", "存在同名特征")
    for column, feature in enumerate(features):
        codes = values[:, column]
        if feature.kind == "category" and np.any((codes < 0) | (codes != np.floor(codes)) & ~np.isnan(codes)):
            raise _invalid(f"{feature.name} has values that are no codes", f"{feature.name} 的取值不是编码")
    return replace(window, features=values, left=left.astype(bool))


def _invalid(en: str, zh: str) -> StatsInputInvalid:
    return StatsInputInvalid(reason_en=en, reason_zh=zh)
