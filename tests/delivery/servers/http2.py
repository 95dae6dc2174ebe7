"""A provider behind HTTP/2 without TLS (prior knowledge), as far as a client of APNs needs it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from tests.delivery.servers.listening import Listening, Reply, Request


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, answer: Callable[[Request], Reply], state: Listening) -> None:
        self.answer, self.state = answer, state
        # By name, because it is not installed everywhere.
        config = import_module("h2.config").H2Configuration(client_side=False, header_encoding="utf-8")
        self.h2: Any = import_module("h2.connection").H2Connection(config)
        self.streams: dict[int, tuple[dict[str, str], bytearray]] = {}

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.state.open += 1
        self.state.most_open = max(self.state.most_open, self.state.open)
        self.h2.initiate_connection()
        transport.write(self.h2.data_to_send())

    def connection_lost(self, error: Exception | None) -> None:
        self.state.open -= 1

    def data_received(self, data: bytes) -> None:
        events = import_module("h2.events")
        for event in self.h2.receive_data(data):
            if isinstance(event, events.RequestReceived):
                self.streams[event.stream_id] = (dict(event.headers), bytearray())
            elif isinstance(event, events.DataReceived):
                self.streams[event.stream_id][1].extend(event.data)
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, events.StreamEnded):
                self.end(event.stream_id)
        self.transport.write(self.h2.data_to_send())

    def end(self, stream: int) -> None:
        headers, body = self.streams.pop(stream)
        request = Request(headers[":method"], headers[":path"], {}, headers, bytes(body))
        self.state.requests.append(request)
        reply = self.answer(request)
        if reply.silent:
            return
        if reply.drop:
            self.h2.reset_stream(stream)
            return
        text = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.h2.send_headers(stream, [(":status", str(reply.status)), *reply.headers.items()])
        self.h2.send_data(stream, text, end_stream=True)


@contextmanager
def http2_listening(answer: Callable[[Request], Reply]) -> Iterator[Listening]:
    """Run ``answer`` for every request, in a thread."""
    state = Listening()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Session(answer, state), "127.0.0.1", 0))
    state.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
