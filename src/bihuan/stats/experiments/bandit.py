"""A bandit by Thompson's rule in batches, and an honest reading of it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from bihuan.stats.experiments.bayes import Posterior, chances_to_be_best
from bihuan.stats.experiments.effects import Effect
from bihuan.stats.experiments.inference import ONCE, Inference
from bihuan.stats.experiments.moments import Moments
from bihuan.stats.experiments.ratios import quotient
from bihuan.stats.proportions import Interval


def thompson_shares(
    posteriors: Sequence[Posterior], *, least: float = 0.05, higher_is_better: bool = True
) -> list[float]:
    """Shares of the next batch's people for each arm: its chance to be the best, but at least ``least``.

    W. R. Thompson (Biometrika 25, 1933). The floor keeps arms measurable: without it ``bandit_effect`` has
    nothing to compare in late batches.
    """
    if not posteriors or not 0 <= least * len(posteriors) < 1:
        raise ValueError("there is at least one arm, and the floors of all arms together are below 1")
    free = 1 - least * len(posteriors)
    chances = chances_to_be_best(posteriors, higher_is_better=higher_is_better)
    return [least + free * chance / sum(chances) for chance in chances]


def pooled_arms(batches: Sequence[Sequence[Moments]]) -> list[Moments]:
    """Sums of each arm over all batches: for posteriors. Their plain means are biased; see below."""
    return [sum(arm[1:], arm[0]) for arm in zip(*batches, strict=True)]


def bandit_effect(batches: Sequence[tuple[Moments, Moments]], how: Inference = ONCE) -> Effect:
    """Treated against control when the shares of later batches followed the results of earlier ones.

    An arm that began unlucky gets fewer people and stays low, so plain means over all people are biased and
    their intervals too narrow. Within a batch people were assigned at random in shares fixed beforehand, so
    each batch's difference is unbiased given the past. Batches are averaged with weights 1 ÷ standard error,
    by which every batch contributes the same variance and the sum is normal even when no arm is better: the
    batched least squares of K. W. Zhang, L. Janson, S. A. Murphy, "Inference for Batched Bandits" (NeurIPS
    2020), whose weights are the variance-stabilising ones of V. Hadad and others (PNAS 118, 2021).

    Assumes: people of different batches are different; each batch is large enough for a mean to be normal;
    the effect is the same in all batches (else: its average with these weights; levels may drift). An arm's
    variance is taken as that of all arms together where its own is smaller.

    Args:
        batches: (control, treated) of each batch in order, sums over its people. Batches in which an arm has
            nobody are left out.
    """
    if how.looks != "once":
        raise ValueError("a bandit is read once, at its end")
    used = [pair for pair in batches if min(pair[0].people, pair[1].people) > 0]
    people = (sum(pair[0].people for pair in batches), sum(pair[1].people for pair in batches))
    own = [_within([pair[side] for pair in used]) for side in (0, 1)]
    pooled = _within([moments for pair in used for moments in pair])
    if own[0] is None or own[1] is None or pooled is None:
        reason = "too_few_people" if min(people) else "no_people"
        return Effect(None, None, None, None, None, None, people, "once", reason=reason)
    # The own variance of an arm that was left with few people is too small when its mean is.
    spreads = [max(own[0], pooled), max(own[1], pooled)]
    squares = [(spreads[0] / c.people, spreads[1] / t.people) for c, t in used]
    if min(sum(pair) for pair in squares) <= 0:
        return Effect(None, None, None, None, None, None, people, "once", reason="no_variation")
    weights = [1 / sqrt(sum(pair)) for pair in squares]
    values, variances = [], []
    for side in (0, 1):
        means = [pair[side].y / pair[side].people for pair in used]
        values.append(_average(weights, means))
        variances.append(_average([w**2 for w in weights], [pair[side] for pair in squares]))
    scale = sum(w**2 for w in weights) / sum(weights) ** 2
    return _effect(values, [each * scale for each in variances], people, how)


def _effect(values: list[float], variances: list[float], people: tuple[int, int], how: Inference) -> Effect:
    reach = how.reach(sum(people))
    ends = [
        Interval(value, value - reach * sqrt(variance), value + reach * sqrt(variance))
        for value, variance in zip(values, variances, strict=True)
    ]
    difference, error = values[1] - values[0], sqrt(sum(variances))
    relative = None
    if values[0] > 0:
        ratio = quotient(values[1], values[0], variances[1], variances[0], reach=reach)
        relative = Interval(ratio.value - 1, ratio.low - 1, ratio.high - 1)
    return Effect(
        control=ends[0],
        treated=ends[1],
        difference=Interval(difference, difference - reach * error, difference + reach * error),
        relative=relative,
        p_value=how.p_value(difference / error, sum(people)),
        standard_error=error,
        people=people,
        looks="once",
    )


def _within(batches: Sequence[Moments]) -> float | None:
    """The variance of one person's value around the mean of the batch; None below two people."""
    degrees = sum(each.people - 1 for each in batches)
    if degrees < 1:
        return None
    return sum(each.variance_of_y * (each.people - 1) for each in batches) / degrees


def _average(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(w * value for w, value in zip(weights, values, strict=True)) / sum(weights)
