"""What became of a message, as a provider tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bihuan.delivery.errors import ReceiptRefused

What = Literal[
    "delivered", "failed", "bounced", "deferred", "complained", "unsubscribed", "opened", "clicked", "replied"
]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing that is known of a message.

    ``failed`` is not delivered, ``bounced`` a mail that came back; ``is_permanent``: the address is dead.
    ``provider_id`` is what ``Sent`` gave, ``message_id`` ours where the provider gives it back; ``time_ms`` 0
    where no time is told. ``url`` is of clicks.
    """

    what: What
    provider_id: str = ""
    message_id: str = ""
    address: str = ""
    is_permanent: bool = False
    reason: str = ""
    time_ms: int = 0
    url: str = ""


def refused(reason_en: str, reason_zh: str) -> ReceiptRefused:
    """The error for a callback that is not taken."""
    return ReceiptRefused(reason_en=reason_en, reason_zh=reason_zh)


def unsigned() -> ReceiptRefused:
    """The error for a signature that is not right."""
    return refused("its signature is not right", "签名不正确")


def unreadable() -> ReceiptRefused:
    """The error for a body that is not as the provider has them."""
    return refused("it cannot be read", "内容无法解析")


def time_ms_of(given: Any) -> int:
    """A moment as milliseconds: seconds, or ISO 8601; 0 for what is none."""
    try:
        if isinstance(given, int | float) or str(given).replace(".", "", 1).isdigit():
            return int(float(given) * 1_000)
        moment = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000)
