"""Which pages may be shown in a frame, and where."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bihuan.access import content_security_policy
from bihuan.database import Database
from bihuan.insights.sharing.service import origins_for

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "/public/"


class PublicPages:
    """Wraps the application of the pages: lets the origins that a project names embed its public ones."""

    def __init__(self, app: Application, database: Database) -> None:
        self._app = app
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        token = scope["path"].removeprefix(PREFIX)
        origins = await asyncio.to_thread(origins_for, self._database, token)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(b"referrer-policy", b"no-referrer"), (b"x-robots-tag", b"noindex")]
                if origins:
                    framed = content_security_policy(frame_ancestors=" ".join(origins))
                    extra.append((b"content-security-policy", framed.encode()))
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self._app(scope, receive, answer)
