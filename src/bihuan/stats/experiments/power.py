"""Before the start: what effect can be shown with these people, and how many people an effect needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf, sqrt
from statistics import NormalDist

from bihuan.stats.experiments.arms import Arm
from bihuan.stats.experiments.inference import ONCE, Inference

_NORMAL = NormalDist()
_MOST_PEOPLE = 10**10


@dataclass(frozen=True)
class Baseline:
    """What is known of the metric without treatment.

    Attributes:
        value: share, mean or ratio.
        variance: of one person's (linearised) value; for a proportion value·(1 - value).
        is_share: a proportion: then the variance of the treated follows from their share.
        kept: share of the variance left by CUPED (1 - correlation²); 1 without.
    """

    value: float
    variance: float
    is_share: bool = False
    kept: float = 1.0

    def __post_init__(self) -> None:
        if self.variance < 0 or not 0 < self.kept <= 1 or (self.is_share and not 0 <= self.value <= 1):
            raise ValueError(
                "a baseline needs a variance of at least 0, kept in (0, 1] and a share in [0, 1]"
            )

    @classmethod
    def of(cls, arm: Arm) -> Baseline:
        """From an arm of a past period; a ratio's variance is by the delta method."""
        if arm.value is None:
            raise ValueError("the arm has no estimate")
        return cls(arm.value, arm.variance, arm.successes is not None)


@dataclass(frozen=True)
class Plan:
    """How an experiment is to be read.

    Attributes:
        holdout: share of all people in the control arm.
        how: confidence and looks; ``any_time`` asks for more people. The power is then that of the look when
            all people are in, so it is understated a little.
        power: the chance to find the effect that is asked for.
        comparisons: how many intervals share the error (variants × metrics), by Bonferroni.
    """

    holdout: float = 0.5
    how: Inference = field(default=ONCE)
    power: float = 0.8
    comparisons: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.holdout < 1 or not 0 < self.power < 1:
            raise ValueError("holdout and power lie between 0 and 1")


def power_of(baseline: Baseline, effect: float, people: int, plan: Plan) -> float:
    """The chance that the interval excludes 0 when the true difference is ``effect`` (in the metric's unit).

    Args:
        people: of both arms together.
    """
    error, error_if_none = _errors(baseline, effect, people, plan.holdout)
    if error == 0:
        return 1.0 if effect else 0.0
    how = plan.how.shared(plan.comparisons)
    reach = how.reach(people)
    # One look at shares uses the pooled test, whose error is that of no difference; see compare().
    edge = reach * (error_if_none if baseline.is_share and how.looks == "once" else error)
    return _NORMAL.cdf((-edge - effect) / error) + _NORMAL.cdf((effect - edge) / error)


def smallest_effect(baseline: Baseline, people: int, plan: Plan) -> float | None:
    """The smallest increase (in the metric's unit) found with the plan's power; None where none can be.

    Args:
        people: of both arms together.
    """
    top = 1 - baseline.value if baseline.is_share else _beyond(baseline, people, plan)
    if people < 4 or top <= 0 or power_of(baseline, top, people, plan) < plan.power:
        return None
    return _root(lambda effect: power_of(baseline, effect, people, plan) - plan.power, 0.0, top)


def needed_people(baseline: Baseline, effect: float, plan: Plan) -> int | None:
    """How many people, both arms together, find ``effect`` with the plan's power; None if over 10¹⁰.

    With ``any_time`` the plan's ``expected_people`` is taken to be the answer itself.
    """
    if effect == 0 or (baseline.is_share and not 0 <= baseline.value + effect <= 1):
        return None

    def short(people: float) -> float:
        how = Inference(plan.how.confidence, plan.how.looks, max(1, int(people)))
        tuned = Plan(plan.holdout, how, plan.power, plan.comparisons)
        return power_of(baseline, effect, int(people), tuned) - plan.power

    low, high = 4, 4
    while short(high) < 0:
        low, high = high, high * 2
        if high > _MOST_PEOPLE:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if short(middle) >= 0 else (middle + 1, high)
    return high


def _errors(baseline: Baseline, effect: float, people: int, holdout: float) -> tuple[float, float]:
    """Standard errors of the difference: under the effect, and pooled as if there was none."""
    arms = people * holdout, people * (1 - holdout)
    variance = baseline.variance * baseline.kept
    if not baseline.is_share:
        error = sqrt(variance / arms[0] + variance / arms[1])
        return error, error
    share = min(1.0, max(0.0, baseline.value + effect))
    pooled = holdout * baseline.value + (1 - holdout) * share
    error = sqrt(variance / arms[0] + share * (1 - share) * baseline.kept / arms[1])
    return error, sqrt(pooled * (1 - pooled) * baseline.kept * (1 / arms[0] + 1 / arms[1]))


def _beyond(baseline: Baseline, people: int, plan: Plan) -> float:
    error, _ = _errors(baseline, 0.0, max(people, 4), plan.holdout)
    reach = plan.how.shared(plan.comparisons).reach(max(people, 4))
    return error * (reach + _NORMAL.inv_cdf(plan.power) + 10)


def _root(gap: Callable[[float], float], low: float, high: float) -> float | None:
    from scipy.optimize import brentq  # noqa: PLC0415

    if gap(low) >= 0:
        return low
    found = brentq(gap, low, high, xtol=high * 1e-10)
    return float(found) if found < inf else None
