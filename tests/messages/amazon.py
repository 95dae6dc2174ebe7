"""Messages of Amazon's SNS, signed with a key of the test's own."""

from __future__ import annotations

import base64
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_SIGNED = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def notification(key: rsa.RSAPrivateKey, given: dict[str, str]) -> bytes:
    """The body that Amazon posts."""
    whole = {
        "MessageId": "1",
        "Message": "You have chosen to subscribe",
        "Timestamp": "2026-11-21T02:00:01.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/a.pem",
        **given,
    }
    said = "".join(f"{name}\n{whole[name]}\n" for name in _SIGNED if name in whole).encode()
    signature = key.sign(said, padding.PKCS1v15(), hashes.SHA256())
    return json.dumps({**whole, "Signature": base64.b64encode(signature).decode()}).encode()
