"""What the senders of the first six SDKs share: the moment they speak of, and what they leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.collect.sdk.senders_second import Sender

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
MOMENT_MS = 1_767_323_045_678
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class FirstSender(Sender):
    """A sender whose profile operations and aliases are listed too.

    ``operations`` are ``(operation, distinct id, values)``, ``aliases`` are ``(previous id, distinct id)``.
    """

    operations: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    aliases: frozenset[tuple[str, str]] = field(default_factory=frozenset)
