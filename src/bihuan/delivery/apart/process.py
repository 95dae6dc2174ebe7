"""A channel whose work is done by a process of its own."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.delivery.apart import frames
from bihuan.delivery.port import Limits, Outgoing, Result, Retry, Uncertain

PROCESS_ENDED = "the process that sends ended"


class OtherProcess:
    """Begun at the first message, and anew after it ended; it ends with this process, whatever ends that.

    Of what it had when it dies nobody knows whether it went out. It gets the settings by a pipe, where no
    list of processes shows them.
    """

    def __init__(
        self,
        kind: str,
        settings: Mapping[str, Any],
        secrets: Mapping[str, Any],
        limits: Limits,
        *,
        private: bool = False,
    ) -> None:
        self.limits = limits
        self._opening = frames.opening(kind, dict(settings), dict(secrets), private)
        self._turn = asyncio.Lock()
        self._running: _Running | None = None

    async def begin(self) -> bool:
        """Have it run; whether it does."""
        async with self._turn:
            if self._running is None or self._running.ended:
                self._running = await _begun(self._opening)
            return not self._running.ended

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """One result for each message, in order."""
        if not await self.begin() or self._running is None:
            return [Retry(PROCESS_ENDED) for _ in batch]
        return await self._running.send(batch)

    async def close(self) -> None:
        """Have it end in good order."""
        async with self._turn:
            running, self._running = self._running, None
            if running is not None:
                await running.close()


async def _begun(opening: bytes) -> _Running:
    pipe = asyncio.subprocess.PIPE
    # A Ctrl-C is for this process, which ends the other one when all is told.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __package__, stdin=pipe, stdout=pipe, start_new_session=True
    )
    running = _Running(process)
    await running.ready(opening)
    return running


class _Running:
    """The process while it runs: what it is asked is numbered, and so are its answers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._writer, self._reader = process, process.stdin, process.stdout
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[list[Result] | None]] = {}
        self._listening: asyncio.Task[None] | None = None
        self.ended = False

    async def ready(self, opening: bytes) -> None:
        """Until it can send, or has ended."""
        self._writer.write(opening)
        if await frames.next_frame(self._reader) is None:
            self._end()
        else:
            self._listening = asyncio.create_task(self._listen())

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(frames.share(number, batch))
            await self._writer.drain()
        except (OSError, RuntimeError):
            self._end()
        return await answered or [Uncertain(PROCESS_ENDED) for _ in batch]

    async def close(self) -> None:
        self._writer.close()
        await self._process.wait()

    async def _listen(self) -> None:
        try:
            while (body := await frames.next_frame(self._reader)) is not None:
                number, results = frames.read_answer(body)
                answered = self._waiting.pop(number)
                if not answered.done():
                    answered.set_result(results)
        finally:
            self._end()

    def _end(self) -> None:
        self.ended = True
        self._writer.close()
        for each in self._waiting.values():
            if not each.done():
                each.set_result(None)
        self._waiting.clear()
