"""``/api/me``: a member's own name, password, codes, tokens and sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from bihuan.access.members import repository
from bihuan.access.members import service as members
from bihuan.access.members.models import PersonalToken
from bihuan.access.permissions import ControlDatabase, SignedIn
from bihuan.access.requests import is_https, remove_session_cookie
from bihuan.access.routes import Cursor, Identifier, Limit
from bihuan.access.sessions import me
from bihuan.access.sessions import service as sessions
from bihuan.access.sessions.errors import SessionNotFound
from bihuan.access.sessions.models import MemberSession
from bihuan.access.sessions.schemas import (
    Me,
    MeChange,
    PasswordChange,
    PasswordProof,
    SessionOutput,
    TokenCreated,
    TokenInput,
    TokenOutput,
    TotpCode,
    TotpStarted,
)
from bihuan.database import Page, paginate, utc_now

router = APIRouter(prefix="/api/me", tags=["members"])


@router.get("")
def get_me(caller: SignedIn, database: ControlDatabase) -> Me:
    """The member who asks, their projects, and the token that changes need."""
    return me.me(database, caller.member_id or "", caller.session_id or "")


@router.patch("")
def change_me(caller: SignedIn, database: ControlDatabase, body: MeChange) -> Me:
    """Change one's own name or language."""
    me.change(database, caller, body)
    return me.me(database, caller.member_id or "", caller.session_id or "")


@router.post("/password", status_code=204)
def change_password(caller: SignedIn, database: ControlDatabase, body: PasswordChange) -> None:
    """Choose a new password; every other session ends."""
    me.change_password(database, caller, body.current, body.new)


@router.post("/totp")
def start_totp(caller: SignedIn, database: ControlDatabase) -> TotpStarted:
    """A secret for an authenticator app, to be confirmed with a code of it."""
    return me.start_totp(database, caller)


@router.post("/totp/confirm", status_code=204)
def confirm_totp(caller: SignedIn, database: ControlDatabase, body: TotpCode) -> None:
    """Ask for codes from now on; every other session ends."""
    me.confirm_totp(database, caller, body.code)


@router.delete("/totp", status_code=204)
def remove_totp(caller: SignedIn, database: ControlDatabase, body: PasswordProof) -> None:
    """Log in without codes again."""
    me.remove_totp(database, caller, body.password)


@router.get("/tokens")
def list_tokens(
    caller: SignedIn, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[TokenOutput]:
    """The member's personal tokens, revoked ones too."""
    with database.read_session() as session:
        statement = repository.tokens_of(caller.member_id or "")
        rows, after = paginate(session, statement, PersonalToken.id, cursor, limit)
    return Page(items=[TokenOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/tokens", status_code=201)
def create_token(caller: SignedIn, database: ControlDatabase, body: TokenInput) -> TokenCreated:
    """Make a personal token; the answer is the only place where its secret is shown."""
    with database.session() as session:
        member = members.get_member(session, caller.member_id or "")
        token, secret = members.create_token(session, caller, member, body.name, body.scopes, body.expires_at)
        shown = TokenOutput.model_validate(token)
    return TokenCreated(**shown.model_dump(), secret=secret)


@router.delete("/tokens/{token_id}")
def revoke_token(caller: SignedIn, database: ControlDatabase, token_id: Identifier) -> TokenOutput:
    """End a personal token, at once."""
    with database.session() as session:
        token = members.revoke_token(session, caller, caller.member_id or "", token_id)
        return TokenOutput.model_validate(token)


@router.get("/sessions")
def list_sessions(
    caller: SignedIn, database: ControlDatabase, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> list[SessionOutput]:
    """The browsers in which the member is logged in, the last used first."""
    now = utc_now()
    statement = (
        select(MemberSession)
        .where(
            MemberSession.member_id == caller.member_id,
            MemberSession.expires_at > now,
            MemberSession.last_seen_at > now - sessions.IDLE,
        )
        .order_by(MemberSession.last_seen_at.desc())
        .limit(limit)
    )
    with database.read_session() as session:
        rows = session.scalars(statement).all()
    return [_shown(row, current=row.id == caller.session_id) for row in rows]


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(
    caller: SignedIn,
    request: Request,
    response: Response,
    database: ControlDatabase,
    session_id: Identifier,
) -> None:
    """Log out a browser."""
    with database.session() as session:
        row = session.get(MemberSession, session_id)
        if row is None or row.member_id != caller.member_id:
            raise SessionNotFound
        sessions.end(session, session_id)
    if session_id == caller.session_id:
        request.state.new_session_token = None
        remove_session_cookie(response, secure=is_https(request))


def _shown(row: MemberSession, *, current: bool) -> SessionOutput:
    return SessionOutput(
        id=row.id,
        current=current,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        address=row.address,
        user_agent=row.user_agent,
    )
