"""How fast the write path alone takes events: python bench/ingest_probe.py [seconds per case].

Closed loop: each sender sends its next batch when the last one is acknowledged. For comparison the rate at
which the same rows enter the engine from Arrow in groups of 10,000, and the cost of fsync.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
import uuid
from statistics import quantiles

from bihuan.warehouse import (
    Batch,
    Engine,
    EventRow,
    GroupWriter,
    ProjectStore,
    WriteLimits,
    event_row,
    open_project,
)
from bihuan.warehouse.writing.columns import events_table
from bihuan.warehouse.writing.insertion import insert

EVENTS = ("$pageview", "view_item", "add_to_cart", "pay")
CASES = ((1, 1), (64, 1), (16, 100), (32, 100), (4, 1000))


def make_event(chance: random.Random, now_ms: int) -> EventRow:
    """An event as collection makes it, with six properties."""
    return event_row(
        event_id=uuid.UUID(int=chance.getrandbits(128)),
        event=chance.choice(EVENTS),
        time_ms=now_ms - chance.randrange(86_400_000),
        received_ms=now_ms,
        distinct_id=f"user-{chance.randrange(100_000)}",
        source="web",
        session_id="",
        properties={
            "$url": f"https://shop.example/item/{chance.randrange(1_000)}",
            "$utm_source": chance.choice(("search", "mail", "ads")),
            "$os": chance.choice(("iOS", "Android")),
            "$revenue": chance.randrange(500),
            "plan": chance.choice(("free", "pro")),
            "step": chance.randrange(9),
        },
    )


async def closed_loop(
    writer: GroupWriter, store: ProjectStore, senders: int, size: int, seconds: float
) -> str:
    """Run one case and describe it."""
    delays: list[float] = []
    until = time.perf_counter() + seconds

    async def send(number: int) -> None:
        chance, now_ms = random.Random(uuid.uuid4().int + number), int(time.time() * 1000)
        while time.perf_counter() < until:
            batch = Batch([make_event(chance, now_ms) for _ in range(size)])
            started = time.perf_counter()
            await writer.write(store, batch)
            delays.append((time.perf_counter() - started) * 1000)

    started, cpu_started = time.perf_counter(), time.process_time()
    await asyncio.gather(*(send(number) for number in range(senders)))
    took, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    rate = len(delays) * size / took
    cuts = quantiles(delays, n=100)
    return f"{rate:10,.0f} events/s  p50 {cuts[49]:6.1f} ms  p99 {cuts[98]:6.1f} ms  {cpu / took:4.2f} cores"


def arrow_rate(store: ProjectStore, seconds: float) -> str:
    """Rows a second from Arrow in groups of 10,000, one thread."""
    chance, count = random.Random(7), 0
    tables = [events_table([make_event(chance, 1_763_700_000_000) for _ in range(10_000)]) for _ in range(3)]
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        insert(store, "events", tables[count % 3])
        count += 1
    return f"{count * 10_000 / (time.perf_counter() - started):10,.0f} events/s"


def main() -> None:
    """Run every case with and without fsync."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with tempfile.TemporaryDirectory() as directory:
        engine = Engine(f"chdb://{directory}")
        for durable in (True, False):
            store = open_project(engine, f"probe_{int(durable)}", durable=durable)
            for inserters in (1, 2):
                writer = GroupWriter(WriteLimits(inserters=inserters))
                writer.open(store)
                while not writer.ready(store):
                    time.sleep(0.05)
                for senders, size in CASES:
                    told = asyncio.run(closed_loop(writer, store, senders, size, seconds))
                    print(
                        f"fsync={durable!s:5} inserters={inserters} {senders:3} senders × {size:4}: {told}",
                        flush=True,
                    )
                writer.close()
            print(
                f"fsync={durable!s:5} from Arrow, groups of 10,000: {arrow_rate(store, seconds)}", flush=True
            )
        engine.close()


if __name__ == "__main__":
    main()
