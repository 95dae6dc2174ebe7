"""HTTP assembly: collection in front, as bare ASGI; the API behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

import bihuan
from bihuan import (
    access,
    audiences,
    campaigns,
    catalog,
    experiments,
    insights,
    journeys,
    maintenance,
    messages,
    people,
)
from bihuan.app import Installation
from bihuan.collect import CollectApplication, files, quarantine
from bihuan.jobs.routes import router as jobs_router
from bihuan.server import backups, doctor, errors, health
from bihuan.server.openapi import describe
from bihuan.server.web import WebPages
from bihuan.settings import Settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


ROUTERS = (
    health.router,
    *access.ROUTERS,
    people.router,
    catalog.router,
    catalog.personal_router,
    files.router,
    quarantine.router,
    insights.router,
    insights.export_router,
    *audiences.ROUTERS,
    *messages.ROUTERS,
    *campaigns.ROUTERS,
    *experiments.ROUTERS,
    *journeys.ROUTERS,
    jobs_router,
    doctor.router,
    backups.router,
)


def create_api(installation: Installation) -> FastAPI:
    """The API as an application of its own: everything but collection."""
    # With the scripts of the page in the package: a server need not reach the internet.
    api = FastAPIOffline(
        title="Bihuan",
        version=bihuan.__version__,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        redoc_url=None,
        static_url="/api/docs-assets",
        swagger_ui_oauth2_redirect_url="/api/docs/oauth2-redirect",
    )
    api.state.installation = installation
    api.state.database = installation.database
    api.state.trust_proxy = installation.settings.trust_proxy
    api.state.oidc = _identity_provider(installation.settings)
    api.state.jobs = installation.jobs
    api.state.queries = installation.queries
    api.state.boards = installation.boards
    api.state.live = insights.LiveEvents()
    api.state.people = lambda project_id: installation.project(project_id).people
    api.state.open_project = installation.project
    api.state.quarantine = lambda project_id: installation.project(project_id).quarantine
    api.state.journeys = installation.journeys
    api.state.imports = installation.imports
    api.state.sync_out = maintenance.sync_out(installation.settings)
    api.state.campaigns = installation.campaigns
    api.state.campaign_files = campaigns.CampaignFiles(installation.settings.data / "campaign_files")
    api.state.flags = installation.flags
    errors.install(api)
    for router in ROUTERS:
        api.include_router(router)
    describe(api)
    return api


def _identity_provider(settings: Settings) -> access.OidcProvider | None:
    if not settings.oidc_issuer:
        return None
    return access.OidcProvider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_name
    )


class Server:
    """The whole server as one ASGI application."""

    def __init__(self, installation: Installation, *, work: bool) -> None:
        self.installation = installation
        self.api = create_api(installation)
        self._work = work
        self.api.router.lifespan_context = self._lifespan
        self._web = WebPages()
        self._pages = insights.PublicPages(self._web, installation.database)
        settings = installation.settings
        self._browser = access.BrowserSecurity(self._pages_or_api)
        self.collect = CollectApplication(
            installation.collector, cors_origins=settings.cors_origins, trust_proxy=settings.trust_proxy
        )
        self.inbox = messages.InboxApplication(
            installation.database,
            installation.write_keys,
            installation.project,
            cors_origins=settings.cors_origins,
        )
        self.flags = experiments.FlagApplication(
            installation.flags, installation.write_keys, cors_origins=settings.cors_origins
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "http" and self.flags.handles(scope["path"]):
            await self.flags(scope, receive, send)
        elif scope["type"] == "http" and self.inbox.handles(scope["path"]):
            await self.inbox(scope, receive, send)
        elif scope["type"] == "http" and self.collect.handles(scope["path"]):
            await self.collect(scope, receive, send)
        elif scope["type"] == "http":
            await self._asked(scope, receive, send)
        else:
            await self._browser(scope, receive, send)

    async def _asked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Somebody waits for this answer: it goes before batches of events."""
        with self.collect.turns.question(asyncio.get_running_loop()) as answered:

            async def begin_answer(message: MutableMapping[str, Any]) -> None:
                answered()
                await send(message)

            await self._browser(scope, receive, begin_answer)

    async def _pages_or_api(self, scope: Scope, receive: Receive, send: Send) -> None:
        pages = scope["type"] == "http" and self._web.handles(scope["path"])
        await (self._pages if pages else self.api)(scope, receive, send)

    def end_streams(self) -> None:
        """End answers that would go on for as long as somebody listens; called in the event loop."""
        self.api.state.live.end()

    @asynccontextmanager
    async def _lifespan(self, _api: FastAPI) -> AsyncIterator[None]:
        # In threads: DBOS refuses to be driven from within an event loop.
        await asyncio.to_thread(self.installation.start, work=self._work)
        try:
            yield
        finally:
            await asyncio.to_thread(self.installation.close)


def create_server(installation: Installation, *, work: bool = True) -> Server:
    """The server for an installation; with ``work`` it also runs background jobs."""
    return Server(installation, work=work)
