"""``python -m bihuan.delivery.apart``: sends what it reads, and writes the results; ends with its input."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import uvloop

from bihuan.delivery.apart import frames
from bihuan.delivery.kinds import open_channel
from bihuan.delivery.port import Channel, Outgoing, results_of


async def serve() -> None:
    """Open the channel that the first frame describes, and send share by share until the input ends."""
    reader, writer = await _pipes()
    first = await frames.next_frame(reader)
    if first is None:
        return
    kind, settings, secrets, private = frames.read_opening(first)
    channel = open_channel(kind, settings, secrets, private=private)
    writer.write(frames.answer(0, []))
    under_way: set[asyncio.Task[None]] = set()
    while (body := await frames.next_frame(reader)) is not None:
        number, batch = frames.read_share(body)
        task = asyncio.create_task(_send(channel, number, batch, writer))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        # Whose messages these are is gone, and counts them as uncertain: nothing may follow them.
        os._exit(1)
    await channel.close()


async def _send(channel: Channel, number: int, batch: list[Outgoing], writer: asyncio.WriteTransport) -> None:
    writer.write(frames.answer(number, await results_of(channel, batch)))


async def _pipes() -> tuple[asyncio.StreamReader, asyncio.WriteTransport]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    writer, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout.buffer)
    return reader, writer


if __name__ == "__main__":
    # Whoever stops all processes at once means the one that this works for, which ends it in good order.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    uvloop.run(serve())
