"""A web server on loopback that does what a test's provider says, and may say nothing at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What came; names of headers are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        found = parse_qs(self.body.decode(), keep_blank_values=True, strict_parsing=True)
        return {name: values[0] for name, values in found.items()}


@dataclass(frozen=True)
class Reply:
    """An answer; ``silent``: none, for as long as the test runs; ``drop``: the connection ends instead."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False
    drop: bool = False


@dataclass
class Listening:
    """A server that runs, and its connections."""

    url: str = ""
    open: int = 0
    most_open: int = 0
    requests: list[Request] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection as its server says."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: Server

    def setup(self) -> None:
        super().setup()
        state = self.server.state
        with state.lock:
            state.open += 1
            state.most_open = max(state.most_open, state.open)

    def finish(self) -> None:
        with self.server.state.lock:
            self.server.state.open -= 1
        super().finish()

    def do_POST(self) -> None:
        state = self.server.state
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        request = Request(self.command, parts.path, query, headers, body)
        with state.lock:
            state.requests.append(request)
            reply = self.server.answer(request)
        if reply.silent:
            state.ended.wait(15)
        if reply.silent or reply.drop:
            self.close_connection = True
            return
        text = b"" if reply.body is None else json.dumps(reply.body, ensure_ascii=False).encode()
        self.send_response(reply.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Runs ``answer`` for every request."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.state = Listening(f"http://127.0.0.1:{self.server_port}")

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def listening(answer: Callable[[Request], Reply]) -> Iterator[Listening]:
    """A server on a port of its own."""
    server = Server(answer)
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield server.state
    finally:
        server.state.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
