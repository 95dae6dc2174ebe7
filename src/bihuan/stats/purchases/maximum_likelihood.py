"""Maximum likelihood of models whose parameters are all positive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import optimize

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import FitNotConverged

# Logarithms of parameters (in scaled units) beyond these say that the model has degenerated.
LOG_BOUND = 9.0
_HESSIAN_STEP = 1e-4
_NEWTON_STEPS = 8

Objective = Callable[[Array], tuple[float, Array]]
"""Logarithms of the parameters → mean negative log-likelihood and its gradient."""


@dataclass(frozen=True)
class Fitted:
    """Estimates of positive parameters.

    Attributes:
        names: the parameters, in the order of the arrays.
        values: estimates.
        standard_errors: of the estimates (delta method from ``log_covariance``).
        log_covariance: covariance of the logarithms of the estimates, the inverse of the observed
            information.
        log_likelihood: of all observations, at the maximum.
    """

    names: tuple[str, ...]
    values: Array
    standard_errors: Array
    log_covariance: Array
    log_likelihood: float

    def interval(self, name: str, confidence: float = 0.95) -> tuple[float, float]:
        """Wald interval of one parameter on the log scale, so it stays positive."""
        index = self.names.index(name)
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        factor = np.exp(z * np.sqrt(self.log_covariance[index, index]))
        return float(self.values[index] / factor), float(self.values[index] * factor)

    def standard_error_of(self, figure: Callable[[Array], Array]) -> Array:
        """Standard errors of ``figure(values)`` from the uncertainty of the estimates (delta method).

        Derivatives are central differences over the logarithms of the parameters.
        """
        step = 1e-3
        slopes = []
        for index in range(len(self.values)):
            ends = []
            for sign in (1, -1):
                moved = self.values.copy()
                moved[index] *= np.exp(sign * step)
                ends.append(np.asarray(figure(moved), dtype=float))
            slopes.append((ends[0] - ends[1]) / (2 * step))
        gradient = np.stack(slopes)
        variance = np.einsum("i...,ij,j...->...", gradient, self.log_covariance, gradient)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def maximise(
    objective: Objective,
    starts: Sequence[Sequence[float]],
    *,
    names: tuple[str, ...],
    observations: float,
    model_en: str,
    model_zh: str,
) -> Fitted:
    """The best maximum found from several starts, in the units of ``objective``.

    L-BFGS-B over the logarithms of the parameters, then Newton steps with the Hessian, which is taken by
    central differences of the exact gradient. Refused when the maximum lies at the bound of the search, when
    the gradient is not flat there, or when the likelihood is not curved in every direction.
    """
    found = min(
        (
            optimize.minimize(
                objective,
                np.log(np.asarray(start, dtype=float)),
                jac=True,
                method="L-BFGS-B",
                bounds=[(-LOG_BOUND, LOG_BOUND)] * len(names),
                options={"maxiter": 500, "ftol": 1e-10, "gtol": 1e-6},
            )
            for start in starts
        ),
        key=lambda each: each.fun if np.isfinite(each.fun) else np.inf,
    )
    at, hessian = _polish(objective, np.asarray(found.x, dtype=float))
    value, gradient = objective(at)
    _check(at, gradient, hessian, names, model_en, model_zh)
    log_covariance = np.linalg.inv(hessian) / observations
    values = np.exp(at)
    errors = values * np.sqrt(np.diag(log_covariance))
    return Fitted(names, values, errors, log_covariance, -value * observations)


def _polish(objective: Objective, at: Array) -> tuple[Array, Array]:
    """Newton steps while they lower the objective; the place and its Hessian."""
    value, gradient = objective(at)
    hessian = _hessian(objective, at)
    for _ in range(_NEWTON_STEPS):
        if np.max(np.abs(gradient)) < 1e-11 or np.min(np.linalg.eigvalsh(hessian)) <= 0:
            break
        step = np.linalg.solve(hessian, gradient)
        if np.max(np.abs(step)) > 2.0:
            break
        next_value, next_gradient = objective(at - step)
        # Near the maximum values differ by rounding only; the gradient still tells.
        if not np.max(np.abs(next_gradient)) < np.max(np.abs(gradient)) or next_value > value + 1e-12:
            break
        at, value, gradient = at - step, next_value, next_gradient
        hessian = _hessian(objective, at)
    return at, hessian


def _hessian(objective: Objective, at: Array) -> Array:
    columns = []
    for index in range(len(at)):
        step = np.zeros_like(at)
        step[index] = _HESSIAN_STEP
        columns.append((objective(at + step)[1] - objective(at - step)[1]) / (2 * _HESSIAN_STEP))
    matrix = np.stack(columns)
    return (matrix + matrix.T) / 2


def _check(
    at: Array, gradient: Array, hessian: Array, names: tuple[str, ...], model_en: str, model_zh: str
) -> None:
    words = {"model_en": model_en, "model_zh": model_zh}
    far = [name for name, place in zip(names, at, strict=True) if abs(place) > LOG_BOUND - 0.01]
    if far:
        raise FitNotConverged(
            **words,
            reason_en=f"the best value of {', '.join(far)} lies beyond all bounds",
            reason_zh=f"参数 {'、'.join(far)} 的最优值超出一切合理范围",
        )
    scales = np.sqrt(np.maximum(np.diag(hessian), 1e-300))
    shape = np.linalg.eigvalsh(hessian / np.outer(scales, scales)) if np.all(np.isfinite(hessian)) else [-1.0]
    if np.max(np.abs(gradient)) > 1e-5 or np.min(shape) < 1e-9:
        raise FitNotConverged(
            **words,
            reason_en="its likelihood has no single maximum",
            reason_zh="似然函数没有唯一的最大值",
        )
