"""Secrets of channels, encrypted with a key that the installation keeps apart from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwe
from joserfc.jwk import OctKey

from bihuan.access import instance_secret
from bihuan.database import Database

_MASTER = "channels"
_HEADER = {"alg": "dir", "enc": "A256GCM"}


class Seal:
    """Encrypts with a random value of the installation; another installation cannot read it."""

    def __init__(self, database: Database) -> None:
        self._key = OctKey.import_key(instance_secret(database, _MASTER))

    def close(self, secrets: Mapping[str, Any]) -> str:
        """The text that is kept."""
        return jwe.encrypt_compact(_HEADER, json.dumps(dict(secrets)).encode(), self._key)

    def open(self, sealed: str) -> dict[str, Any]:
        """The secrets in it."""
        if not sealed:
            return {}
        plain = jwe.decrypt_compact(sealed, self._key).plaintext
        found: dict[str, Any] = json.loads(plain or b"{}")
        return found
