"""Addresses as they are compared, and as they are kept: a keyed hash, which tells nobody the address."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from bihuan.access import Mask, instance_secret
from bihuan.database import Database

SECRET = "message_addresses"
_MASK = Mask({}, hides=True)


class AddressHashes:
    """Hashes of addresses; the same on every process of an installation."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of(cls, database: Database) -> AddressHashes:
        """With the secret that all processes of an installation share."""
        return cls(instance_secret(database, SECRET))

    def hash(self, medium: str, address: str) -> str:
        """The hash of an address: 64 letters."""
        said = f"{medium}\0{normal(medium, address)}".encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()


def normal(medium: str, address: str) -> str:
    """An address in the one form in which it is compared."""
    text = unicodedata.normalize("NFKC", address).strip()
    if medium == "email":
        text = text.rpartition("<")[2].rstrip(">").strip() if "<" in text else text
        return text.casefold()
    if medium == "sms":
        digits = re.sub(r"[^\d+]", "", text)
        # A mainland number is the same with and without its country.
        return re.sub(r"^(?:\+86|0086|86)(?=1[3-9]\d{9}$)", "", digits)
    return text


def shown(medium: str, address: str) -> str:
    """An address as lists show it."""
    text = normal(medium, address)
    if medium in ("email", "sms"):
        return str(_MASK.value("email" if medium == "email" else "phone", text))[:200]
    return f"{text[:4]}***"
