"""The answers that SDKs insist on, where several protocols share them."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from bihuan.collect.protocols.base import Outcome, Reply

# Each SDK looks at another member; with exactly 200 this body satisfies the Python SDKs of Segment,
# RudderStack, PostHog, Sensors Analytics, Amplitude, Mixpanel, Umami and Countly.
OK_BODY = b'{"status":1,"success":true,"result":"Success","code":200}'

# One transparent pixel, GIF89a.
PIXEL_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def ok_reply(outcome: Outcome | None = None) -> Reply:
    """Status 200 with the body that fits all SDKs; says what was kept aside, if anything was."""
    if outcome is None or not outcome.quarantined:
        return Reply(body=OK_BODY)
    rejected = [{"path": path, "reason": reason} for path, reason in outcome.quarantined]
    return json_reply({**msgspec.json.decode(OK_BODY), "accepted": outcome.accepted, "rejected": rejected})


def json_reply(value: Any, status: int = 200) -> Reply:
    """``value`` as JSON."""
    return Reply(status=status, body=msgspec.json.encode(value))


def pixel_reply() -> Reply:
    """A transparent GIF that caches must not keep."""
    return Reply(body=PIXEL_GIF, media_type="image/gif", headers={"Cache-Control": "no-store"})
