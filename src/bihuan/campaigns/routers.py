"""All routes of campaigns."""

from bihuan.campaigns.approvals.routes import router as approvals_router
from bihuan.campaigns.calendar.routes import router as calendar_router
from bihuan.campaigns.calendar.routes import sizes_router
from bihuan.campaigns.judging.routes import router as judging_router
from bihuan.campaigns.routes import router
from bihuan.campaigns.states.routes import router as states_router
from bihuan.campaigns.work.routes import router as work_router

ROUTERS = (
    router,
    approvals_router,
    calendar_router,
    sizes_router,
    work_router,
    states_router,
    judging_router,
)
