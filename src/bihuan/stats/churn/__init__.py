"""Who is about to leave, how sure that is, and why."""

from bihuan.stats.churn.leaks import FeatureStrength, Leak, LeakReport, find_leaks
from bihuan.stats.churn.people import Feature, Window
from bihuan.stats.churn.reasons import Reason, TopEffects
from bihuan.stats.churn.scores import CalibrationBin, Comparison, Estimate, Scores
from bihuan.stats.churn.training import (
    Baseline,
    Candidate,
    ChurnModel,
    Report,
    train_on_table,
    train_on_windows,
)

__all__ = [
    "Baseline",
    "CalibrationBin",
    "Candidate",
    "ChurnModel",
    "Comparison",
    "Estimate",
    "Feature",
    "FeatureStrength",
    "Leak",
    "LeakReport",
    "Reason",
    "Report",
    "Scores",
    "TopEffects",
    "Window",
    "find_leaks",
    "train_on_table",
    "train_on_windows",
]
