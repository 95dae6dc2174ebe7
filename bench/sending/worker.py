"""A process that sends what is in the outbox of a directory until nothing is left; it may be killed."""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path

import uvloop

from bench.sending.shop import PROJECT, opened
from bihuan.kernel.garbage import look_seldom
from bihuan.messages.outbox.outbox import OutboxLimits


def work(data: Path, batch: int | None = None) -> None:
    """Recover what a killed predecessor left, then send, as the server does; prints figures at the end."""
    look_seldom()
    installation = opened(data)
    messaging = installation.messaging
    if batch is not None:
        messaging.limits = OutboxLimits(batch=batch)
    outbox = messaging.outbox()
    installation.project(PROJECT)
    outbox.recover(everybody=True)
    outbox.tell_all([PROJECT])
    gc.freeze()
    before_kb = _memory_kb("VmRSS")
    begun = time.monotonic()

    others_kb: list[int] = []

    async def send() -> int:
        try:
            return await outbox.send_due()
        finally:
            others_kb.extend(_memory_kb("VmHWM", each) for each in _children())
            await outbox.close()

    sent = uvloop.run(send())
    seconds = time.monotonic() - begun
    # The system's own figure of the largest would be that of the process which started this one.
    peak_kb = _memory_kb("VmHWM") + sum(others_kb)
    print(sent, f"{seconds:.3f}", before_kb // 1024, (peak_kb - before_kb) // 1024, flush=True)
    installation.close()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def _memory_kb(name: str, process: str = "self") -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
