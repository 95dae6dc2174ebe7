"""Mail servers: connections that stay open, shares by weight, and which of them are down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Literal

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field

CONNECT_SECONDS = 15.0
_DOWN_SECONDS = (5.0, 15.0, 60.0)
_REFUSED_SECONDS = 300.0
_IDLE_SECONDS = 30.0


class MailServer(BaseModel):
    """One server. Shares are by ``weight``; one of weight 0 is used when all others are down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, max_length=255)
    port: int = Field(587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = Field("", max_length=300)
    weight: int = Field(1, ge=0, le=1_000)
    connections: int = Field(4, ge=1, le=64)
    check_certificate: bool = True


class NoConnection(Exception):
    """A server could not be reached, or did not let us in; ``refused``: somebody has to mend the settings."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class Connection:
    """One connection; ``used`` counts its messages."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client = client
        self.used = 0
        self.since = time.monotonic()


class Server:
    """A server's connections."""

    def __init__(self, settings: MailServer, password: str, name: str, most_used: int) -> None:
        self.settings = settings
        self.turns = asyncio.Semaphore(settings.connections)
        self.share = 0
        self._password, self._name, self._most_used = password, name, most_used
        self._idle: list[Connection] = []
        self._failures = 0
        self.down_until = 0.0

    def __repr__(self) -> str:
        return f"Server({self.settings.host}:{self.settings.port})"

    async def connection(self, *, fresh: bool = False) -> Connection:
        """A connection that is logged in, if not ``fresh`` a used one. Raises ``NoConnection``."""
        while self._idle and not fresh:
            kept = self._idle.pop()
            if kept.client.is_connected and time.monotonic() - kept.since < _IDLE_SECONDS:
                return kept
            kept.client.close()
        settings = self.settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            username=settings.username or None,
            password=self._password if settings.username else None,
            validate_certs=settings.check_certificate,
            local_hostname=self._name,
            timeout=CONNECT_SECONDS,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            refused = isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPNotSupported)
            self._fail(refused)
            raise NoConnection(f"{settings.host}: {type(error).__name__} {error}", refused=refused) from error
        self._failures, self.down_until = 0, 0.0
        return Connection(client)

    async def keep(self, connection: Connection) -> None:
        """Have a connection used again, unless it was used for long."""
        connection.used += 1
        if connection.used >= self._most_used or not connection.client.is_connected:
            await quit_quietly(connection.client)
            return
        connection.since = time.monotonic()
        self._idle.append(connection)

    async def close(self) -> None:
        """End the connections that are idle."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(quit_quietly(each.client) for each in idle))

    def _fail(self, refused: bool) -> None:
        place = min(self._failures, len(_DOWN_SECONDS) - 1)
        self._failures += 1
        self.down_until = time.monotonic() + (_REFUSED_SECONDS if refused else _DOWN_SECONDS[place])


def in_turn(servers: list[Server]) -> Iterator[Server]:
    """The servers that are up: the one whose turn it is by weight, then those that stand in for it."""
    now = time.monotonic()
    up = [each for each in servers if each.down_until <= now]
    weighted = [each for each in up if each.settings.weight]
    if weighted:
        # Smooth weighted round robin: everybody gains its weight, the richest is chosen and pays for all.
        for each in weighted:
            each.share += each.settings.weight
        chosen = max(weighted, key=lambda each: each.share)
        chosen.share -= sum(each.settings.weight for each in weighted)
        yield chosen
        yield from (each for each in weighted if each is not chosen)
    yield from (each for each in up if not each.settings.weight)


async def quit_quietly(client: aiosmtplib.SMTP) -> None:
    """QUIT, and close whatever comes of it."""
    try:
        if client.is_connected:
            await client.quit(timeout=2.0)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()
