"""``/api/oidc``: log in at the identity provider and come back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from bihuan.access.oidc import service
from bihuan.access.oidc.errors import OidcOff, OidcRefused
from bihuan.access.oidc.provider import OidcProvider
from bihuan.access.permissions import ControlDatabase, Public
from bihuan.access.requests import is_https, own_address
from bihuan.access.secret_values import instance_secret
from bihuan.access.sessions.routes import logged_in
from bihuan.database import Database
from bihuan.kernel.errors import BihuanError

router = APIRouter(prefix="/api/oidc", tags=["members"])

COOKIE = "bihuan_oidc"
PATH = "/api/oidc"
_SECONDS = 600
Text = Annotated[str | None, Query(max_length=4_000)]


class OidcState(BaseModel):
    """Whether members may log in at an identity provider, and what the button says."""

    enabled: bool
    name: str | None


class _Begun(msgspec.Struct, frozen=True):
    """What a browser keeps while its member is at the provider."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: float


def _provider(request: Request) -> OidcProvider:
    provider: OidcProvider | None = getattr(request.app.state, "oidc", None)
    if provider is None:
        raise OidcOff
    return provider


@router.get("")
def oidc_state(caller: Public, request: Request) -> OidcState:
    """Whether members may log in at an identity provider."""
    provider: OidcProvider | None = getattr(request.app.state, "oidc", None)
    return OidcState(enabled=provider is not None, name=None if provider is None else provider.name)


@router.get("/login", status_code=307, response_class=RedirectResponse)
def begin(caller: Public, request: Request, database: ControlDatabase, next: Text = None) -> RedirectResponse:
    """Go to the provider; ``next`` is the page of this server to come back to."""
    provider = _provider(request)
    begun = _Begun(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        next=_own_page(next),
        until=time.time() + _SECONDS,
    )
    address = provider.login_address(
        _redirect(request), state=begun.state, nonce=begun.nonce, verifier=begun.verifier
    )
    answer = RedirectResponse(address)
    answer.set_cookie(
        COOKIE,
        _sealed(database, begun),
        max_age=_SECONDS,
        path=PATH,
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/callback", status_code=303, response_class=RedirectResponse)
def come_back(
    caller: Public, request: Request, database: ControlDatabase, code: Text = None, state: Text = None
) -> RedirectResponse:
    """Back from the provider: logs in and goes on to the page, or to /login?error= with what went wrong."""
    provider = _provider(request)
    try:
        begun = _opened(database, request.cookies.get(COOKIE))
        if begun is None or code is None or not hmac.compare_digest(begun.state, state or ""):
            raise OidcRefused
        identity = provider.identity(
            _redirect(request), code=code, nonce=begun.nonce, verifier=begun.verifier
        )
        member = service.member_of(database, caller, identity)
        answer = RedirectResponse(begun.next, status_code=303)
        logged_in(request, answer, database, member, how="oidc")
    except BihuanError as error:
        answer = RedirectResponse(f"/login?{urlencode({'error': error.code})}", status_code=303)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


def _redirect(request: Request) -> str:
    return f"{own_address(request)}{PATH}/callback"


def _own_page(path: str | None) -> str:
    # Another slash would make it another server's address.
    fine = path is not None and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if path is not None and fine and path.isprintable() else "/"


def _sealed(database: Database, begun: _Begun) -> str:
    body = base64.urlsafe_b64encode(msgspec.json.encode(begun)).decode()
    return f"{body}.{_seal(database, body)}"


def _opened(database: Database, cookie: str | None) -> _Begun | None:
    body, _, seal = (cookie or "").partition(".")
    if not body or not hmac.compare_digest(seal.encode(), _seal(database, body).encode()):
        return None
    begun = msgspec.json.decode(base64.urlsafe_b64decode(body), type=_Begun)
    return begun if begun.until > time.time() else None


def _seal(database: Database, body: str) -> str:
    return hmac.new(instance_secret(database, "oidc"), body.encode(), hashlib.sha256).hexdigest()
