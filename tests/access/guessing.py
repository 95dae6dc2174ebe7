"""Somebody who guesses, in a process of their own."""

from __future__ import annotations

from bihuan.access.sessions import limits
from bihuan.access.sessions.errors import LoginLocked
from bihuan.database import Database


def guess(dsn: str, email: str) -> int:
    """Try as often as one account may; how often it was allowed."""
    database = Database.open(dsn)
    allowed = 0
    for _ in range(limits.ACCOUNT_ATTEMPTS):
        try:
            limits.count_attempt(database, [limits.account_limit(email), limits.address_limit("::1")])
            allowed += 1
        except LoginLocked:
            pass
    database.dispose()
    return allowed
