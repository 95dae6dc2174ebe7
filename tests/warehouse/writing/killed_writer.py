"""Run as a process that is to be killed: store numbered events, print those that are acknowledged.

    python -m tests.warehouse.writing.killed_writer DIRECTORY < numbers

Reads lines of numbers (a request each) from standard input, several of them under way at once, and prints
``ready``, then ``ack N N …`` for each request as soon as its outcome is known.
"""

from __future__ import annotations

import asyncio
import os
import sys

from bihuan.warehouse import Batch, Engine, GroupWriter, ProjectStore, open_project
from tests.warehouse.writing.samples import sample_row

SENDERS = 12


async def send_all(writer: GroupWriter, store: ProjectStore, requests: list[list[int]]) -> None:
    """Each sender takes the next request when its last one is acknowledged."""
    waiting = iter(requests)

    async def send() -> None:
        for numbers in waiting:
            await writer.write(store, Batch([sample_row(number) for number in numbers]))
            say("ack " + " ".join(map(str, numbers)))

    await asyncio.gather(*(send() for _ in range(SENDERS)))


def say(line: str) -> None:
    """One write system call, so that a kill leaves whole lines."""
    os.write(1, f"{line}\n".encode())


def main(directory: str) -> None:
    """Store every request, then say ``done``."""
    engine = Engine(f"chdb://{directory}")
    store = open_project(engine, "killed")
    writer = GroupWriter()
    requests = [[int(number) for number in line.split()] for line in sys.stdin]
    say("ready")
    asyncio.run(send_all(writer, store, requests))
    writer.close()
    engine.close()
    say("done")


if __name__ == "__main__":
    main(sys.argv[1])
