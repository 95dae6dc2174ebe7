"""From a trained model of risk to its report and to people's levels and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bihuan.audiences.prediction.definitions import RISKS, ByRisk, ByShare
from bihuan.audiences.prediction.reports import (
    Baseline,
    Candidate,
    FeatureUsed,
    Interval,
    LevelFound,
    TestFigures,
)
from bihuan.audiences.prediction.wording import words_of
from bihuan.kernel.arrays import Array
from bihuan.stats.churn import ChurnModel, Report
from bihuan.warehouse.scores import Scored

REASONS = 3
# Of trees 2,000 people take a second: after so many only those at high risk are explained.
MOST_EXPLAINED = 300_000


@dataclass
class Levels:
    """Puts people into high, medium and low, and counts them."""

    wanted: ByShare | ByRisk
    high: float
    medium: float
    people: Counter[str] = field(default_factory=Counter)
    least: dict[str, float] = field(default_factory=dict)
    explained: int = 0

    def of(self, ranking: Array, risk: Array) -> Array:
        """The level of each person."""
        by = risk if isinstance(self.wanted, ByRisk) else ranking
        found = np.where(by >= self.high, RISKS[0], np.where(by >= self.medium, RISKS[1], RISKS[2]))
        for value in RISKS:
            own = risk[found == value]
            self.people[value] += len(own)
            if len(own):
                self.least[value] = min(self.least.get(value, 1.0), float(own.min()))
        return found

    def found(self) -> list[LevelFound]:
        """How many have which."""
        return [LevelFound(value=v, people=self.people[v], least=self.least.get(v)) for v in RISKS]


def levels_for(wanted: ByShare | ByRisk, ranking: Array) -> Levels:
    """The thresholds; of shares those of ``ranking``, which is of people of today."""
    if isinstance(wanted, ByRisk):
        return Levels(wanted, wanted.high, wanted.medium)
    if not len(ranking):
        return Levels(wanted, np.inf, np.inf)
    high, medium = np.quantile(ranking, [1 - wanted.high, 1 - wanted.medium])
    return Levels(wanted, float(high), float(medium))


def scored(model: ChurnModel, levels: Levels, persons: Array, values: Array) -> Scored:
    """Risks and levels; reasons of those whose risk is high or medium, which trees take long to find."""
    ranking, risk = model.scorer.score(values), model.risk(values)
    level = levels.of(ranking, risk)
    worth = level == RISKS[0] if levels.explained >= MOST_EXPLAINED else level != RISKS[2]
    explained = np.flatnonzero(worth)
    levels.explained += len(explained)
    names: list[list[str]] = [[] for _ in persons]
    sizes: list[list[float]] = [[] for _ in persons]
    held: list[list[float]] = [[] for _ in persons]
    if len(explained):
        effects = model.top_effects(values[explained], count=REASONS)
        for row, columns, moved in zip(explained, effects.columns, effects.sizes, strict=True):
            kept = [(int(column), float(size)) for column, size in zip(columns, moved, strict=True) if size]
            names[row] = [model.features[column].name for column, _ in kept]
            sizes[row] = [size for _, size in kept]
            held[row] = [float(values[row, column]) for column, _ in kept]
    return Scored(persons, risk, level, None, names, sizes, held)


def test_figures(report: Report) -> TestFigures:
    """Of the test people."""
    return TestFigures.model_validate(report.test)


def baseline(report: Report) -> Baseline | None:
    """Of the simple rule."""
    rule = report.recency
    if rule is None:
        return None
    return Baseline(
        feature=rule.feature,
        auc=Interval.model_validate(rule.scores.auc),
        gain=Interval.model_validate(rule.gain.difference),
        better=rule.better,
    )


def candidates(report: Report) -> list[Candidate]:
    """What was tried."""
    return [Candidate.model_validate(each) for each in report.candidates]


def features_used(
    model: ChurnModel, codes: Mapping[str, list[str] | None] | None = None
) -> list[FeatureUsed]:
    """The features, the strongest first."""
    kinds = {feature.name: feature.kind for feature in model.features}
    usual = dict(zip(kinds, model.usual, strict=True))
    used = []
    for strength in sorted(model.report.leaks.strengths, key=lambda each: -each.auc):
        words = words_of(strength.feature)
        used.append(
            FeatureUsed(
                name=strength.feature,
                en=words.en,
                zh=words.zh,
                kind=kinds[strength.feature],
                auc=strength.auc,
                alone_share=strength.alone_share,
                usual=usual[strength.feature],
                codes=(codes or {}).get(strength.feature),
            )
        )
    return used
