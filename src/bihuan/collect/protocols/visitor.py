"""Telling visitors apart where a protocol sends no id, as cookie-less trackers do.

The id is a keyed hash of write key, address, user agent and period: the same visitor has one id within a
period and unlinkable ids across periods, and the address cannot be found from it without the secret.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Literal

from bihuan.collect.protocols.base import Request

Period = Literal["day", "month"]

_PERIOD_FORMATS: dict[Period, str] = {"day": "%Y-%m-%d", "month": "%Y-%m"}
_SEPARATOR = b"\x1f"
_MAX_SECRET_BYTES = 64  # longest key of blake2b


class VisitorSecret:
    """The key of the hash; the application sets it once at start, alike in every process."""

    def __init__(self) -> None:
        self.value = b""

    def use(self, secret: bytes) -> None:
        """Hash with ``secret`` from now on. Ids made before will not be made again."""
        self.value = hashlib.blake2b(secret).digest() if len(secret) > _MAX_SECRET_BYTES else secret


VISITOR_SECRET = VisitorSecret()


def use_visitor_secret(secret: bytes) -> None:
    """Set the key of the hash, once at start and alike in every process."""
    VISITOR_SECRET.use(secret)


def visitor_id(
    write_key: str | None, ip: str | None, user_agent: str | None, time_ms: int, period: Period
) -> str:
    """Id of whoever has this address and user agent in the UTC day or month of ``time_ms``; a UUID text."""
    moment = datetime.fromtimestamp(min(max(time_ms, 0), 253_402_300_799_000) / 1000, UTC)
    return hashed_uuid(write_key or "", ip or "", user_agent or "", moment.strftime(_PERIOD_FORMATS[period]))


def hashed_uuid(*parts: str) -> str:
    """A UUID text that is a keyed hash of ``parts``."""
    joined = _SEPARATOR.join(part.encode("utf-8", "replace") for part in parts)
    digest = hashlib.blake2b(joined, digest_size=16, key=VISITOR_SECRET.value).digest()
    return str(uuid.UUID(bytes=digest))


def request_ip(request: Request) -> str | None:
    """The address of the person: what the server worked out (which knows the trusted proxies)."""
    return request.client_ip


def request_user_agent(request: Request) -> str | None:
    """The ``User-Agent`` header, or None."""
    return request.headers.get("user-agent")
