"""Asking, and what is kept of it.

Queries with cache, limits, cancellation and the people behind every number; export; saved insights,
dashboards, metrics, annotations; live events.
"""

from bihuan.insights.export_routes import router as export_router
from bihuan.insights.live import LiveEvents
from bihuan.insights.rollups import RolledUp, roll_up
from bihuan.insights.routers import router
from bihuan.insights.service import QueryLimits, QueryService, context

__all__ = [
    "LiveEvents",
    "QueryLimits",
    "QueryService",
    "RolledUp",
    "context",
    "export_router",
    "roll_up",
    "router",
]
