"""How requests to Aliyun (ACS3-HMAC-SHA256) and Tencent Cloud (TC3-HMAC-SHA256) are signed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote


def acs3_authorization(
    key_id: str, secret: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """The Authorization header of Aliyun's signature V3.

    Signed are ``host``, ``content-type`` and all ``x-acs-…`` of ``headers`` (lower case), among which
    ``x-acs-content-sha256`` is the hash of the body.
    """
    signed = sorted(name for name in headers if name in {"host", "content-type"} or name.startswith("x-acs-"))
    pairs = (f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))
    canonical = "\n".join(
        [
            method,
            quote(path, safe="/~"),
            "&".join(pairs),
            "".join(f"{name}:{headers[name].strip()}\n" for name in signed),
            ";".join(signed),
            headers["x-acs-content-sha256"],
        ]
    )
    said = f"ACS3-HMAC-SHA256\n{_sha256(canonical.encode())}"
    signature = hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={';'.join(signed)},Signature={signature}"


def tc3_authorization(
    key_id: str, secret: str, service: str, timestamp: int, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization header of Tencent Cloud's signature V3 for a POST to ``/``; signs all ``headers``."""
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
    signed = ";".join(names)
    canonical = f"POST\n/\n\n{lines}\n{signed}\n{_sha256(body)}"
    scope = f"{date}/{service}/tc3_request"
    said = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{_sha256(canonical.encode())}"
    key = f"TC3{secret}".encode()
    for step in (date, service, "tc3_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"


def sha256_of(body: bytes) -> str:
    """The hash of a body, as headers carry it."""
    return _sha256(body)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
