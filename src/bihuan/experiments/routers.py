"""All routes of experiments, holdouts and flags."""

from bihuan.experiments.flags.routes import router as flags_router
from bihuan.experiments.holdouts.routes import router as holdout_router
from bihuan.experiments.layer_routes import router as layer_router
from bihuan.experiments.planning_routes import router as planning_router
from bihuan.experiments.reading_routes import router as reading_router
from bihuan.experiments.routes import router

ROUTERS = (planning_router, router, reading_router, layer_router, holdout_router, flags_router)
