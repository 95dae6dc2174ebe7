"""Every route of this package but those of export."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.insights import routes
from bihuan.insights.annotations import routes as annotated
from bihuan.insights.dashboards import routes as dashboards
from bihuan.insights.live import routes as live
from bihuan.insights.metrics import routes as metrics
from bihuan.insights.saved import routes as saved
from bihuan.insights.sharing import routes as sharing
from bihuan.insights.templates import routes as templates

router = APIRouter()
for part in (routes, saved, dashboards, metrics, annotated, live, templates, sharing):
    router.include_router(part.router)
router.include_router(saved.tags_router)
