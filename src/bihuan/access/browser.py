"""What every answer tells a browser: security headers, and the new cookie when a session was renamed."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from bihuan.access.requests import is_https, set_session_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    # The component library writes its styles into the page.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
HSTS = "max-age=31536000"
# Pages of the framework, with a script inside that only its content tells apart.
_OWN_SCRIPT = ("/api/docs", "/api/docs/oauth2-redirect")
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.S)


class BrowserSecurity:
    """Wraps an application. A header that the application set itself stays, such as its own policy for a
    page that may be embedded."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        outgoing = _Outgoing(scope, send)
        await self._app(scope, receive, outgoing.send)


class _Outgoing:
    """One answer on its way."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._held: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._scope["path"] in _OWN_SCRIPT:
                self._held = message
                return
            self._finish(message, policy())
        elif self._held is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            self._finish(self._held, policy(*_SCRIPT.findall(bytes(self._body))))
            await self._send(self._held)
            message = {"type": "http.response.body", "body": bytes(self._body)}
        await self._send(message)

    def _finish(self, start: Message, content_policy: str) -> None:
        headers = MutableHeaders(raw=start["headers"])
        start["headers"] = headers.raw
        request = Request(self._scope)
        framed = "content-security-policy" in headers
        headers.setdefault("content-security-policy", content_policy)
        if not framed:
            headers.setdefault("x-frame-options", "DENY")
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        secure = "app" in self._scope and is_https(request)
        if secure:
            headers.setdefault("strict-transport-security", HSTS)
        if self._scope["path"].startswith("/api/") and "docs-assets" not in self._scope["path"]:
            headers.setdefault("cache-control", "no-store")
        token = self._scope["state"].get("new_session_token")
        if token is not None:
            answer = Response()
            set_session_cookie(answer, token, secure=secure)
            headers.append("set-cookie", answer.headers["set-cookie"])


def policy(*inline_scripts: bytes, frame_ancestors: str = "'none'") -> str:
    """The content security policy; scripts inside the page are let in by their SHA-256."""
    parts = {**_POLICY, "frame-ancestors": frame_ancestors}
    for script in inline_scripts:
        parts["script-src"] += f" 'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
    return "; ".join(f"{name} {value}" for name, value in parts.items())
