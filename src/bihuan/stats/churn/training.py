"""Train on the past, choose in between, test on the latest window that is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.churn.calibration import Calibrator, fit_calibrator
from bihuan.stats.churn.leaks import LeakReport, find_leaks
from bihuan.stats.churn.learners import Kind, Scorer, fit_linear, fit_trees
from bihuan.stats.churn.people import Feature, Window, checked, gathered
from bihuan.stats.churn.reasons import Reason, TopEffects, top_effects, usual_values, worded
from bihuan.stats.churn.scores import Comparison, Scores, compare_rankings, log_losses, score
from bihuan.stats.errors import DataInsufficient, NothingLearned, StatsInputInvalid, WindowsOverlap

MINIMUM_FIT = 100
MINIMUM_CHOICE = 60
MINIMUM_TEST = 50
MOST_PEOPLE = 200_000
_CHOICE_SHARE = 0.3
_MODEL = {"model_en": "the model of churn", "model_zh": "流失预测模型"}


@dataclass(frozen=True)
class Candidate:
    """A model that was tried: its mean log loss on the people the choice was made on."""

    kind: Kind
    setting: str
    log_loss: float
    chosen: bool


@dataclass(frozen=True)
class Baseline:
    """The rule that everybody knows, on the test people: whoever was away longest leaves.

    ``gain`` is the model's AUC minus the rule's; ``better`` whether its interval lies above 0.
    """

    feature: str
    scores: Scores
    gain: Comparison
    better: bool


@dataclass(frozen=True)
class Report:
    """What is known of a model.

    Attributes:
        test: figures on people of the test window (or the part held back), who were used for nothing else.
        recency: the simple rule on the same people; None when no feature was named for it.
        candidates: what was tried.
        calibration: the method that made chances of scores.
        fitted_on, chosen_on: how many people each step used.
        test_cutoff: when the test window began; None for a table without time.
        leaks: strength of every feature, with nothing found.
    """

    test: Scores
    recency: Baseline | None
    candidates: tuple[Candidate, ...]
    calibration: str
    fitted_on: int
    chosen_on: int
    test_cutoff: float | None
    leaks: LeakReport


@dataclass(frozen=True)
class ChurnModel:
    """A trained and tested model."""

    features: tuple[Feature, ...]
    scorer: Scorer
    calibrator: Calibrator
    usual: tuple[float | None, ...]
    report: Report

    def risk(self, values: Array) -> Array:
        """The chance that each person (row) leaves within a horizon from now."""
        return self.calibrator.risk(self.scorer.score(self._checked(values)))

    def top_effects(self, values: Array, *, count: int = 3, raising_only: bool = False) -> TopEffects:
        """The strongest features of each person, as arrays."""
        return top_effects(self.scorer, self._checked(values), count=count, raising_only=raising_only)

    def reasons(
        self, values: Array, *, count: int = 3, raising_only: bool = False
    ) -> tuple[tuple[Reason, ...], ...]:
        """The strongest features of each person, as values that words are made of."""
        matrix = self._checked(values)
        effects = top_effects(self.scorer, matrix, count=count, raising_only=raising_only)
        return tuple(
            worded(effects, person, matrix, self.features, self.usual, raising_only=raising_only)
            for person in range(len(matrix))
        )

    def _checked(self, values: Array) -> Array:
        nobody = np.zeros(len(values))
        return checked(Window(0, 1, values, nobody), self.features).features


@dataclass(frozen=True)
class _Part:
    values: Array
    left: Array

    def rows(self, chosen: Array) -> _Part:
        return _Part(self.values[chosen], self.left[chosen])


@dataclass(frozen=True)
class _Examined:
    """What the leak check looks at: never the test people."""

    windows: Sequence[Window]
    today: Array | None
    seed: int


def train_on_windows(
    windows: Sequence[Window],
    features: Sequence[Feature],
    *,
    recency: str | None = None,
    today: Array | None = None,
    seed: int = 0,
) -> ChurnModel:
    """Train on past windows and test on the latest.

    With three windows or more, all but the last two are fitted on and the last but one chooses between models
    and calibrates; with two, a part of the first one's people does. No window may end after the next step's
    begins.

    Args:
        windows: past windows whose horizon is over, in any order; at least two.
        features: the columns.
        recency: name of the feature that is time since the last activity, for the simple rule.
        today: columns of the people to be scored, for the leak check.
        seed: of everything random.
    """
    ordered = sorted((checked(window, features) for window in windows), key=lambda each: each.cutoff)
    if len(ordered) < 2:
        raise DataInsufficient(
            **_MODEL, what_en="past windows", what_zh="历史窗口", have=len(ordered), need=2
        )
    _in_time(ordered)
    rng = np.random.default_rng(seed)
    test = _Part(ordered[-1].features, ordered[-1].left)
    if len(ordered) > 2:
        fit, choice = (_Part(*gathered(each, MOST_PEOPLE, rng)) for each in (ordered[:-2], ordered[-2:-1]))
    else:
        fit, choice = _split(_Part(*gathered(ordered[:1], MOST_PEOPLE, rng)), _CHOICE_SHARE, rng)
    examined = _Examined(ordered[:-1], today, seed)
    model = _train(fit, choice, test, features, examined, recency, rng)
    return replace(model, report=replace(model.report, test_cutoff=ordered[-1].cutoff))


def train_on_table(
    values: Array,
    left: Array,
    features: Sequence[Feature],
    *,
    recency: str | None = None,
    test_share: float = 1 / 3,
    seed: int = 0,
) -> ChurnModel:
    """Train on a table of people without time: a random part, alike in its rate, is held back for the test.

    The test says how well the table is told apart, not how well the future is foretold; use windows where
    there is a log.
    """
    if not 0 < test_share < 1:
        raise StatsInputInvalid(
            reason_en="the share held back must lie between 0 and 1", reason_zh="留出比例必须在 0 与 1 之间"
        )
    window = checked(Window(0, 1, values, left), features)
    rng = np.random.default_rng(seed)
    rest, test = _split(_Part(window.features, window.left), test_share, rng)
    examined = _Examined([replace(window, features=rest.values, left=rest.left)], None, seed)
    fit, choice = _split(rest, _CHOICE_SHARE, rng)
    return _train(fit, choice, test, features, examined, recency, rng)


def _train(
    fit: _Part,
    choice: _Part,
    test: _Part,
    features: Sequence[Feature],
    examined: _Examined,
    recency: str | None,
    rng: np.random.Generator,
) -> ChurnModel:
    for part, need, en, zh in (
        (fit, MINIMUM_FIT, "to learn from", "用于训练"),
        (choice, MINIMUM_CHOICE, "to choose by", "用于选择"),
        (test, MINIMUM_TEST, "to test on", "用于检验"),
    ):
        _enough(part, need, en, zh)
    leaks = find_leaks(examined.windows, features, today=examined.today, seed=examined.seed)
    leaks.refuse()
    if len(fit.left) > MOST_PEOPLE:
        fit = fit.rows(rng.permutation(len(fit.left))[:MOST_PEOPLE])
    choose, calibrate = _split(choice, 0.5, rng)
    scorer, candidates = _best(fit, choose, features)
    calibrator = fit_calibrator(scorer.score(calibrate.values), calibrate.left)
    ranking = scorer.score(test.values)
    figures = score(test.left, ranking, calibrator.risk(ranking))
    if figures.auc.low <= 0.5:
        raise NothingLearned(auc=f"{figures.auc.value:.2f}", low=f"{figures.auc.low:.2f}")
    report = Report(
        test=figures,
        recency=_recency_rule(fit, test, features, ranking, recency),
        candidates=candidates,
        calibration=calibrator.method,
        fitted_on=len(fit.left),
        chosen_on=len(choice.left),
        test_cutoff=None,
        leaks=leaks,
    )
    return ChurnModel(tuple(features), scorer, calibrator, usual_values(fit.values, features), report)


def _best(fit: _Part, choose: _Part, features: Sequence[Feature]) -> tuple[Scorer, tuple[Candidate, ...]]:
    """The scorer with the least log loss; the straight one unless trees are better by a standard error."""
    tried: list[tuple[Scorer, str, Array]] = []
    for strength in (0.03, 1.0):
        scorer: Scorer = fit_linear(fit.values, fit.left, features, strength=strength)
        tried.append((scorer, f"C={strength:g}", _losses(scorer, choose)))
    for leaves, rounds in ((6, 100), (15, 250)):
        scorer = fit_trees(fit.values, fit.left, features, leaves=leaves, rounds=rounds)
        tried.append((scorer, f"leaves={leaves} rounds={rounds}", _losses(scorer, choose)))
    linear, trees = (
        min((each for each in tried if each[0].kind == kind), key=lambda each: float(each[2].mean()))
        for kind in ("linear", "trees")
    )
    gain = linear[2] - trees[2]
    best = trees if gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain)) else linear
    candidates = tuple(
        Candidate(each[0].kind, each[1], float(each[2].mean()), each is best) for each in tried
    )
    return best[0], candidates


def _losses(scorer: Scorer, part: _Part) -> Array:
    """Log losses after Platt's calibration, so that a scorer is judged by what it knows, not by its scale."""
    scores = scorer.score(part.values)
    return log_losses(part.left, fit_calibrator(scores, part.left).risk(scores))


def _recency_rule(
    fit: _Part, test: _Part, features: Sequence[Feature], ranking: Array, recency: str | None
) -> Baseline | None:
    names = [feature.name for feature in features]
    if recency is None:
        return None
    if recency not in names:
        raise StatsInputInvalid(reason_en=f"there is no feature {recency}", reason_zh=f"不存在特征 {recency}")
    column = names.index(recency)
    # Somebody without any activity was away longest.
    longest = float(np.nanmax(fit.values[:, column], initial=0.0)) + 1.0
    known, rule = (
        np.where(np.isnan(each.values[:, column]), longest, each.values[:, column]) for each in (fit, test)
    )
    risk = fit_calibrator(known, fit.left).risk(rule)
    gain = compare_rankings(test.left, ranking, rule)
    return Baseline(recency, score(test.left, rule, risk), gain, gain.difference.low > 0)


def _in_time(ordered: Sequence[Window]) -> None:
    """Each step may know only what had happened when the next one began."""
    steps = [ordered[:-2], ordered[-2:-1], ordered[-1:]] if len(ordered) > 2 else [ordered[:1], ordered[1:]]
    for before, after in pairwise(steps):
        begins = after[0].cutoff
        for window in before:
            if window.ends > begins:
                raise WindowsOverlap(cutoff=window.cutoff, ends=window.ends, test_cutoff=begins)


def _split(part: _Part, second_share: float, rng: np.random.Generator) -> tuple[_Part, _Part]:
    """Two random parts with the same rate of leaving."""
    second = np.zeros(len(part.left), dtype=bool)
    for kind in (True, False):
        rows = rng.permutation(np.flatnonzero(part.left == kind))
        second[rows[: round(second_share * len(rows))]] = True
    return part.rows(~second), part.rows(second)


def _enough(part: _Part, need: int, en: str, zh: str) -> None:
    gone = int(np.count_nonzero(part.left))
    for have, who_en, who_zh in (
        (gone, "people who left", "流失的人"),
        (len(part.left) - gone, "people who stayed", "留下的人"),
    ):
        if have < need:
            raise DataInsufficient(
                **_MODEL, what_en=f"{who_en} {en}", what_zh=f"{zh}的{who_zh}", have=have, need=need
            )
