"""Sessions: begun at log-in, renamed when rights change, ended by time, log-out or a new password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bihuan.access.members.models import Member
from bihuan.access.secret_values import instance_secret
from bihuan.access.sessions.models import MemberSession
from bihuan.database import Database, utc_now

COOKIE = "bihuan_session"
IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
# How long requests that were under way may still carry the cookie from before a rotation.
GRACE = timedelta(seconds=60)
# A write a minute and session is precise enough.
SEEN_STEP = timedelta(minutes=1)
_csrf_keys: WeakKeyDictionary[Database, bytes] = WeakKeyDictionary()


def begin(session: Session, member: Member, *, address: str, user_agent: str) -> tuple[MemberSession, str]:
    """A new session; returns it with the value of its cookie, which is not kept."""
    now, token = utc_now(), _new_token()
    row = MemberSession(
        member_id=member.id,
        token_sha256=token_sha256(token),
        created_at=now,
        last_seen_at=now,
        rotated_at=now,
        expires_at=now + LONGEST,
        address=address[:64],
        user_agent=user_agent[:400].replace("\x00", ""),
    )
    session.add(row)
    session.execute(delete(MemberSession).where(MemberSession.expires_at < now))
    member.last_login_at = now
    session.flush()
    return row, token


def find(session: Session, token: str) -> tuple[MemberSession, Member] | None:
    """The session of a cookie and its member, when it is in force."""
    now, held = utc_now(), token_sha256(token)
    found = session.execute(
        select(MemberSession, Member)
        .join(Member, Member.id == MemberSession.member_id)
        .where(or_(MemberSession.token_sha256 == held, MemberSession.previous_sha256 == held))
    ).first()
    if found is None:
        return None
    row, member = found
    over = row.expires_at <= now or row.last_seen_at + IDLE <= now or member.disabled_at is not None
    late = row.token_sha256 != held and row.rotated_at + GRACE <= now
    return None if over or late else (row, member)


def member_of(session: Session, session_id: str) -> Member | None:
    """The member of a session that is in force still, whatever its cookie is by now."""
    now = utc_now()
    found = session.execute(
        select(MemberSession, Member)
        .join(Member, Member.id == MemberSession.member_id)
        .where(MemberSession.id == session_id, Member.disabled_at.is_(None))
    ).first()
    if found is None or found[0].expires_at <= now or found[0].last_seen_at + IDLE <= now:
        return None
    return found[1]


def keep_up(database: Database, row: MemberSession, token: str) -> str | None:
    """Write down that the session is in use; returns a new cookie when one is due."""
    now = utc_now()
    due = row.rotation_due and row.token_sha256 == token_sha256(token)
    if not due and now - row.last_seen_at < SEEN_STEP:
        return None
    with database.session() as session:
        session.execute(update(MemberSession).where(MemberSession.id == row.id).values(last_seen_at=now))
        return rotate(session, row.id, row.token_sha256) if due else None


def rotate(session: Session, session_id: str, current_sha256: str) -> str | None:
    """Give the session a new cookie; None when another request has just done so."""
    token = _new_token()
    done = session.execute(
        update(MemberSession)
        .where(MemberSession.id == session_id, MemberSession.token_sha256 == current_sha256)
        .values(
            token_sha256=token_sha256(token),
            previous_sha256=current_sha256,
            rotated_at=utc_now(),
            rotation_due=False,
        )
        .returning(MemberSession.id)
    ).first()
    return token if done is not None else None


def ask_rotation(session: Session, member_id: str) -> None:
    """The member's rights changed: every session gets a new cookie at its next request."""
    session.execute(
        update(MemberSession).where(MemberSession.member_id == member_id).values(rotation_due=True)
    )


def end(session: Session, session_id: str) -> None:
    """End one session."""
    session.execute(delete(MemberSession).where(MemberSession.id == session_id))


def end_all(session: Session, member_id: str, *, but: str | None = None) -> None:
    """End a member's sessions, except perhaps one."""
    statement = delete(MemberSession).where(MemberSession.member_id == member_id)
    session.execute(statement if but is None else statement.where(MemberSession.id != but))


def csrf_token(database: Database, session_id: str) -> str:
    """What a page must send with every change: known to whoever may read this server's answers only."""
    if database not in _csrf_keys:
        _csrf_keys[database] = instance_secret(database, "csrf")
    return hmac.new(_csrf_keys[database], session_id.encode(), hashlib.sha256).hexdigest()


def token_sha256(token: str) -> str:
    """What is kept of a cookie; 256 random bits cannot be guessed, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(32)
