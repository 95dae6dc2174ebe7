"""How often somebody may try to log in, by account and by address.

Counted in the database, so that several processes share the count, and counted before the password is
looked at, so that attempts at the same moment count, too.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.access.sessions.errors import LoginLocked
from bihuan.access.sessions.models import LoginLimit
from bihuan.database import Database, utc_now

WINDOW = timedelta(minutes=15)
ACCOUNT_ATTEMPTS = 10
# An office shares an address.
ADDRESS_ATTEMPTS = 100


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """At most so many attempts in a window."""

    key: str
    attempts: int


def account_limit(email: str) -> Limit:
    """The limit of one account, whether it exists or not."""
    return Limit(
        "account:" + hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()[:64], ACCOUNT_ATTEMPTS
    )


def address_limit(address: str) -> Limit:
    """The limit of one address."""
    return Limit(f"address:{address}"[:100], ADDRESS_ATTEMPTS)


def count_attempt(database: Database, limits: Sequence[Limit]) -> None:
    """Count an attempt. Raises ``LoginLocked`` when there were too many."""
    now = utc_now()
    with database.session() as session:
        # In one order, so that two transactions do not wait for each other.
        ends = [_count(session, limit, now) for limit in sorted(limits)]
    until = max((each for each in ends if each is not None), default=None)
    if until is not None:
        seconds = max(1, math.ceil((until - now).total_seconds()))
        raise LoginLocked(just_now=now + WINDOW in ends, retry_after_seconds=seconds)


def take_back(database: Database, limits: Sequence[Limit]) -> None:
    """The attempt was no guess: it does not count after all."""
    with database.session() as session:
        for limit in sorted(limits):
            session.execute(
                update(LoginLimit)
                .where(LoginLimit.key == limit.key, LoginLimit.attempts > 0)
                .values(attempts=LoginLimit.attempts - 1)
            )


def forget(session: Session, limit: Limit) -> None:
    """Begin anew, after a log-in or a new password."""
    session.execute(delete(LoginLimit).where(LoginLimit.key == limit.key))


def _count(session: Session, limit: Limit, now: datetime) -> datetime | None:
    row = _row(session, limit, now)
    if row.locked_until is not None and row.locked_until > now:
        return row.locked_until
    if row.window_ends_at <= now:
        row.attempts, row.window_ends_at, row.locked_until = 0, now + WINDOW, None
    row.attempts += 1
    if row.attempts <= limit.attempts:
        return None
    row.locked_until = row.window_ends_at = now + WINDOW
    row.attempts = 0
    return row.locked_until


def _row(session: Session, limit: Limit, now: datetime) -> LoginLimit:
    wanted = select(LoginLimit).where(LoginLimit.key == limit.key).with_for_update()
    found = session.scalar(wanted)
    if found is not None:
        return found
    session.execute(delete(LoginLimit).where(LoginLimit.window_ends_at < now - WINDOW))
    try:
        with session.begin_nested():
            session.add(LoginLimit(key=limit.key, attempts=0, window_ends_at=now + WINDOW))
    except IntegrityError:
        # Another process was first.
        pass
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
