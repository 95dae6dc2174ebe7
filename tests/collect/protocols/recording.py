"""A small HTTP server on loopback that answers SDKs with the real protocols and keeps what they parsed."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from bihuan.collect.incoming import (
    IdentityLink,
    IncomingEvent,
    Parsed,
    ProfileChange,
)
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request

RECEIVED_MS = 1_790_000_000_000


class Recording:
    """What arrived: requests with what became of them, in order of arrival."""

    def __init__(self) -> None:
        self.parsed: list[Parsed] = []
        self.requests: list[Request] = []

    @property
    def events(self) -> list[IncomingEvent]:
        """All events."""
        return [item for each in self.parsed for item in each.items if isinstance(item, IncomingEvent)]

    @property
    def links(self) -> set[tuple[str, str]]:
        """All links as ``(anonymous, known)``."""
        return {
            (item.anonymous_id, item.known_id)
            for each in self.parsed
            for item in each.items
            if isinstance(item, IdentityLink)
        }

    @property
    def changes(self) -> list[ProfileChange]:
        """All profile changes."""
        return [item for each in self.parsed for item in each.items if isinstance(item, ProfileChange)]


@contextmanager
def recording_server(protocol: CollectProtocol) -> Iterator[tuple[str, Recording]]:
    """``(host, recording)`` of a server with ``protocol`` under ``/in/<name>``."""
    recording = Recording()
    handler = type("Handler", (_Handler,), {"protocol": protocol, "recording": recording})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", recording
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol: ClassVar[CollectProtocol]
    recording: ClassVar[Recording]

    def handle_any(self) -> None:
        request = self.read_request()
        reply = self.protocol.immediate(request)
        if reply is None:
            parsed = self.protocol.parse(request)
            self.recording.parsed.append(parsed)
            reply = self.protocol.accepted(request, outcome_of(parsed))
        self.recording.requests.append(request)
        self.answer(reply)

    def read_request(self) -> Request:
        url = urlsplit(self.path)
        mount = f"/in/{self.protocol.name}"
        assert url.path.startswith(mount), self.path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return Request(
            method=self.command,
            path=url.path.removeprefix(mount),
            query=parse_qs(url.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            client_ip="198.51.100.1",
            received_ms=RECEIVED_MS,
        )

    def answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = handle_any  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


def outcome_of(parsed: Parsed) -> Outcome:
    """The outcome when everything readable is stored."""
    return Outcome(
        accepted=len(parsed.items),
        quarantined=[(rejected.path, rejected.reason) for rejected in parsed.rejected],
    )
