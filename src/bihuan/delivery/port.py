"""What every channel takes and gives back: messages in, one result for each, in the same order."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

_log = logging.getLogger(__name__)
CHANNEL_FAILED = "channel_failed"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail. ``sender`` is ``Name <address>``, or empty for the channel's; ``headers`` go along."""

    subject: str
    html: str = ""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message: ``text`` where the provider sends any, else a template of the provider's with values.

    ``parameters`` keep their order, which counts where the provider numbers them.
    """

    text: str = ""
    template_id: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """A notification on a device; ``link`` is opened when it is tapped, ``data`` is handed to the app."""

    title: str
    body: str
    link: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """What a bot says in a chat."""

    title: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Call:
    """A JSON object for a webhook."""

    payload: Mapping[str, Any]


Content = Mail | Sms | Push | Post | Call


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address.

    The id is the same at every attempt. The address is what the kind says (``Kind.address``): a mail
    address, a phone number with its country (``+8613800138000``), a device's token; of a bot whom to
    mention, if anyone.
    """

    message_id: str
    address: str
    content: Content


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it; its receipts call it ``provider_id``, which is empty where it gives no name."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """It was not sent, and may be later: not before ``after_seconds``, 0 where the provider names no time."""

    reason: str
    after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rejected:
    """It was not sent, and trying again would change nothing; a dead address takes no other message."""

    reason: str
    address_is_dead: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been sent, or not: trying it again could send it twice."""

    reason: str


Result = Sent | Retry | Rejected | Uncertain


# Of a channel for which each message is a request of its own: enough that no connection waits for the caller.
EACH_CONNECTION = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """``per_second``: messages that the caller should not exceed, 0 for no limit; ``batch``: the most that
    are worth giving to ``send`` at once; ``connections``: the most that are open at once.

    Of what was given and has no answer nobody knows after a crash whether it went out: ``batch`` is small.
    """

    per_second: float
    batch: int
    connections: int

    @classmethod
    def of_single(cls, per_second: float, connections: int) -> Limits:
        """Of a channel for which each message is a request of its own."""
        return cls(per_second, connections * EACH_CONNECTION, connections)


class Channel(Protocol):
    """A way out. It belongs to the event loop that first sends with it."""

    @property
    def limits(self) -> Limits:
        """What the provider, or the settings, allow. Keeping ``per_second`` is up to the caller."""
        ...

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """Send messages, of which each has a result, in the same order. Raises for none of them."""
        ...

    async def close(self) -> None:
        """End all connections; may be called twice."""
        ...


async def results_of(channel: Channel, batch: Sequence[Outgoing]) -> list[Result]:
    """What a channel answers; where it raises against its rules, nobody knows what went out."""
    try:
        return await channel.send(batch)
    except Exception as error:
        _log.exception("a channel failed as a whole")
        return [Uncertain(f"{CHANNEL_FAILED}: {type(error).__name__}") for _ in batch]
