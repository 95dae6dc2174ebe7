"""Logging in: the password, the code, the limits, the record of it."""

from __future__ import annotations

import time

from sqlalchemy import select, update

from bihuan.access.actors import Actor, Visitor
from bihuan.access.audit import service as audit
from bihuan.access.members.models import Member
from bihuan.access.sessions import limits, totp
from bihuan.access.sessions import service as sessions
from bihuan.access.sessions.errors import LoginFailed, LoginLocked, TotpNeeded
from bihuan.access.sessions.passwords import hash_password, is_outdated, verify_password
from bihuan.database import Database


def open_session(
    database: Database, member: Member, address: str, user_agent: str, *, how: str
) -> tuple[str, str]:
    """A session for a member who has shown who they are: its id and its cookie."""
    with database.session() as session:
        row = session.get_one(Member, member.id)
        begun, token = sessions.begin(session, row, address=address, user_agent=user_agent)
        who = Visitor(Actor("member", row.id, row.name), address)
        audit.record(session, who, "login.succeeded", ("member", row.id), after={"how": how})
    return begun.id, token


def verify(database: Database, visitor: Visitor, email: str, password: str, code: str | None) -> Member:
    """The member whose address, password and code these are.

    Raises:
        LoginLocked, LoginFailed, TotpNeeded.
    """
    account, address = limits.account_limit(email), limits.address_limit(visitor.address)
    try:
        limits.count_attempt(database, [account, address])
    except LoginLocked as locked:
        # Once: whoever goes on trying must not fill the log.
        if locked.just_now:
            _failed(database, visitor, email, "locked")
        raise
    with database.read_session() as session:
        member = session.scalar(select(Member).where(Member.email == email))
    right = verify_password(member.password_hash if member else None, password)
    if member is None or not right or member.disabled_at is not None:
        _failed(database, visitor, email, "wrong")
        raise LoginFailed
    if member.totp_secret is not None:
        if not code:
            limits.take_back(database, [account, address])
            raise TotpNeeded
        if not use_code(database, member, member.totp_secret, code):
            _failed(database, visitor, email, "wrong code")
            raise LoginFailed
    _succeeded(database, member, password, account, address)
    return member


def use_code(database: Database, member: Member, secret: str, code: str) -> bool:
    """Whether the code is right; no code is right twice."""
    step = totp.step_of(secret, code.replace(" ", ""), time.time(), member.totp_step)
    if step is None:
        return False
    with database.session() as session:
        used = session.execute(
            update(Member)
            .where(Member.id == member.id, (Member.totp_step.is_(None)) | (Member.totp_step < step))
            .values(totp_step=step)
            .returning(Member.id)
        ).first()
    return used is not None


def _succeeded(
    database: Database, member: Member, password: str, account: limits.Limit, address: limits.Limit
) -> None:
    limits.take_back(database, [address])
    better = hash_password(password) if is_outdated(member.password_hash or "") else None
    with database.session() as session:
        limits.forget(session, account)
        if better is not None:
            session.get_one(Member, member.id).password_hash = better


def _failed(database: Database, visitor: Visitor, email: str, why: str) -> None:
    who = Visitor.named(email, visitor.address)
    with database.session() as session:
        audit.record(session, who, "login.failed", ("account", email), after={"why": why})
