"""Random values that all processes of an installation share."""

from __future__ import annotations

import secrets

from sqlalchemy.exc import IntegrityError

from bihuan.access.models import InstanceSecret
from bihuan.database import Database

_BYTES = 32


def instance_secret(database: Database, name: str) -> bytes:
    """The secret called ``name``: 32 random bytes, made at the first call of any process."""
    with database.session() as session:
        if session.get(InstanceSecret, name) is None:
            try:
                with session.begin_nested():
                    session.add(InstanceSecret(name=name, value=secrets.token_hex(_BYTES)))
            except IntegrityError:
                # Another process was first; its value counts.
                pass
    with database.read_session() as session:
        return bytes.fromhex(session.get_one(InstanceSecret, name).value)
