"""``/api/setup``, ``/api/login``, ``/api/logout``."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bihuan.access.audit import service as audit
from bihuan.access.members import joining, repository
from bihuan.access.members.models import Member
from bihuan.access.members.service import plain_email
from bihuan.access.permissions import ControlDatabase, Public, SignedIn
from bihuan.access.requests import address_of, is_https, remove_session_cookie, set_session_cookie
from bihuan.access.sessions import login, me
from bihuan.access.sessions import service as sessions
from bihuan.access.sessions.schemas import LoginInput, Me, SetupInput, SetupState
from bihuan.database import Database

router = APIRouter(prefix="/api", tags=["members"])


@router.get("/setup")
def setup_state(caller: Public, database: ControlDatabase) -> SetupState:
    """Whether the first member is still to be made."""
    with database.read_session() as session:
        return SetupState(needed=not repository.any_member(session))


@router.post("/setup")
def set_up(
    caller: Public, request: Request, response: Response, database: ControlDatabase, body: SetupInput
) -> Me:
    """Make the first member, who owns everything, with the link that `bihuan serve` prints; logs in."""
    member = joining.set_up(
        database,
        caller,
        body.token,
        name=body.name,
        email=body.email,
        password=body.password,
        language=body.language,
    )
    return logged_in(request, response, database, member, how="set-up")


@router.post("/login")
def log_in(
    caller: Public, request: Request, response: Response, database: ControlDatabase, body: LoginInput
) -> Me:
    """Log in; the answer sets the session cookie."""
    email = plain_email(body.email)
    member = login.verify(database, caller, email, body.password, body.totp)
    return logged_in(request, response, database, member, how="password")


@router.post("/logout", status_code=204)
def log_out(caller: SignedIn, request: Request, response: Response, database: ControlDatabase) -> None:
    """End this session."""
    with database.session() as session:
        sessions.end(session, caller.session_id or "")
        audit.record(session, caller, "logout", ("member", caller.member_id or ""))
    request.state.new_session_token = None
    remove_session_cookie(response, secure=is_https(request))


def logged_in(request: Request, response: Response, database: Database, member: Member, *, how: str) -> Me:
    """Begin a session on the answer, with a cookie of its own whatever was there before."""
    before = request.cookies.get(sessions.COOKIE)
    if before is not None:
        with database.session() as session:
            found = sessions.find(session, before)
            if found is not None:
                sessions.end(session, found[0].id)
    session_id, token = login.open_session(
        database, member, address_of(request), request.headers.get("user-agent", ""), how=how
    )
    set_session_cookie(response, token, secure=is_https(request))
    return me.me(database, member.id, session_id)
