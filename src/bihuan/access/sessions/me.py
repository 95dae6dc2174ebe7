"""What members see and change of themselves."""

from __future__ import annotations

from sqlalchemy import select

from bihuan.access.audit import service as audit
from bihuan.access.callers import Holder, member_holder
from bihuan.access.members import service as members
from bihuan.access.members.errors import PasswordWrong, TotpWrong
from bihuan.access.members.models import Member
from bihuan.access.models import Project
from bihuan.access.roles import PERMISSIONS
from bihuan.access.sessions import limits, login, totp
from bihuan.access.sessions import service as sessions
from bihuan.access.sessions.passwords import check_strength, hash_password, verify_password
from bihuan.access.sessions.schemas import Me, MeChange, MeMember, MyProject, TotpStarted
from bihuan.database import Database


def me(database: Database, member_id: str, session_id: str) -> Me:
    """The member with their projects and the token that changes need."""
    with database.read_session() as session:
        member = members.get_member(session, member_id)
        holder = member_holder(session, member, "")
        statement = select(Project).order_by(Project.name, Project.id)
        if not holder.everywhere:
            statement = statement.where(Project.id.in_(holder.roles))
        projects = [_project(holder, row) for row in session.scalars(statement)]
    return Me(
        member=MeMember.model_validate(member),
        csrf_token=sessions.csrf_token(database, session_id),
        projects=projects,
    )


def change(database: Database, caller: Holder, given: MeChange) -> None:
    """Set the fields that are given."""
    values = given.model_dump(exclude_none=True)
    with database.session() as session:
        member = members.get_member(session, caller.member_id or "")
        before, after = audit.changed({name: getattr(member, name) for name in values}, values)
        for name, value in after.items():
            setattr(member, name, value)
        if after:
            target = ("member", member.id)
            audit.record(session, caller, "member.changed", target, before=before, after=after)


def change_password(database: Database, caller: Holder, current: str, new: str) -> None:
    """Choose a new password; every other session ends, this one gets a new cookie.

    Raises:
        LoginLocked, PasswordWrong, PasswordWeak.
    """
    member = _proven(database, caller, current)
    check_strength(new, email=member.email, name=member.name)
    hashed = hash_password(new)
    with database.session() as session:
        row = members.get_member(session, member.id)
        members.set_password(session, caller, row, hashed, but=caller.session_id)
        sessions.ask_rotation(session, member.id)


def start_totp(database: Database, caller: Holder) -> TotpStarted:
    """A secret for an authenticator app; a secret in use stays in use until the new one is confirmed."""
    secret = totp.new_secret()
    with database.session() as session:
        member = members.get_member(session, caller.member_id or "")
        member.totp_pending = secret
    return TotpStarted(secret=secret, otpauth_uri=totp.uri(secret, member.email))


def confirm_totp(database: Database, caller: Holder, code: str) -> None:
    """Ask for codes from now on. Raises ``LoginLocked``, ``TotpWrong``."""
    with database.read_session() as session:
        member = members.get_member(session, caller.member_id or "")
    account = limits.account_limit(member.email)
    limits.count_attempt(database, [account])
    if member.totp_pending is None or not login.use_code(database, member, member.totp_pending, code):
        raise TotpWrong(path="code")
    limits.take_back(database, [account])
    with database.session() as session:
        row = members.get_member(session, member.id)
        row.totp_secret, row.totp_pending = member.totp_pending, None
        sessions.end_all(session, member.id, but=caller.session_id)
        sessions.ask_rotation(session, member.id)
        target = ("member", member.id)
        audit.record(session, caller, "member.totp_added", target, after={"email": member.email})


def remove_totp(database: Database, caller: Holder, password: str) -> None:
    """Log in without codes again. Raises ``LoginLocked``, ``PasswordWrong``."""
    member = _proven(database, caller, password)
    with database.session() as session:
        members.remove_totp(session, caller, members.get_member(session, member.id))


def _proven(database: Database, caller: Holder, password: str) -> Member:
    with database.read_session() as session:
        member = members.get_member(session, caller.member_id or "")
    account = limits.account_limit(member.email)
    limits.count_attempt(database, [account])
    if not verify_password(member.password_hash, password):
        raise PasswordWrong(path="password")
    limits.take_back(database, [account])
    return member


def _project(holder: Holder, row: Project) -> MyProject:
    allowed = holder.permissions_in(row.id) or frozenset()
    return MyProject(
        id=row.id,
        name=row.name,
        time_zone=row.time_zone,
        first_weekday=row.first_weekday,
        currency=row.currency,
        role=holder.role_in(row.id) or "viewer",
        permissions=[each for each in PERMISSIONS if each in allowed],
    )
