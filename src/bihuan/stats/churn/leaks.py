"""Features that know the future: found before a model is trained on them.

Five rules, each with a figure that is reported:

* ``declared``: the caller says the feature is known only after the cut-off.
* ``changed``: at least 1 % of people have another value than the one on record at the cut-off.
* ``separates``: the feature alone tells leavers from stayers nearly perfectly (AUC ≥ 0.95; ≥ 0.99 for
  features that are declared to be known at the cut-off).
* ``alone``: of a feature whose origin is unknown, at least a fifth of all that the features together know
  (and an AUC of at least 0.05) is lost without it. What people did before is written in many features at
  once: recency, frequency and spending tell of each other, and without one the others fill in. What happened
  afterwards is in nothing else.
* ``shifted``: people of today, whose future has not happened yet, have quite other values than people of past
  windows (distance ≥ 0.3 and three times what it was between windows), and the feature is strong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy import stats

from bihuan.kernel.arrays import Array
from bihuan.kernel.errors import Language
from bihuan.stats.churn.learners import fit_trees
from bihuan.stats.churn.people import Feature, Window, gathered
from bihuan.stats.churn.scores import auc
from bihuan.stats.errors import LeakFound

CHANGED_SHARE = 0.01
SEPARATES_AUC = 0.95
SEPARATES_DECLARED_AUC = 0.99
ALONE_SHARE = 0.2
ALONE_DROP = 0.05
SHIFT = 0.3
SHIFT_TIMES = 3.0
STRONG_AUC = 0.6
_SAMPLE = 6_000
_SUSPECTS = 5
_TWINS = 0.95
_BINS = 20

Rule = Literal["declared", "changed", "separates", "alone", "shifted"]
_WORDS: dict[Rule, dict[Language, str]] = {
    "declared": {"en": "declared as known later", "zh": "声明为事后可知"},
    "changed": {
        "en": "{figure:.0%} of people have another value than at the cut-off",
        "zh": "{figure:.0%} 的人取值与时点记录不同",
    },
    "separates": {
        "en": "alone it tells nearly everybody apart, AUC {figure:.3f}",
        "zh": "单独即可几乎完全区分，AUC {figure:.3f}",
    },
    "alone": {
        "en": "{figure:.0%} of all that is known is in it alone",
        "zh": "全部信息中有 {figure:.0%} 只存在于该特征",
    },
    "shifted": {
        "en": "people of today have quite other values, distance {figure:.2f}",
        "zh": "当前人群的取值与历史窗口差异过大，距离 {figure:.2f}",
    },
}


@dataclass(frozen=True)
class Leak:
    """A feature, the rule that caught it, and the figure of that rule."""

    feature: str
    rule: Rule
    figure: float

    def reason(self, language: Language) -> str:
        """Why, in words."""
        return _WORDS[self.rule][language].format(figure=self.figure)


@dataclass(frozen=True)
class FeatureStrength:
    """How well one feature alone ranks people (AUC, out of sample, of any shape), and what only it knows.

    ``alone_share`` is None for features that were not examined: weak ones and those known at the cut-off.
    """

    feature: str
    auc: float
    alone_share: float | None = None
    alone_drop: float | None = None


@dataclass(frozen=True)
class LeakReport:
    """What was found, and the strength of every feature."""

    leaks: tuple[Leak, ...]
    strengths: tuple[FeatureStrength, ...]

    def refuse(self) -> None:
        """Raise when something was found."""
        if self.leaks:
            raise LeakFound(
                reasons_en="; ".join(f"{leak.feature} ({leak.reason('en')})" for leak in self.leaks),
                reasons_zh="；".join(f"{leak.feature}（{leak.reason('zh')}）" for leak in self.leaks),
                findings=self.leaks,
            )


def find_leaks(
    windows: Sequence[Window], features: Sequence[Feature], *, today: Array | None = None, seed: int = 0
) -> LeakReport:
    """Examine the features of past windows.

    Args:
        windows: checked, in order of time; the last one may be the test window.
        features: the columns.
        today: the same columns of the people to be scored, where they are at hand.
        seed: of the sample (at most 6,000 people) on which the rules are tried.
    """
    values, left = gathered(windows, _SAMPLE, np.random.default_rng(seed))
    alone = {
        index: single_auc(values[:, index], left, feature.kind == "category")
        for index, feature in enumerate(features)
    }
    carried = _carried_alone(values, left, features, alone)
    leaks, strengths = [], []
    for index, feature in enumerate(features):
        share, drop = carried.get(index, (None, None))
        strengths.append(FeatureStrength(feature.name, alone[index], share, drop))
        found = (
            _declared(feature)
            or _changed(windows, index, feature)
            or _separates(feature, alone[index])
            or _shifted(windows, index, feature, today, alone[index])
        )
        if found is None and (share or 0.0) >= ALONE_SHARE and (drop or 0.0) >= ALONE_DROP:
            found = Leak(feature.name, "alone", share or 0.0)
        if found is not None:
            leaks.append(found)
    return LeakReport(tuple(leaks), tuple(strengths))


def single_auc(values: Array, left: Array, is_category: bool) -> float:
    """AUC of one feature of any shape: the rate of each bin of one half of people ranks the other half, in
    turns.
    """
    if is_category:
        _, place = np.unique(values, return_inverse=True)
    else:
        known = values[~np.isnan(values)]
        edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1])) if len(known) else known
        # Missing values sort after every edge: give them a bin of their own.
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
    size = int(place.max()) + 1
    half = np.arange(len(left)) % 2 == 0
    found = []
    for learn, judge in ((half, ~half), (~half, half)):
        if not 0 < np.count_nonzero(left[learn]) < np.count_nonzero(learn):
            return 0.5
        if not 0 < np.count_nonzero(left[judge]) < np.count_nonzero(judge):
            return 0.5
        base = float(np.mean(left[learn]))
        gone = np.bincount(place[learn], weights=left[learn], minlength=size)
        rates = (gone + base) / (np.bincount(place[learn], minlength=size) + 1)
        found.append(auc(left[judge], rates[place[judge]]).value)
    return float(np.mean(found))


def _declared(feature: Feature) -> Leak | None:
    return Leak(feature.name, "declared", 1.0) if feature.known == "after_cutoff" else None


def _changed(windows: Sequence[Window], index: int, feature: Feature) -> Leak | None:
    compared = changed = 0
    for window in windows:
        if window.on_record is None:
            continue
        then, now = np.asarray(window.on_record, dtype=float)[:, index], window.features[:, index]
        if np.all(np.isnan(then)):
            continue
        same = np.isclose(then, now, rtol=1e-6, atol=1e-9, equal_nan=True)
        compared, changed = compared + len(same), changed + int(np.count_nonzero(~same))
    share = changed / compared if compared else 0.0
    return Leak(feature.name, "changed", share) if share >= CHANGED_SHARE else None


def _separates(feature: Feature, strength: float) -> Leak | None:
    limit = SEPARATES_DECLARED_AUC if feature.known == "at_cutoff" else SEPARATES_AUC
    return Leak(feature.name, "separates", strength) if strength >= limit else None


def _shifted(
    windows: Sequence[Window], index: int, feature: Feature, today: Array | None, strength: float
) -> Leak | None:
    if today is None or strength < STRONG_AUC:
        return None
    columns = [window.features[:, index] for window in windows]
    between = max((distance(first, second) for first, second in pairwise(columns)), default=0.0)
    found = distance(columns[-1], np.asarray(today, dtype=float)[:, index])
    return Leak(feature.name, "shifted", found) if found >= max(SHIFT, SHIFT_TIMES * between) else None


def distance(first: Array, second: Array) -> float:
    """The larger of Kolmogorov–Smirnov's of known values and the difference of missing shares; nobody: 0."""
    if not len(first) or not len(second):
        return 0.0
    known = [each[~np.isnan(each)] for each in (first, second)]
    missing = abs(len(known[0]) / len(first) - len(known[1]) / len(second))
    if not len(known[0]) or not len(known[1]):
        return float(missing)
    return float(max(missing, stats.ks_2samp(known[0], known[1], method="asymp").statistic))


def _carried_alone(
    values: Array, left: Array, features: Sequence[Feature], strengths: dict[int, float]
) -> dict[int, tuple[float, float]]:
    """For the strongest features of unknown origin: the share and amount of AUC that is lost without them.

    Features that rank people almost alike (seconds and minutes of the same thing) are left out together.
    """
    suspects = [
        index
        for index in sorted(strengths, key=lambda each: -strengths[each])
        if features[index].known == "unknown" and strengths[index] >= STRONG_AUC
    ][:_SUSPECTS]
    if not suspects:
        return {}
    full = _joint_auc(values, left, features)
    found = {}
    for index in suspects:
        without = [each for each in range(len(features)) if each not in _twins(values, features, index)]
        rest = _joint_auc(values[:, without], left, [features[each] for each in without]) if without else 0.5
        drop = full - rest
        found[index] = (max(0.0, drop / max(full - 0.5, 1e-9)), max(0.0, drop))
    return found


def _twins(values: Array, features: Sequence[Feature], index: int) -> set[int]:
    """The feature and those whose ranks nearly agree with its."""
    found = {index}
    for other, feature in enumerate(features):
        if other == index or "category" in (feature.kind, features[index].kind):
            continue
        both = ~np.isnan(values[:, index]) & ~np.isnan(values[:, other])
        pair = values[both][:, [index, other]]
        if len(pair) > 2 and np.all(np.ptp(pair, axis=0) > 0):
            ranks = np.apply_along_axis(stats.rankdata, 0, pair)
            if abs(float(np.corrcoef(ranks.T)[0, 1])) >= _TWINS:
                found.add(other)
    return found


def _joint_auc(values: Array, left: Array, features: Sequence[Feature]) -> float:
    """AUC of quick trees: each half ranked by what was learned on the other."""
    half = np.arange(len(left)) % 2 == 0
    found = []
    for learn, judge in ((half, ~half), (~half, half)):
        trees = fit_trees(values[learn], left[learn], features, leaves=15, rounds=30, rate=0.2, bins=64)
        found.append(auc(left[judge], trees.score(values[judge])).value)
    return float(np.mean(found))
