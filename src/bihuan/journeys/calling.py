"""Telling other servers: signed requests by the webhook channels of the project."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bihuan.database import Database
from bihuan.delivery import Call, Outgoing, Rejected, Result, Retry, Sent
from bihuan.journeys.errors import WebhookChannelMissing
from bihuan.journeys.graph.nodes import Webhook
from bihuan.journeys.ports import Origin, Outcome, Wanted, failed
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.opening import OpenChannels

WEBHOOK = "webhook"
# Well within the lease of a journey, so that nobody else begins the same.
_BUDGET_SECONDS = 20.0
_OFF_SECONDS = 60.0
_AGAIN_SECONDS = 60.0
_OFF = Outcome("waiting", "The channel is switched off.", _OFF_SECONDS, "该渠道已停用。")


class ChannelCalling:
    """``ports.Calling``: each payload once by Standard Webhooks, whose id is the key.

    The receiver knows by the id what comes twice, so what was not answered is sent again. What there is no
    time for now waits for the next move.

    Args:
        channels: opens channels for one event loop; they keep requests out of the server's own network.
    """

    def __init__(self, database: Database, channels: Callable[[], OpenChannels]) -> None:
        self._database = database
        self._channels = channels

    def call(
        self, origin: Origin, node: Webhook, wanted: Sequence[tuple[Wanted, dict[str, Any]]]
    ) -> Sequence[Outcome]:
        """Send each its payload, in this order."""
        calls = [(each.key, payload) for each, payload in wanted]
        return self.post(origin.project_id, node.channel, calls)

    def post(
        self, project_id: str, channel_id: str, calls: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> list[Outcome]:
        """Send payloads under keys by a webhook channel.

        Raises:
            ChannelSettingsInvalid, AddressRefused: the channel cannot be used as it is.
        """
        with self._database.read_session() as session:
            row = session.get(MessageChannel, channel_id)
        if row is None or row.project_id != project_id or row.kind != WEBHOOK:
            return [failed(WebhookChannelMissing(channel_id=channel_id))] * len(calls)
        if not row.enabled:
            return [_OFF] * len(calls)
        return asyncio.run(self._send(row, calls))

    async def _send(
        self, row: MessageChannel, calls: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> list[Outcome]:
        opened = self._channels().fresh(row)
        limits = opened.limits
        rate = row.per_second or limits.per_second
        size = max(1, min(limits.batch, limits.connections, int(rate) if rate else limits.batch))
        outcomes: list[Outcome] = []
        begun = time.monotonic()
        try:
            while len(outcomes) < len(calls) and time.monotonic() - begun < _BUDGET_SECONDS:
                part = calls[len(outcomes) : len(outcomes) + size]
                at = time.monotonic()
                results = await opened.send([Outgoing(key, "", Call(payload)) for key, payload in part])
                outcomes += [_outcome(each) for each in results]
                if rate and len(outcomes) < len(calls):
                    await asyncio.sleep(max(0.0, len(part) / rate - (time.monotonic() - at)))
        finally:
            await opened.close()
        return outcomes + [Outcome("waiting", after_seconds=0)] * (len(calls) - len(outcomes))


def _outcome(result: Result) -> Outcome:
    if isinstance(result, Sent):
        return Outcome()
    if isinstance(result, Retry):
        return Outcome("retry", result.reason, max(result.after_seconds, _AGAIN_SECONDS))
    return Outcome("failed" if isinstance(result, Rejected) else "uncertain", result.reason)
