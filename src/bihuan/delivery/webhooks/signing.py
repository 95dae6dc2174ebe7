"""Secrets and signatures of webhooks, as Standard Webhooks has them."""

from __future__ import annotations

import base64
import hashlib
import hmac

SECRET_PREFIX = "whsec_"


def secret_of(master: bytes, sync_id: str, number: int) -> str:
    """The secret of a sync: derived from one of the installation, so that there is nothing to keep."""
    derived = hmac.new(master, f"{sync_id}:{number}".encode(), hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(derived).decode()


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that say which message this is, when it was sent, and by whom."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    said = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
