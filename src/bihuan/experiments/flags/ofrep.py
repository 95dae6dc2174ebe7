"""The OpenFeature Remote Evaluation Protocol (OFREP) as bare ASGI: ``/ofrep/v1/evaluate/flags[/{key}]``.

``/v1/flags[/{key}]`` is the same. The project's write key authenticates, as ``Authorization: Bearer`` or
``X-API-Key``: it may be in software that anybody can read, as for collection. Written after the protocol's
published description (github.com/open-feature/protocol).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

from bihuan.access import WriteKeyCache, WriteKeyUnknown
from bihuan.experiments.errors import FlagNotFound, TargetingKeyMissing
from bihuan.experiments.flags.definitions import PRODUCTION
from bihuan.experiments.flags.serving import FlagServer
from bihuan.kernel.errors import BihuanError, Overloaded

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = dict[str, str]

PREFIXES = ("/ofrep/v1/evaluate/flags", "/v1/flags")
ENVIRONMENT_HEADER = "x-bihuan-environment"
MOST_BODY_BYTES = 256 << 10


class BadRequest(Exception):
    """What was sent is no evaluation request."""

    def __init__(self, code: str, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code, self.details, self.status = code, details, status


class FlagApplication:
    """Serves flags to software.

    Args:
        cors_origins: sites whose pages may ask; ``*`` for all.
    """

    def __init__(self, flags: FlagServer, keys: WriteKeyCache, *, cors_origins: list[str]) -> None:
        self._flags = flags
        self._keys = keys
        self._cors_origins = frozenset(cors_origins)

    def handles(self, path: str) -> bool:
        """Whether a path is one of flags."""
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] == "OPTIONS":
            status, answer, more = 204, None, Headers()
        else:
            status, answer, more = await self._answer(scope, receive, headers)
        body = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode()
        pairs = {"content-type": "application/json", "content-length": str(len(body)), **more}
        pairs.update(self._cors(headers))
        sent = [(name.encode(), value.encode("latin-1")) for name, value in pairs.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    async def _answer(
        self, scope: Scope, receive: Receive, headers: Headers
    ) -> tuple[int, dict[str, Any] | None, Headers]:
        path = scope["path"]
        prefix = next(each for each in PREFIXES if path == each or path.startswith(f"{each}/"))
        key = unquote(path[len(prefix) :].strip("/"))
        named = {"key": key} if key else {}
        try:
            if scope["method"] != "POST":
                raise BadRequest("GENERAL", "Flags are asked for by POST.", 405)
            project_id = self._project_of(headers)
            context = _context(await _body(receive))
            environment = headers.get(ENVIRONMENT_HEADER, PRODUCTION)
            if key:
                one = await asyncio.to_thread(
                    self._flags.one, project_id, key, context, environment=environment
                )
                return 200, one, {}
            found = await asyncio.to_thread(self._flags.all, project_id, context, environment=environment)
        except BadRequest as error:
            return error.status, {**named, "errorCode": error.code, "errorDetails": error.details}, {}
        except BihuanError as error:
            code, status = _fault(error)
            more = {"retry-after": str(error.params.get("retry_after_seconds", 1))} if status == 429 else {}
            return status, {**named, "errorCode": code, "errorDetails": error.message("en")}, more
        tag = _etag(found)
        if headers.get("if-none-match") == tag:
            return 304, None, {"etag": tag}
        return 200, {"flags": found}, {"etag": tag}

    def _project_of(self, headers: Headers) -> str:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        key = token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
        if not key:
            raise BadRequest("GENERAL", "Send the write key as Authorization: Bearer, or as X-API-Key.", 401)
        return self._keys.require(key).project_id

    def _cors(self, headers: Headers) -> Headers:
        origin = headers.get("origin")
        if not origin or not ("*" in self._cors_origins or origin in self._cors_origins):
            return {}
        asked = headers.get("access-control-request-headers", "content-type, authorization, x-api-key")
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "POST, OPTIONS",
            "access-control-allow-headers": asked,
            "access-control-expose-headers": "etag, retry-after",
            "vary": "origin",
        }


def _fault(error: BihuanError) -> tuple[str, int]:
    match error:
        case FlagNotFound():
            return "FLAG_NOT_FOUND", 404
        case TargetingKeyMissing():
            return "TARGETING_KEY_MISSING", 400
        case WriteKeyUnknown():
            return "GENERAL", 401
        case Overloaded():
            return "GENERAL", 429
        case _:
            return "GENERAL", 500


def _etag(found: list[dict[str, Any]]) -> str:
    text = json.dumps(found, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _context(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise BadRequest("PARSE_ERROR", "The body is not JSON.") from error
    context = given.get("context", {}) if isinstance(given, dict) else None
    if context is None and isinstance(given, dict):
        context = {}
    if not isinstance(context, dict):
        raise BadRequest("INVALID_CONTEXT", "The context is an object.")
    return context


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BODY_BYTES:
            raise BadRequest("PARSE_ERROR", f"The body is larger than {MOST_BODY_BYTES} bytes.", 413)
        more = message.get("more_body", False)
    return b"".join(parts)
