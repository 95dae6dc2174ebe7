"""What a channel's answer means for a message."""

from __future__ import annotations

from bihuan.delivery import Content, Rejected, Result, Retry, Sent, Sms, sms_segments
from bihuan.messages.outbox.claims import Message, Outcome
from bihuan.messages.outbox.preparing import EXPIRED, Place

BACK_OFF_SECONDS = (10, 60, 300, 1_200, 3_600, 7_200, 14_400)
RETRIES_EXHAUSTED = "retries_exhausted"
REFUSED = "channel_refused"
UNCERTAIN = "channel_uncertain"


def outcome_of(place: Place, message: Message, content: Content, result: Result, now_ms: int) -> Outcome:
    """The message's next state."""
    if isinstance(result, Sent):
        return Outcome(
            "sent",
            provider_id=result.provider_id[:200] or None,
            attempted=True,
            parts=parts_of(content),
            price=place.channel.cost_per_message,
        )
    if isinstance(result, Rejected):
        return place.falls_back(message, "rejected", REFUSED, result.reason[:2_000], attempted=True)
    if not isinstance(result, Retry):
        return Outcome("uncertain", UNCERTAIN, result.reason[:2_000], attempted=True)
    if message.attempts >= len(BACK_OFF_SECONDS):
        return place.falls_back(message, "rejected", RETRIES_EXHAUSTED, result.reason[:2_000], attempted=True)
    wait_seconds = max(result.after_seconds, BACK_OFF_SECONDS[message.attempts])
    due_ms = now_ms + round(wait_seconds * 1000)
    if message.expires_ms is not None and message.expires_ms <= due_ms:
        return Outcome("rejected", EXPIRED, result.reason[:2_000], attempted=True)
    return Outcome("queued", detail=result.reason[:2_000], due_ms=due_ms, attempted=True)


def parts_of(content: Content) -> int:
    """What is paid for one by one: the parts of a text message, anything else as a whole.

    A text that the provider has and we do not counts one.
    """
    if not isinstance(content, Sms) or not content.text:
        return 1
    return max(sms_segments(content.text, content.signature).segments, 1)
