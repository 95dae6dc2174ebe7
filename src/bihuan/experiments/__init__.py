"""Experiments 实验: groups by hash, holdouts, feature flags, and readings from the log with a verdict."""

from bihuan.experiments.assignment import PARTS, Split, draw, draw_of_id, draw_sql, split, split_sql
from bihuan.experiments.flags.ofrep import FlagApplication
from bihuan.experiments.flags.serving import FlagServer
from bihuan.experiments.holdouts.membership import HeldOut
from bihuan.experiments.holdouts.service import held_out
from bihuan.experiments.measuring import (
    EXPOSED,
    HELD_OUT,
    HOLDOUT,
    SENT,
    TREATED,
    Assigned,
    ByEvent,
    Exposed,
    Figure,
    FunnelStep,
    Mean,
    Metric,
    OfCampaign,
    Proportion,
    Quantile,
    Ratio,
    Retention,
)
from bihuan.experiments.reading import measure_holdout
from bihuan.experiments.readings.schemas import Reading, Verdict
from bihuan.experiments.recording import record_groups, record_groups_sql
from bihuan.experiments.routers import ROUTERS
from bihuan.experiments.tending import TEND, TEND_SECONDS, Tender

__all__ = [
    "EXPOSED",
    "HELD_OUT",
    "HOLDOUT",
    "PARTS",
    "ROUTERS",
    "SENT",
    "TEND",
    "TEND_SECONDS",
    "TREATED",
    "Assigned",
    "ByEvent",
    "Exposed",
    "Figure",
    "FlagApplication",
    "FlagServer",
    "FunnelStep",
    "HeldOut",
    "Mean",
    "Metric",
    "OfCampaign",
    "Proportion",
    "Quantile",
    "Ratio",
    "Reading",
    "Retention",
    "Split",
    "Tender",
    "Verdict",
    "draw",
    "draw_of_id",
    "draw_sql",
    "held_out",
    "measure_holdout",
    "record_groups",
    "record_groups_sql",
    "split",
    "split_sql",
]
