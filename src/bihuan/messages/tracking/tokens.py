"""What a link of a message carries: which message, and where it leads, signed so that nobody can make one."""

from __future__ import annotations

import base64
import binascii
import hmac
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from bihuan.access import instance_secret
from bihuan.database import Database

_MASTER = "message_tracking"
_SIGNATURE_BYTES = 16
_WORTH_PACKING_BYTES = 120
MOST_URL_LETTERS = 2_000


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a token says. ``url`` is empty for the pixel of an open."""

    project_id: str
    message_id: str
    url: str = ""


class Tokens:
    """Makes and reads tokens. A click leads only to a URL that this installation signed: no open redirect."""

    def __init__(self, database: Database) -> None:
        self._key = instance_secret(database, _MASTER)

    def make(self, tracked: Tracked) -> str:
        """The token, for the path of a URL."""
        said = "\0".join((tracked.project_id, tracked.message_id, tracked.url)).encode()
        # Short ones hardly get shorter, and there are many in a mailing.
        packed = zlib.compress(said, 9) if len(said) > _WORTH_PACKING_BYTES else said
        # A byte says which of the two it is.
        body = b"z" + packed if len(packed) < len(said) else b"p" + said
        return base64.urlsafe_b64encode(self._signature(body) + body).decode().rstrip("=")

    def read(self, token: str) -> Tracked | None:
        """What it says; None for one that was not made here."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        said = zlib.decompress(body[1:]) if body[:1] == b"z" else body[1:]
        project_id, message_id, url = said.decode().split("\0", 2)
        return Tracked(project_id, message_id, url)

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_SIGNATURE_BYTES]


def is_trackable(url: str) -> bool:
    """Whether clicks on it can be counted: a web address of bearable length."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # A control character or a backslash is read in several ways.
    plain = url.isprintable() and "\\" not in url and " " not in url
    return parts.scheme in ("http", "https") and bool(parts.netloc) and plain and len(url) <= MOST_URL_LETTERS
