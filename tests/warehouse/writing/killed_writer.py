"""Run as a process that is to be killed: store numbered events, print those that are acknowledged.

    python -m tests.warehouse.writing.killed_writer DIRECTORY < numbers

Reads lines of numbers (a request each) from standard input. Prints what the log holds at the start
(``stored NUMBER COUNT`` a line) and ``ready``; then stores the requests, several of them under way at once,
and prints ``ack N N …`` for each as soon as its outcome is known, and ``done``.
"""

from __future__ import annotations

import asyncio
import os
import sys

from bihuan.warehouse import Batch, Engine, GroupWriter, ProjectStore, open_project
from tests.warehouse.writing.samples import sample_row, stored_counts

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
    """Tell what is stored, then store every request."""
    engine = Engine(f"chdb://{directory}")
    store = open_project(engine, "killed")
    writer = GroupWriter()
    requests = [[int(number) for number in line.split()] for line in sys.stdin]
    for number, count in stored_counts(store).items():
        say(f"stored {number} {count}")
    say("ready")
    asyncio.run(send_all(writer, store, requests))
    writer.close()
    engine.close()
    say("done")


if __name__ == "__main__":
    main(sys.argv[1])
