"""Signed tokens with which servers identify themselves, made once and used until they are old."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey


@dataclass
class Kept:
    """A token that is asked for anew when it is old; ``fetch`` returns it with its life in seconds."""

    fetch: Callable[[], Awaitable[tuple[str, float]]]
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def __call__(self) -> str:
        """The token; one caller asks, the others wait."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._token, seconds = await self.fetch()
                self._until = time.monotonic() + seconds
            return self._token

    def forget(self, token: str) -> None:
        """Do not use a token that was refused again."""
        if token == self._token:
            self._until = 0.0


def google_assertion(email: str, private_key: str, key_id: str, audience: str, scope: str) -> str:
    """The signed claim of a service account, for which Google gives a token (RFC 7523)."""
    now = int(time.time())
    claims = {"iss": email, "scope": scope, "aud": audience, "iat": now, "exp": now + 3_600}
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key_id}, claims, RSAKey.import_key(private_key))


def apple_token(team_id: str, key_id: str, private_key: str) -> str:
    """The provider token of APNs: ES256, to be renewed every 20 to 60 minutes."""
    claims = {"iss": team_id, "iat": int(time.time())}
    return jwt.encode({"alg": "ES256", "kid": key_id}, claims, ECKey.import_key(private_key))
