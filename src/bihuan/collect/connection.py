"""Collection straight off the connection, for servers on uvicorn.

A POST to a collection route whose length is known is answered here without the steps of ASGI, which cost
more than reading and storing one event (60 of 155 µs a request were measured). Everything else, and
everything that HTTP knows besides, goes the way that uvicorn goes.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from bihuan.collect.asgi import NATIVE_PREFIX, PROTOCOL_PREFIX, CollectApplication
from bihuan.collect.protocols.base import CollectProtocol, Reply, Request

_LOG = logging.getLogger(__name__)

_PREFIXES = (NATIVE_PREFIX.encode(), PROTOCOL_PREFIX.encode())
# Paths with these are left to uvicorn, which knows what they mean.
_SPECIAL = frozenset(b"%#")
# What is shorter takes less than the turn that it would wait for.
_LARGE_BYTES = 8_192
_FAILED = Reply(status=500, body=b"Internal Server Error", media_type="text/plain; charset=utf-8")


class _Exchange:
    """A request and its answer; what uvicorn's protocol asks of a cycle of its own is here too."""

    __slots__ = (
        "complete",
        "disconnected",
        "keep_alive",
        "parts",
        "protocol",
        "request",
        "response_complete",
        "turn",
    )

    # Set by uvicorn when the connection is lost; nobody waits for it here.
    message_event = asyncio.Event()

    def __init__(self, protocol: CollectProtocol, request: Request, *, keep_alive: bool, turn: bool) -> None:
        self.protocol = protocol
        self.request = request
        self.parts: list[bytes] = []
        self.keep_alive = keep_alive
        self.turn = turn  # whether the requests before it on this connection are answered
        self.complete = False  # whether its body has arrived
        self.disconnected = False
        self.response_complete = False


class CollectConnection(HttpToolsProtocol):
    """One connection of a client.

    Args:
        collect: the application whose routes are answered here.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        collect: CollectApplication,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._collect = collect

    def on_headers_complete(self) -> None:
        """Answer the request here if it is plain collection, else as uvicorn does."""
        exchange = self._exchange()
        if exchange is None:
            super().on_headers_complete()
            return
        cycle: Any = exchange
        self.cycle = cycle
        if not exchange.turn:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        exchange: Any = self.cycle
        if type(exchange) is _Exchange:
            exchange.parts.append(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin with the request, unless others on the connection come first."""
        exchange: Any = self.cycle
        if type(exchange) is not _Exchange:
            super().on_message_complete()
            return
        exchange.complete = True
        if exchange.turn:
            self._start(exchange)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Called by uvicorn when it is a waiting request's turn."""
        if type(cycle) is not _Exchange:
            super()._start_asgi_task(cycle, app)
            return
        cycle.turn = True
        if cycle.complete:
            self._start(cycle)

    def _exchange(self) -> _Exchange | None:
        """The request if it can be answered here."""
        url, parser = self.url, self.parser
        if not url.startswith(_PREFIXES) or parser.get_method() != b"POST" or not _SPECIAL.isdisjoint(url):
            return None
        if self.expect_100_continue or self.root_path or parser.should_upgrade():
            return None
        if parser.get_http_version() != "1.1" or self.limit_concurrency is not None:
            return None
        path, _, query = url.decode("latin-1").partition("?")
        protocol, path = self._collect.route(path)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
        length = headers.get("content-length", "")
        if protocol is None or "transfer-encoding" in headers or not length.isdecimal():
            return None
        if int(length) > protocol.max_body_bytes:
            return None
        client = self.client[0] if self.client else None
        request = self._collect.request("POST", path, query, headers, client)
        return _Exchange(
            protocol,
            request,
            keep_alive=parser.should_keep_alive(),
            turn=self.cycle is None or self.cycle.response_complete,
        )

    def _start(self, exchange: _Exchange) -> None:
        parts = exchange.parts
        exchange.request.body = parts[0] if len(parts) == 1 else b"".join(parts)
        if len(exchange.request.body) < _LARGE_BYTES:
            self._begin(exchange)
        else:
            self._collect.turns.take(self.loop, partial(self._begin, exchange))

    def _begin(self, exchange: _Exchange) -> None:
        task = self.loop.create_task(self._respond(exchange))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _respond(self, exchange: _Exchange) -> None:
        request = exchange.request
        try:
            reply = await self._collect.answer(exchange.protocol, request)
        except Exception:
            _LOG.exception("A request to %s failed", request.path)
            reply, exchange.keep_alive = _FAILED, False
        if self.flow.write_paused and not exchange.disconnected:
            await self.flow.drain()
        if exchange.disconnected or self.transport.is_closing():
            return
        head = [STATUS_LINE[reply.status]]
        pairs = [*self.server_state.default_headers, *self._collect.headers_of(request, reply)]
        if not exchange.keep_alive:
            pairs.append((b"connection", b"close"))
        for name, value in pairs:
            head += (name, b": ", value, b"\r\n")
        self.transport.write(b"".join((*head, b"\r\n", reply.body)))
        exchange.response_complete = True
        if not exchange.keep_alive:
            self.transport.close()
        self.on_response_complete()
