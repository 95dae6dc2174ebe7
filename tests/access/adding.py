"""Somebody who adds to the audit log, in a process of their own."""

from __future__ import annotations

import os

from bihuan.access.actors import Actor, Visitor
from bihuan.access.audit.service import record_alone
from bihuan.database import Database


def add_records(dsn: str, count: int) -> None:
    """Add so many records, one transaction each."""
    database = Database.open(dsn)
    who = Visitor(Actor("system", str(os.getpid()), "adding"), "local")
    for number in range(count):
        record_alone(database, who, "tested", ("thing", str(number)), after={"number": number})
    database.dispose()
