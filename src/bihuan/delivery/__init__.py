"""Channels: ways out to people and to other systems, which know nothing of campaigns and journeys."""

from bihuan.delivery.kinds import KINDS, ChannelSettings, Kind, checked_settings, kind_of, open_channel
from bihuan.delivery.port import (
    Call,
    Channel,
    Content,
    Limits,
    Mail,
    Outgoing,
    Post,
    Push,
    Rejected,
    Result,
    Retry,
    Sent,
    Sms,
    Uncertain,
    results_of,
)
from bihuan.delivery.receipts import Receipt
from bihuan.delivery.sms.segments import Segments, sms_segments

__all__ = [
    "KINDS",
    "Call",
    "Channel",
    "ChannelSettings",
    "Content",
    "Kind",
    "Limits",
    "Mail",
    "Outgoing",
    "Post",
    "Push",
    "Receipt",
    "Rejected",
    "Result",
    "Retry",
    "Segments",
    "Sent",
    "Sms",
    "Uncertain",
    "checked_settings",
    "kind_of",
    "open_channel",
    "results_of",
    "sms_segments",
]
