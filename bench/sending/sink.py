"""A real SMTP server in a process of its own that counts what it takes, by recipient."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from aiosmtpd.smtp import SMTP

_CONTEXT = multiprocessing.get_context("spawn")


class _Counting:
    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.first = self.last = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"


class Sink:
    """The server; ``port`` on 127.0.0.1."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port = port
        self._pipe = pipe

    def taken(self) -> Counter[str]:
        """How many mails each recipient got."""
        self._pipe.send("taken")
        found: Counter[str] = self._pipe.recv()
        return found

    def count(self) -> int:
        """How many mails came."""
        self._pipe.send("count")
        return int(self._pipe.recv())

    def wait_for_more(self, most_seconds: float) -> None:
        """Until a mail comes, but not longer."""
        before, until = self.count(), time.monotonic() + most_seconds
        while self.count() == before and time.monotonic() < until:
            time.sleep(0.005)

    def clear(self) -> None:
        """Forget everything."""
        self._pipe.send("clear")
        self._pipe.recv()

    def seconds(self) -> float:
        """The time from the first mail to the last."""
        self._pipe.send("seconds")
        return float(self._pipe.recv())


@contextmanager
def running_sink() -> Iterator[Sink]:
    """Serve until the block ends."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Sink(int(ours.recv()), ours)
    finally:
        ours.send("stop")
        process.join(10)
        process.kill()


def _serve(pipe: Connection) -> None:
    handler = _Counting()
    loop = asyncio.new_event_loop()
    making = loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(making)
    threading.Thread(target=loop.run_forever, daemon=True).start()
    pipe.send(server.sockets[0].getsockname()[1])
    while (asked := pipe.recv()) != "stop":
        match asked:
            case "taken":
                pipe.send(Counter(handler.taken))
            case "count":
                pipe.send(handler.taken.total())
            case "seconds":
                pipe.send(handler.last - handler.first)
            case "clear":
                handler.taken.clear()
                handler.first = handler.last = 0.0
                pipe.send(None)
