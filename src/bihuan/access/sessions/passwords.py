"""Passwords: Argon2id, the same work whether the account exists or not."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bihuan.access.members.errors import PasswordWeak

SHORTEST, LONGEST = 10, 256
# The library's choice (RFC 9106, low memory): 64 MiB for each, so not too many at once.
_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(4)
# A hash of nothing anybody can type, so that an unknown address costs as much as a known one.
_nobody: list[str] = []
_KEYBOARD = ("1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "abcdefghijklmnopqrstuvwxyz", "password")


def hash_password(password: str) -> str:
    """The Argon2id hash."""
    with _at_once:
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is right; None (no account, or no password) takes as long to be wrong."""
    if not _nobody:
        _nobody.append(hash_password("\x00nobody"))
    with _at_once:
        try:
            _hasher.verify(stored or _nobody[0], password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def check_strength(password: str, *, email: str, name: str) -> None:
    """Refuse what is guessed first. Raises ``PasswordWeak``."""
    lower = password.lower()
    # The whole address before its part, which would leave the rest.
    parts = (email.lower(), email.partition("@")[0].lower(), name.lower())
    rest = lower
    for known in (*(part for part in parts if len(part) > 3), *_KEYBOARD):
        rest = rest.replace(known, "")
    if len(password) < SHORTEST or len(set(lower)) < 4 or len(rest) < 3:
        raise PasswordWeak(path="password", shortest=SHORTEST)
