"""Channels that are open in this process: one of each version of what is configured."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from bihuan.database import Database
from bihuan.delivery import Channel, kind_of, open_channel
from bihuan.delivery.apart import Switching
from bihuan.messages.channels.kinds import IN_APP
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.sealing import Seal

InApp = Callable[[str], Channel]


class OpenChannels:
    """Opens channels at first use and keeps them. Belongs to one event loop.

    Args:
        in_app: the channel inside the app of a project.
        private: whether requests may go to addresses that are not on the internet.
    """

    def __init__(self, database: Database, in_app: InApp, *, private: bool = False) -> None:
        self._seal = Seal(database)
        self._in_app = in_app
        self._private = private
        self._open: dict[str, tuple[int, Channel]] = {}

    async def get(self, row: MessageChannel) -> Channel:
        """The channel as it is configured now; one that was configured otherwise is closed.

        Raises:
            ChannelKindUnknown, ChannelSettingsInvalid, AddressRefused.
        """
        held = self._open.get(row.id)
        if held is not None and held[0] == row.version:
            return held[1]
        opened = self._lasting(row)
        if held is not None:
            await _close(held[1])
        self._open[row.id] = (row.version, opened)
        return opened

    def fresh(self, row: MessageChannel) -> Channel:
        """A channel of its own, which the caller closes."""
        if row.kind == IN_APP:
            return self._in_app(row.project_id)
        return open_channel(row.kind, row.settings, self._seal.open(row.secrets), private=self._private)

    def _lasting(self, row: MessageChannel) -> Channel:
        if row.kind == IN_APP or not kind_of(row.kind).apart:
            return self.fresh(row)
        return Switching(row.kind, row.settings, self._seal.open(row.secrets), private=self._private)

    async def close(self) -> None:
        """Close all."""
        opened, self._open = list(self._open.values()), {}
        for _, channel in opened:
            await _close(channel)


async def _close(channel: Channel) -> None:
    # What cannot be closed in good order is gone anyway.
    with contextlib.suppress(Exception):
        await channel.close()
