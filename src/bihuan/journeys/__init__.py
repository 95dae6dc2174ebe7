"""Journeys 旅程: graphs that people are led through, moved in sets."""

from bihuan.journeys.deeds.routes import router as deeds_router
from bihuan.journeys.engine.telling import WriterOfLog
from bihuan.journeys.moving_people import JourneyRunner
from bihuan.journeys.people_routes import router as people_router
from bihuan.journeys.ports import Services
from bihuan.journeys.rewards.routes import router as settings_router
from bihuan.journeys.routes import router
from bihuan.journeys.service import forget_erased
from bihuan.journeys.tasks.routes import router as tasks_router

# What has a name of its own comes before what takes any id.
ROUTERS = (settings_router, tasks_router, people_router, deeds_router, router)

__all__ = ["ROUTERS", "JourneyRunner", "Services", "WriterOfLog", "forget_erased"]
