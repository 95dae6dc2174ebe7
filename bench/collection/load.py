"""The load generator, in a process of its own: ``python -m bench.collection.load`` with a plan on stdin.

Raw sockets that are kept open and bodies made beforehand, so that it takes little from the server. Without a
rate each connection sends its next request when the last one is answered; with one, at fixed times.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import time
from collections.abc import Iterator

import msgspec
import uvloop

from bench.collection.bodies import batch_bodies, numbered, single_bodies

REPLY_END = b"\r\n\r\n"


class LoadPlan(msgspec.Struct, frozen=True):
    """What to send.

    Args:
        first_number: number of the first request; numbers must not repeat within a server's life.
        requests_per_second: in all; None sends as fast as answers come.
        lead_seconds: sent before the clock runs.
    """

    host: str
    port: int
    write_key: str
    path: str
    connections: int
    seconds: float
    first_number: int
    requests_per_second: float | None = None
    lead_seconds: float = 1.0


class LoadReport(msgspec.Struct):
    """What came back. ``acknowledged`` are the numbers of all requests that were answered with 200.

    ``latencies_ms`` and ``failures`` (by status) are of the ``seconds`` measured.
    """

    acknowledged: list[int] = []
    latencies_ms: list[float] = []
    failures: dict[str, int] = {}
    seconds: float = 0.0


class _Sender(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: _Load, place: int) -> None:
        self._load = load
        self._received = b""
        self._due = load.begin + place * load.pause_seconds / load.plan.connections
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._plan_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._load.report.failures["connection"] = self._load.report.failures.get("connection", 0) + 1
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(REPLY_END)
        if not separator or len(body) < _content_length(head):
            return
        self._received = b""
        self._load.answered(self._number, self._sent, head[9:12])
        self._plan_next()

    def _plan_next(self) -> None:
        now = time.perf_counter()
        if now >= self._load.end:
            self.done.set_result(None)
            self._transport.abort()
        elif self._due <= now:
            self._send()
        else:
            asyncio.get_running_loop().call_later(self._due - now, self._send)

    def _send(self) -> None:
        self._due += self._load.pause_seconds
        self._number, message = next(self._load.messages)
        self._sent = time.perf_counter()
        self._transport.write(message)  # type: ignore[attr-defined]


class _Load:
    """All connections together."""

    def __init__(self, plan: LoadPlan) -> None:
        self.plan, self.report = plan, LoadReport()
        self.messages = self._messages()
        rate = plan.requests_per_second
        self.pause_seconds = plan.connections / rate if rate else 0.0
        self.begin = time.perf_counter()
        self.counted_from = self.begin + plan.lead_seconds
        self.end = self.counted_from + plan.seconds
        self._last = self.counted_from

    async def run(self) -> LoadReport:
        """Send until the time is over and every answer is there."""
        loop, plan = asyncio.get_running_loop(), self.plan
        senders = []
        for place in range(plan.connections):
            _, sender = await loop.create_connection(
                lambda place=place: _Sender(self, place), plan.host, plan.port
            )
            senders.append(sender.done)
        await asyncio.gather(*senders)
        self.report.seconds = self._last - self.counted_from
        return self.report

    def answered(self, number: int, sent: float, status: bytes) -> None:
        """Note an answer."""
        now = time.perf_counter()
        if status == b"200":
            self.report.acknowledged.append(number)
        if now < self.counted_from:
            return
        self._last = now
        if status == b"200":
            self.report.latencies_ms.append((now - sent) * 1000)
        else:
            name = status.decode()
            self.report.failures[name] = self.report.failures.get(name, 0) + 1

    def _messages(self) -> Iterator[tuple[int, bytes]]:
        plan = self.plan
        bodies = batch_bodies() if plan.path == "/v1/batch" else single_bodies()
        key = base64.b64encode(f"{plan.write_key}:".encode()).decode()
        heads = [
            (
                f"POST {plan.path} HTTP/1.1\r\nHost: {plan.host}\r\nAuthorization: Basic {key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            for body in bodies
        ]
        number = plan.first_number
        while True:
            place = number % len(bodies)
            yield number, heads[place] + numbered(bodies[place], number)
            number += 1


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + 15
    return int(lowered[start:].split(b"\r\n", 1)[0])


async def _main() -> None:
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=LoadPlan)
    report = await _Load(plan).run()
    sys.stdout.buffer.write(msgspec.json.encode(report))


if __name__ == "__main__":
    uvloop.run(_main())
