"""``python -m bench.outbox``: mails a second, beside what the same server takes from a trivial sender."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiosmtplib

from bench.sections import write_section
from bench.sending.shop import address_of, prepare
from bench.sending.sink import Sink, running_sink
from bihuan.messages.outbox.outbox import OutboxLimits

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HEAD = "## Outbox"
CONNECTIONS, BATCH = 4, OutboxLimits.batch
_MAIL = (
    b"From: Shop <shop@example.com>\r\nTo: x@example.com\r\nSubject: Your points\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    + b"<p>"
    + b"Some words of a mail.\r\n" * 60
    + b"</p>\r\n"
)


@dataclass(frozen=True)
class OutboxFigures:
    """Mails a second of the trivial sender and of the outbox, and megabytes of the worker."""

    mails: int
    ceiling: float
    outbox: float
    idle_megabytes: int
    above_idle_megabytes: int


async def _trivial(port: int, mails: int, connections: int) -> float:
    clients = [aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) for _ in range(connections)]
    for each in clients:
        await each.connect()
    numbers = iter(range(mails))

    async def send(client: aiosmtplib.SMTP) -> None:
        for number in numbers:
            await client.sendmail("shop@example.com", [address_of(number)], _MAIL)

    begun = time.monotonic()
    await asyncio.gather(*(send(each) for each in clients))
    seconds = time.monotonic() - begun
    for each in clients:
        await each.quit()
    return mails / seconds


def measure(mails: int, connections: int, batch: int) -> OutboxFigures:
    """Send so many mails both ways."""
    with running_sink() as sink, tempfile.TemporaryDirectory() as directory:
        ceiling = asyncio.run(_trivial(sink.port, mails, connections))
        assert sink.count() == mails
        sink.clear()
        data = Path(directory)
        # The engine lives in a process; this one may have another already.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            alone.submit(partial(prepare, connections=connections), data, sink.port, mails).result()
        idle, above = _run_worker(data, batch)
        _check(sink, mails)
        return OutboxFigures(mails, ceiling, mails / sink.seconds(), idle, above)


def _run_worker(data: Path, batch: int) -> tuple[int, int]:
    command = [sys.executable, "-m", "bench.sending.worker", str(data), str(batch)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _, _, idle, above = done.stdout.split()
    return int(idle), int(above)


def _check(sink: Sink, mails: int) -> None:
    taken = sink.taken()
    wrong = [number for number in range(mails) if taken[address_of(number)] != 1]
    if wrong:
        raise RuntimeError(f"{len(wrong)} people did not get exactly one mail")


def section(figures: OutboxFigures) -> str:
    """The part of the report."""
    share = figures.outbox / figures.ceiling
    return (
        f"{HEAD}\n\n"
        f"{figures.mails:,} mails with HTML and text from Liquid templates, tracked links and events in the "
        "log, to an SMTP server (aiosmtpd) in a process of its own; the ceiling is what that server takes "
        "from a sender that repeats one ready mail.\n\n"
        "| sender | mails/s |\n|---|---|\n"
        f"| trivial | {figures.ceiling:,.0f} |\n"
        f"| outbox | {figures.outbox:,.0f} ({share:.0%}) |\n\n"
        f"The worker stands at {figures.idle_megabytes} MB before it sends, and takes at most "
        f"{figures.above_idle_megabytes} MB more with the process that talks to the server.\n"
    )


def main() -> None:
    """Parse the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.outbox", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--output", type=Path, default=RESULTS)
    given = parser.parse_args()
    text = section(measure(given.mails, given.connections, given.batch))
    print(text)
    write_section(given.output, HEAD, text)


if __name__ == "__main__":
    main()
