"""sBG: retention of people under contract, who tell when they leave.

P. S. Fader, B. G. S. Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21 (2007)
76–90. At each renewal a person leaves with a chance of their own, constant over time, Beta(α, β) over people.
Retention rises with time because those likely to leave do so first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import special

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, StatsInputInvalid
from bihuan.stats.purchases.beta_average import beta_nodes
from bihuan.stats.purchases.maximum_likelihood import Fitted, Objective, maximise

NAMES = ("alpha", "beta")
MINIMUM_LEFT = 50
MINIMUM_RENEWALS = 3
MODEL_WORDS = {"model_en": "the projection of retention (sBG)", "model_zh": "留存预测模型（sBG）"}


@dataclass(frozen=True)
class RetentionModel:
    """A fitted sBG; time is counted in renewals.

    Attributes:
        alpha, beta: of the beta distribution of the chance to leave at a renewal.
        fit: estimates with standard errors; None for parameters that were given.
        people, left: how many began and how many left, in all cohorts.
        renewals: the most renewals that were seen.
    """

    alpha: float
    beta: float
    fit: Fitted | None = None
    people: int = 0
    left: int = 0
    renewals: int = 0


@dataclass(frozen=True)
class RetentionCurve:
    """From renewal 0 (the start, everybody) to the horizon.

    Attributes:
        survival: share of people still there after each renewal, with its interval from the parameters.
        retention: share of those before each renewal who stay; NaN at 0.
        observed: pooled share still there (Kaplan–Meier over cohorts); NaN beyond what was seen.
    """

    survival: Array
    low: Array
    high: Array
    retention: Array
    observed: Array


def fit_retention(cohorts: Sequence[Sequence[int]]) -> RetentionModel:
    """Fit one sBG to several cohorts by maximum likelihood.

    Args:
        cohorts: for each cohort how many people were there at the start and after each renewal seen so far,
            not rising; cohorts may be of different age.
    """
    stayed, left = _transitions(cohorts)
    lost, renewals = int(left.sum()), len(left)
    if renewals < MINIMUM_RENEWALS:
        raise DataInsufficient(
            **MODEL_WORDS,
            what_en="renewals seen",
            what_zh="已观察到的续约次数",
            have=renewals,
            need=MINIMUM_RENEWALS,
        )
    if lost < MINIMUM_LEFT:
        raise DataInsufficient(
            **MODEL_WORDS, what_en="people who left", what_zh="已流失的人", have=lost, need=MINIMUM_LEFT
        )
    people = float(sum(cohort[0] for cohort in cohorts))
    objective = _objective(stayed, left, people)
    starts = [(1.0, 1.0), (0.5, 4.0), (5.0, 20.0)]
    fit = maximise(objective, starts, names=NAMES, observations=people, **MODEL_WORDS)
    alpha, beta = (float(value) for value in fit.values)
    return RetentionModel(alpha, beta, fit, int(people), lost, renewals)


def retention_rates(model: RetentionModel, renewals: Array) -> Array:
    """Share of those before the n-th renewal (n ≥ 1) who stay: (β + n - 1) / (α + β + n - 1)."""
    n = np.asarray(renewals, dtype=float)
    return (model.beta + n - 1) / (model.alpha + model.beta + n - 1)


def survival(model: RetentionModel, renewals: Array) -> Array:
    """Share of people who are still there after n renewals: B(α, β + n) / B(α, β)."""
    return _survival(np.array([model.alpha, model.beta]), np.asarray(renewals, dtype=float))


def retention_curve(
    model: RetentionModel,
    horizon: int,
    *,
    cohorts: Sequence[Sequence[int]] = (),
    confidence: float = 0.95,
) -> RetentionCurve:
    """The projected curve to ``horizon`` renewals, with what was seen of ``cohorts`` beside it."""
    n = np.arange(horizon + 1, dtype=float)
    share = survival(model, n)
    low, high = share, share
    if model.fit is not None:
        error = model.fit.standard_error_of(lambda values: _survival(values, n))
        inner = np.clip(share, 1e-12, 1 - 1e-12)
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        margin = z * error / (inner * (1 - inner))
        low, high = (special.expit(special.logit(inner) + sign * margin) for sign in (-1, 1))
        low[0] = high[0] = 1.0
    retention = np.append(np.nan, retention_rates(model, n[1:]))
    observed = np.full(horizon + 1, np.nan)
    if cohorts:
        stayed, left = _transitions(cohorts)
        seen = np.append(1.0, np.cumprod(stayed / np.maximum(stayed + left, 1.0)))[: horizon + 1]
        observed[: len(seen)] = seen
    return RetentionCurve(share, low, high, retention, observed)


def remaining_renewals(model: RetentionModel, renewed: int, horizon: int) -> float:
    """Expected number of renewals among the next ``horizon`` of somebody who renewed ``renewed`` times."""
    n = np.arange(renewed, renewed + horizon + 1, dtype=float)
    log_survival = special.betaln(model.alpha, model.beta + n)
    return float(np.sum(np.exp(log_survival[1:] - log_survival[0])))


def residual_lifetime(model: RetentionModel, renewed: int, *, discount: float) -> float:
    """Expected renewals ever of somebody who renewed ``renewed`` times, each discounted by 1 / (1 +
    discount).

    The discounted expected residual lifetime of Fader & Hardie, Customer-Base Valuation in a Contractual
    Setting (Marketing Science 29, 2010): their 2F1 as the average of Σ ((1 - θ) / (1 + d))^k over θ ~ Beta(α,
    β + n). The next renewal, due one period from now, is discounted once. Times the margin of a period it is
    a value.
    """
    if not discount > 0:
        raise StatsInputInvalid(
            reason_en="the discount rate must be above 0, for the sum may be infinite without it",
            reason_zh="折现率必须大于 0，否则总和可能无穷大",
        )
    nodes = beta_nodes(model.alpha, model.beta + renewed, steepness=1 / discount**2)
    kept = (1 - nodes.points) / (1 + discount)
    return float(nodes.weights @ (kept / (1 - kept)))


def _survival(parameters: Array, n: Array) -> Array:
    alpha, beta = parameters
    return np.asarray(np.exp(special.betaln(alpha, beta + n) - special.betaln(alpha, beta)))


def _transitions(cohorts: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """How many stayed and left at each renewal, over all cohorts that reached it."""
    longest = max((len(cohort) for cohort in cohorts), default=0)
    stayed, left = np.zeros(max(longest - 1, 0)), np.zeros(max(longest - 1, 0))
    for position, cohort in enumerate(cohorts):
        counts = np.asarray(cohort, dtype=float)
        if not len(counts) or np.any(counts < 0) or np.any(np.diff(counts) > 0):
            raise StatsInputInvalid(
                reason_en=f"cohort {position} is empty, negative or grows",
                reason_zh=f"第 {position} 个同期群为空、为负或人数上升",
            )
        stayed[: len(counts) - 1] += counts[1:]
        left[: len(counts) - 1] += counts[:-1] - counts[1:]
    return stayed, left


def _objective(stayed: Array, left: Array, people: float) -> Objective:
    """The likelihood as a product over renewals: each stays with r_n or leaves with 1 - r_n."""
    n = np.arange(len(left), dtype=float)
    both = stayed + left

    def objective(log_parameters: Array) -> tuple[float, Array]:
        alpha, beta = np.exp(log_parameters)
        together = np.log(alpha + beta + n)
        value = stayed @ (np.log(beta + n) - together) + left @ (np.log(alpha) - together)
        by_alpha = left.sum() / alpha - np.sum(both / (alpha + beta + n))
        by_beta = np.sum(stayed / (beta + n)) - np.sum(both / (alpha + beta + n))
        return -float(value) / people, -np.array([alpha * by_alpha, beta * by_beta]) / people

    return objective
