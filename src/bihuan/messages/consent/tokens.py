"""Links for one person, signed: nobody can guess another's, and nothing is stored for them."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from typing import Literal

from bihuan.access import instance_secret
from bihuan.database import Database
from bihuan.messages.errors import LinkInvalid

SECRET = "message_links"
_BYTES = 16
_ENCODER = json.JSONEncoder(separators=(",", ":"))
Use = Literal["preferences", "unsubscribe", "confirm"]
_LETTER: dict[Use, str] = {"preferences": "p", "unsubscribe": "u", "confirm": "c"}


@dataclass(frozen=True)
class Link:
    """Whom a link is for, and what it does.

    ``purpose`` and ``medium``: what it unsubscribes from, or confirms. ``message_id``: where it stood.
    ``proof_id``: the consent that it confirms. ``expires_ms``: 0 for never.
    """

    use: Use
    project_id: str
    person_id: int
    purpose: str = ""
    medium: str = ""
    message_id: str = ""
    proof_id: str = ""
    expires_ms: int = 0


class Links:
    """Writes and reads the tokens of links."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of(cls, database: Database) -> Links:
        """With the secret that all processes of an installation share."""
        return cls(instance_secret(database, SECRET))

    def token(self, link: Link) -> str:
        """The token: letters, digits, ``-`` and ``_`` only."""
        told = [
            _LETTER[link.use],
            link.project_id,
            str(link.person_id),
            link.purpose,
            link.medium,
            link.message_id,
            link.proof_id,
            link.expires_ms,
        ]
        payload = _ENCODER.encode(told).encode()
        return base64.urlsafe_b64encode(self._signature(payload) + payload).decode().rstrip("=")

    def read(self, token: str, use: Use, *, now_ms: int) -> Link:
        """What a token says.

        Raises:
            LinkInvalid: it is none of ours, is for something else, or is too old.
        """
        try:
            whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise LinkInvalid from error
        signature, payload = whole[:_BYTES], whole[_BYTES:]
        if not hmac.compare_digest(signature, self._signature(payload)):
            raise LinkInvalid
        letter, project_id, person, purpose, medium, message_id, proof_id, expires_ms = json.loads(payload)
        if letter != _LETTER[use] or (expires_ms and now_ms > expires_ms):
            raise LinkInvalid
        return Link(use, project_id, int(person), purpose, medium, message_id, proof_id, expires_ms)

    def _signature(self, payload: bytes) -> bytes:
        return hmac.digest(self._secret, payload, "sha256")[:_BYTES]
