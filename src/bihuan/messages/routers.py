"""All routes of messages."""

from bihuan.messages.channels.routes import router as channels_router
from bihuan.messages.consent.figures_routes import router as consent_figures_router
from bihuan.messages.consent.public_routes import router as public_consent_router
from bihuan.messages.consent.routes import router as consent_router
from bihuan.messages.inbox.routes import router as inbox_router
from bihuan.messages.outbox.looking_routes import router as looking_router
from bihuan.messages.outbox.routes import router as outbox_router
from bihuan.messages.returns.public_routes import router as public_returns_router
from bihuan.messages.returns.routes import router as returns_router
from bihuan.messages.templates.routes import router as templates_router
from bihuan.messages.templates.snippet_routes import router as snippets_router
from bihuan.messages.tracking.report_routes import router as report_router
from bihuan.messages.tracking.routes import router as tracking_router

ROUTERS = (
    templates_router,
    snippets_router,
    consent_router,
    public_consent_router,
    channels_router,
    looking_router,
    outbox_router,
    consent_figures_router,
    inbox_router,
    tracking_router,
    report_router,
    returns_router,
    public_returns_router,
)
