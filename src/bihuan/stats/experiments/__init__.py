"""Experiments: sums of two or more arms in, effects with intervals, p-values and reasons out. No storage.

The way through: count people in ``Moments`` (or ``proportion_arm``), make arms, ``compare`` them with an
``Inference``, run the ``checks``, correct the p-values.
"""

from bihuan.stats.experiments.arms import Arm, adjusted_arms, mean_arm, proportion_arm, ratio_arm
from bihuan.stats.experiments.bandit import bandit_effect, pooled_arms, thompson_shares
from bihuan.stats.experiments.bayes import (
    Belief,
    BetaPosterior,
    NormalPosterior,
    Posterior,
    beliefs,
    believed_difference,
    chances_to_be_best,
    posterior,
)
from bihuan.stats.experiments.checks import (
    Check,
    multiple_exposure,
    pre_period_bias,
    sample_ratio,
    sample_ratio_any_time,
)
from bihuan.stats.experiments.corrections import Correction, corrected
from bihuan.stats.experiments.effects import Effect, any_time_path, compare, estimate
from bihuan.stats.experiments.guard_rails import Better, GuardRail, guard_rail
from bihuan.stats.experiments.incremental import (
    UnitCost,
    cost_per_incremental,
    incremental,
    return_on_investment,
    return_on_varying_cost,
)
from bihuan.stats.experiments.inference import ONCE, Inference, Looks
from bihuan.stats.experiments.moments import Moments, moments_of
from bihuan.stats.experiments.power import Baseline, Plan, needed_people, power_of, smallest_effect
from bihuan.stats.experiments.quantiles import QuantileRanks, quantile_arm, quantile_of, quantile_ranks
from bihuan.stats.experiments.ratios import Quotient, quotient
from bihuan.stats.experiments.regions import RegionEffect, synthetic_control
from bihuan.stats.experiments.segments import Heterogeneity, heterogeneity
from bihuan.stats.experiments.shortfall import Shortfall, shortfall
from bihuan.stats.experiments.winsorising import Capped, winsorised

__all__ = [
    "ONCE",
    "Arm",
    "Baseline",
    "Belief",
    "BetaPosterior",
    "Better",
    "Capped",
    "Check",
    "Correction",
    "Effect",
    "GuardRail",
    "Heterogeneity",
    "Inference",
    "Looks",
    "Moments",
    "NormalPosterior",
    "Plan",
    "Posterior",
    "QuantileRanks",
    "Quotient",
    "RegionEffect",
    "Shortfall",
    "UnitCost",
    "adjusted_arms",
    "any_time_path",
    "bandit_effect",
    "beliefs",
    "believed_difference",
    "chances_to_be_best",
    "compare",
    "corrected",
    "cost_per_incremental",
    "estimate",
    "guard_rail",
    "heterogeneity",
    "incremental",
    "mean_arm",
    "moments_of",
    "multiple_exposure",
    "needed_people",
    "pooled_arms",
    "posterior",
    "power_of",
    "pre_period_bias",
    "proportion_arm",
    "quantile_arm",
    "quantile_of",
    "quantile_ranks",
    "quotient",
    "ratio_arm",
    "return_on_investment",
    "return_on_varying_cost",
    "sample_ratio",
    "sample_ratio_any_time",
    "shortfall",
    "smallest_effect",
    "synthetic_control",
    "thompson_shares",
    "winsorised",
]
