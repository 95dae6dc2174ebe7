"""Collection over HTTP, as a bare ASGI application: the hot path has no framework in it.

Routes are those the protocols declare: ``/in/<protocol>/…`` for each, and ``/v1/…`` for the native API.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from bihuan.collect.bodies import decompress
from bihuan.collect.errors import BodyTooLarge, RouteUnknown
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import CollectProtocol, Reply, Request
from bihuan.collect.service import Collector
from bihuan.collect.turns import Turns
from bihuan.kernel.errors import BihuanError, Language

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

NATIVE_PREFIX = "/v1/"
PROTOCOL_PREFIX = "/in/"
# Below the native prefix, and yet no collection: see bihuan.experiments and bihuan.messages.inbox.
FLAGS_PATH = "/v1/flags"
INBOX_PATH = "/v1/inbox"
_CORS_SECONDS = "86400"


class CollectApplication:
    """Serves every collection route; ``turns`` are those of its large requests.

    Args:
        collector: what authenticates, prepares and stores a parsed request.
        cors_origins: origins that browsers may send from; ``*`` for any.
        trust_proxy: take the sender's address from ``X-Forwarded-For``.
    """

    def __init__(self, collector: Collector, *, cors_origins: list[str], trust_proxy: bool) -> None:
        self._collector = collector
        self._protocols = all_protocols()
        self._cors_origins = frozenset(cors_origins)
        self._trust_proxy = trust_proxy
        self.turns = Turns()

    def handles(self, path: str) -> bool:
        """Whether ``path`` belongs to collection."""
        return path.startswith((NATIVE_PREFIX, PROTOCOL_PREFIX))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        protocol, path = self.route(scope["path"])
        client = scope.get("client")
        query = scope["query_string"].decode("latin-1")
        request = self.request(scope["method"], path, query, headers, client[0] if client else None)
        if protocol is None:
            reply = _refusal(RouteUnknown(), language_of(headers))
        elif request.method == "OPTIONS":
            reply = Reply(status=204)
        else:
            try:
                request.body = await _read_body(receive, protocol.max_body_bytes)
                reply = await self.answer(protocol, request)
            except BodyTooLarge as error:
                reply = protocol.refused(request, error, language_of(headers))
        pairs = self.headers_of(request, reply)
        await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
        await send({"type": "http.response.body", "body": reply.body})

    def route(self, path: str) -> tuple[CollectProtocol | None, str]:
        """The protocol that serves ``path``, and the path below its mount."""
        if path in (FLAGS_PATH, INBOX_PATH) or path.startswith(f"{FLAGS_PATH}/"):
            return None, path
        if path.startswith(NATIVE_PREFIX):
            return self._protocols["segment"], path
        name, slash, rest = path[len(PROTOCOL_PREFIX) :].partition("/")
        return self._protocols.get(name), slash + rest

    def request(
        self, method: str, path: str, query: str, headers: dict[str, str], client: str | None
    ) -> Request:
        """The request received now, still without body; ``client`` is the peer's address."""
        forwarded = headers.get("x-forwarded-for") if self._trust_proxy else None
        return Request(
            method=method,
            path=path,
            query=parse_qs(query, keep_blank_values=True) if query else {},
            headers=headers,
            client_ip=forwarded.split(",")[0].strip() if forwarded else client,
            received_ms=time.time_ns() // 1_000_000,
        )

    async def answer(self, protocol: CollectProtocol, request: Request) -> Reply:
        """Store what a whole request says and word the answer, also to what cannot be stored."""
        headers = request.headers
        try:
            encoding = headers.get("content-encoding")
            if encoding:
                request.body = decompress(request.body, encoding, protocol.max_body_bytes)
            return await self._collector.collect(protocol, request)
        except BihuanError as error:
            reply = protocol.refused(request, error, language_of(headers))
            retry_after = error.params.get("retry_after_seconds")
            if retry_after is not None:
                reply.headers = {**reply.headers, "retry-after": str(retry_after)}
            return reply

    def headers_of(self, request: Request, reply: Reply) -> list[tuple[bytes, bytes]]:
        """The headers of the answer, with leave for browsers on other sites."""
        pairs = [
            (b"content-type", reply.media_type.encode("latin-1")),
            (b"content-length", b"%d" % len(reply.body)),
        ]
        for name, value in reply.headers.items():
            pairs.append((name.encode("latin-1"), value.encode("latin-1")))
        if "origin" in request.headers:
            pairs += self._cors(request.headers)
        return pairs

    def _cors(self, headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
        origin = headers["origin"]
        if not origin or not ("*" in self._cors_origins or origin in self._cors_origins):
            return []
        pairs = {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-headers": headers.get("access-control-request-headers", "content-type"),
            "access-control-expose-headers": "retry-after",
            "access-control-max-age": _CORS_SECONDS,
            "vary": "origin",
        }
        return [(name.encode(), value.encode("latin-1")) for name, value in pairs.items()]


def language_of(headers: dict[str, str]) -> Language:
    """The reader's language from ``Accept-Language``: zh when it comes first, else en."""
    return "zh" if headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


def _refusal(error: BihuanError, language: Language) -> Reply:
    return Reply(status=error.status, body=msgspec.json.encode(error.as_dict(language)))


async def _read_body(receive: Receive, limit_bytes: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        _check_size(len(body), limit_bytes)
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        _check_size(size, limit_bytes)
    return b"".join(parts)


def _check_size(size_bytes: int, limit_bytes: int) -> None:
    if size_bytes > limit_bytes:
        raise BodyTooLarge(size_bytes=size_bytes, limit_bytes=limit_bytes)
