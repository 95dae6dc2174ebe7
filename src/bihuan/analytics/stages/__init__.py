"""Lifecycle stages: onboarding, growing, mature, dormant, lost; and how people move between values."""

from bihuan.analytics.stages.query import STAGE_NAMES, STAGES, ReturnsQuery, Stage, StageDefinition
from bihuan.analytics.stages.returns import Absence, Returns, read_returns
from bihuan.analytics.stages.sql import returns_sql, sizes_sql, values_sql
from bihuan.analytics.stages.transitions import (
    DayFlow,
    Link,
    Move,
    Transitions,
    assigned_sql,
    day_flows,
    link_people_sql,
    links_sql,
    moved_people_sql,
    moves_sql,
    read_links,
    read_moves,
    transitions,
)

__all__ = [
    "STAGES",
    "STAGE_NAMES",
    "Absence",
    "DayFlow",
    "Link",
    "Move",
    "Returns",
    "ReturnsQuery",
    "Stage",
    "StageDefinition",
    "Transitions",
    "assigned_sql",
    "day_flows",
    "link_people_sql",
    "links_sql",
    "moved_people_sql",
    "moves_sql",
    "read_links",
    "read_moves",
    "read_returns",
    "returns_sql",
    "sizes_sql",
    "transitions",
    "values_sql",
]
