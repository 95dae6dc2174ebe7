"""From scores to chances that can be taken at their word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import special
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from bihuan.kernel.arrays import Array

# Isotonic regression bends to every group of people: it needs many of both kinds.
_ISOTONIC_EACH = 500


@dataclass(frozen=True)
class Calibrator:
    """A growing function from log-odds to chances, fitted on people that the scorer has not seen.

    ``platt``: 1 / (1 + exp(-(slope × score + shift))) with slope > 0 (J. Platt, 1999). ``isotonic``: the
    growing step function nearest to what happened (B. Zadrozny, C. Elkan, 2002), joined by lines; its ends
    keep away from 0 and 1 by half a person.
    """

    method: Literal["platt", "isotonic"]
    slope: float
    shift: float
    steps: Any = None
    least: float = 0.0

    def risk(self, scores: Array) -> Array:
        """Chances, in the order of the scores."""
        if self.steps is None:
            return np.asarray(special.expit(self.slope * scores + self.shift))
        return np.asarray(np.clip(self.steps.predict(scores), self.least, 1 - self.least))


def fit_calibrator(scores: Array, left: Array) -> Calibrator:
    """Isotonic with at least 500 who left and 500 who stayed, Platt's with fewer."""
    # Platt's targets: a little away from 0 and 1, as if one more person of each kind had been seen.
    gone, stayed = int(np.count_nonzero(left)), int(np.count_nonzero(~left))
    if min(gone, stayed) >= _ISOTONIC_EACH:
        steps = IsotonicRegression(out_of_bounds="clip").fit(scores, left)
        return Calibrator("isotonic", 1.0, 0.0, steps, 0.5 / len(left))
    high, low = (gone + 1) / (gone + 2), 1 / (stayed + 2)
    weights = np.concatenate([np.where(left, high, low), np.where(left, 1 - high, 1 - low)])
    labels = np.concatenate([np.ones(len(left)), np.zeros(len(left))])
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    both = np.tile((scores - centre) / spread, 2)[:, None]
    fitted = LogisticRegression(C=1e6, max_iter=1000).fit(both, labels, sample_weight=weights)
    slope = float(fitted.coef_[0, 0]) / spread
    if slope <= 0:
        # The scores tell nothing here: everybody has the rate, in the order of the scores.
        return Calibrator("platt", 1e-9, float(special.logit((gone + 1) / (len(left) + 2))))
    return Calibrator("platt", slope, float(fitted.intercept_[0]) - slope * centre)
