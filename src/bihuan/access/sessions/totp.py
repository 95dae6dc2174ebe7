"""Codes of authenticator apps (TOTP, RFC 6238: SHA-1, six digits, thirty seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
_DIGITS = 6
# Phones' clocks are a little off.
_SKEW_STEPS = 1


def new_secret() -> str:
    """160 random bits in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def uri(secret: str, email: str, issuer: str = "Bihuan") -> str:
    """What the QR code says."""
    label = quote(f"{issuer}:{email}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"


def code_at(secret: str, step: int) -> str:
    """The code of a step."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    place = mac[-1] & 15
    number = struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def step_of(secret: str, code: str, now_seconds: float, used_step: int | None = None) -> int | None:
    """The step whose code this is, close to now and after the last one used; None when it is none."""
    current = int(now_seconds) // STEP_SECONDS
    found = None
    for step in range(current - _SKEW_STEPS, current + _SKEW_STEPS + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), code.encode("utf-8", "replace"))
        if right and (used_step is None or step > used_step):
            found = step
    return found
