"""The effect of a treatment against its control: difference, relative lift, intervals and p-value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt

from bihuan.stats.experiments.arms import Arm
from bihuan.stats.experiments.inference import ONCE, Inference, Looks
from bihuan.stats.experiments.ratios import quotient
from bihuan.stats.proportions import Interval, proportion, proportion_difference, share_ratio

# The normal approximation behind ``any_time`` starts here, in each arm.
LEAST_PEOPLE = 50


@dataclass(frozen=True)
class Effect:
    """Treated against control.

    Attributes:
        control, treated: the estimates, each with its interval; None where there is none.
        difference: treated minus control, in the metric's unit.
        relative: treated ÷ control - 1 (0.05 is 5 % more). Ends are infinite where the control may be 0; None
            where the control's estimate is not above 0.
        p_value: two-sided, of no difference; None where there is nothing to test.
        standard_error: of the difference.
        people: (control, treated).
        looks: what the interval and p-value allow: one look, or any.
        kept: with CUPED, the share of the variance that is left.
        reason: why figures are None: ``no_people``, ``too_few_people``, ``no_denominator``, ``no_variation``.
    """

    control: Interval | None
    treated: Interval | None
    difference: Interval | None
    relative: Interval | None
    p_value: float | None
    standard_error: float | None
    people: tuple[int, int]
    looks: Looks
    kept: float | None = None
    reason: str | None = None

    @property
    def direction(self) -> int:
        """1 or -1 when the interval of the difference lies above or below 0; else 0: cannot be said."""
        if self.difference is None or self.reason:
            return 0
        return int(self.difference.low > 0) - int(self.difference.high < 0)


def compare(control: Arm, treated: Arm, how: Inference = ONCE) -> Effect:
    """Compare two arms made by the functions of ``arms``.

    One look at plain proportions: R. G. Newcombe's hybrid score interval, pooled z test, and a relative lift
    by A. Donner and G. Y. Zou (see ``bihuan.stats.proportions``). Anything else: B. L. Welch's t
    (Biometrika 34, 1947), and for the relative lift E. C. Fieller's set (see ``ratios``), which agrees with
    the p-value. ``any_time`` puts the wider reach of a confidence sequence in the place of Student's t.
    """
    people = (control.people, treated.people)
    reason = control.reason or treated.reason or _too_few(control, treated, how)
    if control.value is None or treated.value is None or reason:
        return Effect(None, None, None, None, None, None, people, how.looks, reason=reason)
    if control.successes is not None and treated.successes is not None and how.looks == "once":
        return _of_counts(control.successes, treated.successes, people, how)
    return _of_means(control, control.value, treated, treated.value, how)


def any_time_path(looks: Sequence[Effect]) -> list[Effect]:
    """Effects at successive looks, each narrowed to what all looks so far leave possible.

    All intervals of a confidence sequence hold together, so the truth lies in their common part, and the
    smallest p-value so far stands. Only for effects with ``looks="any_time"``; an effect that changes as time
    passes can leave nothing in common, and then the latest interval is kept as it is.
    """
    path: list[Effect] = []
    before: Effect | None = None
    for effect in looks:
        if effect.looks != "any_time":
            raise ValueError("only any_time intervals hold together")
        now = effect if before is None else _narrowed(before, effect)
        path.append(now)
        if now.difference is not None:
            before = now
    return path


def estimate(arm: Arm, how: Inference = ONCE) -> Interval | None:
    """One arm's estimate with its interval; None where there is none."""
    if arm.value is None or arm.people < 2 or arm.standard_error is None:
        return None
    if arm.successes is not None and how.looks == "once":
        share = proportion(arm.successes, arm.people, confidence=how.confidence)
        return Interval(share.share or 0.0, share.low or 0.0, share.high or 0.0)
    margin = how.reach(arm.people, arm.people - 1) * sqrt(_variance(arm) / arm.people)
    return Interval(arm.value, arm.value - margin, arm.value + margin)


def _too_few(control: Arm, treated: Arm, how: Inference) -> str | None:
    least = min(control.people, treated.people)
    counted = control.successes is not None and treated.successes is not None
    if least == 0:
        return "no_people"
    needed = LEAST_PEOPLE if how.looks == "any_time" else 1 if counted else 2
    return "too_few_people" if least < needed else None


def _of_counts(control: int, treated: int, people: tuple[int, int], how: Inference) -> Effect:
    counts = (treated, people[1], control, people[0])
    gap = proportion_difference(*counts, confidence=how.confidence)
    ratio = share_ratio(*counts, confidence=how.confidence)
    shares = (control / people[0], treated / people[1])
    error = sqrt(sum(share * (1 - share) / n for share, n in zip(shares, people, strict=True)))
    relative = None
    if ratio.ratio is not None and ratio.low is not None and ratio.high is not None:
        relative = Interval(ratio.ratio - 1, ratio.low - 1, ratio.high - 1)
    return Effect(
        control=estimate(Arm(people[0], shares[0], 0.0, control), how),
        treated=estimate(Arm(people[1], shares[1], 0.0, treated), how),
        difference=Interval(gap.difference or 0.0, gap.low or 0.0, gap.high or 0.0),
        relative=relative,
        p_value=gap.p_value,
        standard_error=error,
        people=people,
        looks=how.looks,
        reason=gap.reason,
    )


def _of_means(control: Arm, below: float, treated: Arm, above: float, how: Inference) -> Effect:
    people = (control.people, treated.people)
    squares = (_variance(control) / people[0], _variance(treated) / people[1])
    error = sqrt(sum(squares))
    difference = above - below
    if error == 0:
        same = Interval(difference, difference, difference)
        ends = (estimate(control, how), estimate(treated, how))
        return Effect(*ends, same, None, None, 0.0, people, how.looks, reason="no_variation")
    shares = [square / sum(squares) for square in squares]
    degrees = 1 / sum(share**2 / (n - 1) for share, n in zip(shares, people, strict=True))
    reach = how.reach(sum(people), degrees)
    relative = None
    if below > 0:
        ratio = quotient(above, below, squares[1], squares[0], reach=reach)
        relative = Interval(ratio.value - 1, ratio.low - 1, ratio.high - 1)
    kept = None
    if control.kept is not None and treated.kept is not None:
        plain = squares[0] / control.kept + squares[1] / treated.kept if control.kept and treated.kept else 0
        kept = error**2 / plain if plain else 0.0
    return Effect(
        control=estimate(control, how),
        treated=estimate(treated, how),
        difference=Interval(difference, difference - reach * error, difference + reach * error),
        relative=relative,
        p_value=how.p_value(difference / error, sum(people), degrees),
        standard_error=error,
        people=people,
        looks=how.looks,
        kept=kept,
    )


def _variance(arm: Arm) -> float:
    """A share's variance is taken with one success and one failure more, so that 0 of n is not certain."""
    if arm.successes is None:
        return arm.variance
    share = (arm.successes + 1) / (arm.people + 2)
    return share * (1 - share)


def _narrowed(before: Effect, now: Effect) -> Effect:
    difference, relative = now.difference, now.relative
    if difference is not None and before.difference is not None:
        difference = _common(before.difference, difference)
    if relative is not None and before.relative is not None:
        relative = _common(before.relative, relative)
    p_values = [each for each in (before.p_value, now.p_value) if each is not None]
    return replace(now, difference=difference, relative=relative, p_value=min(p_values, default=None))


def _common(before: Interval, now: Interval) -> Interval:
    low, high = max(before.low, now.low, -inf), min(before.high, now.high)
    return now if low > high else Interval(now.value, low, high)
