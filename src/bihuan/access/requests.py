"""What a request says about where it comes from, and the cookie of a session.

``request.app.state.trust_proxy`` says whether forwarded addresses are believed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, Response

from bihuan.access.sessions.errors import RequestForged
from bihuan.access.sessions.service import COOKIE, LONGEST

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


def address_of(request: Request) -> str:
    """The sender's address; behind a trusted proxy the last one forwarded, which that proxy saw itself."""
    if _trusts_proxy(request):
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:64]
    return request.client.host if request.client else "local"


def is_https(request: Request) -> bool:
    """Whether the browser speaks HTTPS, to this server or to a trusted proxy."""
    forwarded = request.headers.get("x-forwarded-proto") if _trusts_proxy(request) else None
    return (forwarded or request.url.scheme).partition(",")[0].strip() == "https"


def own_address(request: Request) -> str:
    """The address that the browser used, for links."""
    return f"{'https' if is_https(request) else 'http'}://{_hosts(request)[-1]}"


def check_origin(request: Request) -> None:
    """Refuse a change that a page of another server asks for. Raises ``RequestForged``."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise RequestForged
        return
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        raise RequestForged from None
    if host not in _hosts(request):
        raise RequestForged


def set_session_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def remove_session_cookie(response: Response, *, secure: bool) -> None:
    """Take it away."""
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="lax")


def _hosts(request: Request) -> list[str]:
    hosts = [request.headers.get("host", "").lower()]
    forwarded = request.headers.get("x-forwarded-host") if _trusts_proxy(request) else None
    return [*hosts, forwarded.lower()] if forwarded else hosts


def _trusts_proxy(request: Request) -> bool:
    return bool(getattr(request.app.state, "trust_proxy", False))
