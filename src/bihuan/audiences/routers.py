"""All routes of audiences, tags and studies of people."""

from bihuan.audiences.prediction.lever_routes import router as lever_router
from bihuan.audiences.prediction.routes import router as prediction_router
from bihuan.audiences.routes import router
from bihuan.audiences.studies.activity_routes import router as activity_router
from bihuan.audiences.studies.flow_routes import router as flow_router
from bihuan.audiences.studies.persona_routes import router as persona_router
from bihuan.audiences.studies.rfm_routes import router as rfm_router
from bihuan.audiences.studies.stages_routes import router as stages_router
from bihuan.audiences.subject_routes import router as subject_router
from bihuan.audiences.sync.routes import router as sync_router
from bihuan.audiences.tags.routes import router as tags_router
from bihuan.audiences.warnings.routes import router as warnings_router

ROUTERS = (
    router,
    subject_router,
    tags_router,
    rfm_router,
    stages_router,
    activity_router,
    persona_router,
    flow_router,
    prediction_router,
    sync_router,
    warnings_router,
    lever_router,
)
