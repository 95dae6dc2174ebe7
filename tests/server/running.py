"""A server of this process's installation, on a free port, in a thread: for clients that need a socket."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx
import uvicorn

from bihuan.access import ProjectInput, create_api_key, create_project, create_source, create_write_key
from bihuan.app import Installation
from bihuan.collect import CollectConnection
from bihuan.collect.turns import Turns
from bihuan.insights import LiveEvents
from bihuan.messages import system_clock
from bihuan.projects import OpenProject
from bihuan.server import create_server
from bihuan.server.app import Server
from bihuan.settings import Settings
from bihuan.warehouse import Engine, drop_project, project_store
from tests.ready import make_sqlite
from tests.server.contract import contract_of

START_SECONDS = 30
SOURCE = "web"


@dataclass(frozen=True)
class Running:
    """A server with one project of its own. ``api`` checks every answer against the OpenAPI description."""

    url: str
    installation: Installation
    project_id: str
    write_key: str
    api_key: str
    api: httpx.Client
    application: Server

    @property
    def live(self) -> LiveEvents:
        found: LiveEvents = self.application.api.state.live
        return found

    @property
    def turns(self) -> Turns:
        return self.application.collect.turns

    @property
    def project(self) -> OpenProject:
        return self.installation.project(self.project_id)

    def path(self, rest: str) -> str:
        return f"/api/projects/{self.project_id}{rest}"

    def events(self) -> list[dict[str, Any]]:
        """Every stored event, in order of time."""
        rows = self.project.store.engine.rows(
            "SELECT event, distinct_id, toUnixTimestamp64Milli(time), toString(properties), "
            "source, session_id "
            f"FROM {self.project.store.table('events')} ORDER BY time, event"
        )
        names = ("event", "distinct_id", "time_ms", "properties", "source", "session_id")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [{**row, "properties": json.loads(row["properties"])} for row in found]

    def quarantined(self) -> list[tuple[Any, ...]]:
        table = self.project.store.table("quarantine")
        return self.project.store.engine.rows(
            f"SELECT reason, path, raw FROM {table} FINAL ORDER BY reason, path"
        )


class _Server(uvicorn.Server):
    """Ends as ``bihuan serve`` does."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        cast(Server, self.config.app).end_streams()
        await super().shutdown(sockets)


@contextmanager
def running_server(
    engine: Engine,
    data: Path,
    *,
    work: bool = False,
    now_ms: Callable[[], int] = system_clock,
    **settings: Any,
) -> Iterator[Running]:
    """Serve until the block ends; the project's database is dropped then. ``work``: run jobs, too.

    ``now_ms``: the clock of messages and journeys.
    """
    if "database" not in settings:
        make_sqlite(data / "control.sqlite3")
    installation = Installation(Settings(data=data, warehouse=engine.dsn, **settings), now_ms=now_ms)
    project_id = f"p{uuid.uuid4().hex[:12]}"
    with installation.database.session() as session:
        create_project(session, ProjectInput(id=project_id, name="Test", time_zone="Asia/Shanghai"))
        source = create_source(session, project_id, SOURCE)
        write_key = create_write_key(session, project_id, source.id).key
        _, secret = create_api_key(session, None, "test", ["read", "write", "admin"])
    app = create_server(installation, work=work)
    server = _Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            http=cast("type[asyncio.Protocol]", partial(CollectConnection, collect=app.collect)),
            log_level="warning",
            access_log=False,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = _address(server)
    contract = contract_of(app.api, "whole")
    api = httpx.Client(
        base_url=url,
        headers={"authorization": f"Bearer {secret}"},
        timeout=60,
        event_hooks={"response": [contract.check]},
    )
    try:
        yield Running(url, installation, project_id, write_key, secret, api, app)
    finally:
        api.close()
        server.should_exit = True
        thread.join(START_SECONDS)
        for each in (project_id, "default"):
            drop_project(project_store(engine, each))


def _address(server: uvicorn.Server) -> str:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not start")
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"
