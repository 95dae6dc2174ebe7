"""Built files, served as they are."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from bihuan.server.web.mail_frame import MAIL_FRAME, mail_frame

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STATIC = Path(__file__).parent / "static"
INDEX = "index.html"
# The build names these by their content.
_NAMED_BY_CONTENT = "assets/"
_FOREVER = "public, max-age=31536000, immutable"
# The scripts for other sites: by their plain address or one with ``?v=``, which names what is there.
SDK, IN_APP = "bihuan.js", "bihuan-inapp.js"
_SDKS = (SDK, IN_APP)
_SDK_HEADERS = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
_AN_HOUR = "public, max-age=3600"
_OTHERS = ("/api/", "/v1/", "/in/", "/m/")
_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Bihuan</title>
<h1>Bihuan 闭环</h1>
<p>The pages are not built. Run <code>pip install .</code> or <code>make serve</code> in a checkout.</p>
<p>页面尚未构建。请在源码目录中运行 <code>pip install .</code> 或 <code>make serve</code>。</p>
<p><a href="/api/docs">API</a></p>
"""


@dataclass(frozen=True)
class _File:
    path: Path
    media_type: str
    packed: Path | None
    # Of the SDK's files alone; weak, since it is the same for the packed form.
    tag: str = ""


class WebPages:
    """An ASGI application; ``directory`` is read once."""

    def __init__(self, directory: Path = STATIC) -> None:
        self._files = dict(_files(directory))

    @staticmethod
    def handles(path: str) -> bool:
        """Whether an address is one of a page or a file of pages."""
        return path not in ("/api", "/health") and not path.startswith(_OTHERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, {"allow": "GET, HEAD"})
        name = scope["path"].lstrip("/")
        if name == MAIL_FRAME:
            return mail_frame()
        file = self._files.get(name)
        if file is None and (name.startswith(_NAMED_BY_CONTENT) or "." in name.rpartition("/")[2]):
            return PlainTextResponse("Not Found", 404)
        file = file or self._files.get(INDEX)
        if file is None:
            return HTMLResponse(_NOT_BUILT, 503)
        if name in _SDKS:
            return _sdk(file, scope)
        headers = {"cache-control": _FOREVER if name.startswith(_NAMED_BY_CONTENT) else "no-cache"}
        return _file_response(file, scope, headers)


def _sdk(file: _File, scope: Scope) -> Response:
    """The script, or that the browser's copy is still the same."""
    named = "v" in parse_qs(scope["query_string"].decode("latin-1"))
    headers = {**_SDK_HEADERS, "cache-control": _FOREVER if named else _AN_HOUR, "etag": file.tag}
    held = Headers(scope=scope).get("if-none-match", "")
    if file.tag in (tag.strip() for tag in held.split(",")):
        return Response(status_code=304, headers={**headers, "vary": "accept-encoding"})
    return _file_response(file, scope, headers)


def _file_response(file: _File, scope: Scope, headers: dict[str, str]) -> Response:
    if file.packed is None:
        return FileResponse(file.path, media_type=file.media_type, headers=headers)
    headers["vary"] = "accept-encoding"
    if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
        return FileResponse(file.path, media_type=file.media_type, headers=headers)
    headers["content-encoding"] = "gzip"
    return FileResponse(file.packed, media_type=file.media_type, headers=headers)


def _files(directory: Path) -> list[tuple[str, _File]]:
    found = []
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix != ".gz" and not path.name.startswith("."):
            packed = path.with_name(path.name + ".gz")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            name = path.relative_to(directory).as_posix()
            tag = _tag(path) if name in _SDKS else ""
            found.append((name, _File(path, kind, packed if packed.is_file() else None, tag)))
    return found


def _tag(path: Path) -> str:
    return f'W/"{hashlib.sha256(path.read_bytes()).hexdigest()[:20]}"'
