"""``/m/c/{token}`` and ``/m/o/{token}.gif``: what people click on and what their mail programs fetch."""

from __future__ import annotations

import base64
import logging
import time
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from bihuan.access import Public
from bihuan.messages.tracking.errors import LinkUnknown
from bihuan.messages.tracking.telling import Happening, happened
from bihuan.messages.tracking.tokens import Tokens, Tracked

router = APIRouter(prefix="/m", tags=["messages"])
_log = logging.getLogger(__name__)

Token = Annotated[str, Path(min_length=20, max_length=8_000, pattern=r"^[A-Za-z0-9_-]+$")]
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_NOT_KEPT = {"cache-control": "no-store, private", "referrer-policy": "no-referrer"}
_IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/gif": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/c/{token}", status_code=302, response_class=RedirectResponse)
def click(visitor: Public, request: Request, token: Token) -> RedirectResponse:
    """Lead on to where the link of a message goes, and tell the event log of the click."""
    tracked = _read(request, token)
    if tracked is None or not tracked.url:
        raise LinkUnknown
    _tell(request, tracked, "$message_clicked", visitor.address, {"$url": tracked.url})
    return RedirectResponse(tracked.url, 302, headers=_NOT_KEPT)


@router.get("/o/{token}.gif", response_class=Response, responses=_IMAGE)
def opened(visitor: Public, request: Request, token: Token) -> Response:
    """The pixel of a mail; the event log is told that it was opened."""
    tracked = _read(request, token)
    if tracked is not None and not tracked.url:
        _tell(request, tracked, "$message_opened", visitor.address, {})
    # Nobody who reads a mail is served by a broken image.
    return Response(_PIXEL, media_type="image/gif", headers=_NOT_KEPT)


def _read(request: Request, token: str) -> Tracked | None:
    tokens: Tokens = request.app.state.installation.messaging.tokens
    return tokens.read(token)


def _tell(
    request: Request, tracked: Tracked, event: Happening, address: str, properties: dict[str, Any]
) -> None:
    installation = request.app.state.installation
    try:
        happened(
            installation.database,
            installation.project(tracked.project_id),
            tracked.message_id,
            event,
            at_ms=time.time_ns() // 1_000_000,
            properties=properties,
            user_agent=request.headers.get("user-agent"),
            ip=address,
        )
    except Exception:
        # The reader gets where they wanted to go.
        _log.warning("%s of message %s was not told", event, tracked.message_id, exc_info=True)
