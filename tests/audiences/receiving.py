"""A web server that receives webhooks, and does with them what a test says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """``answers``: statuses with headers, in order (204 when there are none); ``drop``: no answer at all."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    drop: bool = False
    drip_seconds: float = 0.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def messages(self) -> list[Any]:
        """The bodies that came."""
        return [json.loads(body) for _, body in self.got]

    def ids(self) -> list[str]:
        """The ids of messages that came."""
        return [headers["webhook-id"] for headers, _ in self.got]

    def verify(self, secret: str, place: int = -1) -> None:
        """Check a signature as Standard Webhooks describes it."""
        headers, body = self.got[place]
        key = base64.b64decode(secret.split("whsec_", 1)[1], validate=True)
        said = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
        version, _, given = headers["webhook-signature"].partition(",")
        assert version == "v1"
        assert base64.b64decode(given, validate=True) == hmac.digest(key, said, hashlib.sha256)
        assert abs(time.time() - int(headers["webhook-timestamp"])) < 60


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a port of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if receiver.drop:
                self.connection.close()
                return
            status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
            if receiver.drip_seconds:
                for letter in b"HTTP/1.1 200 OK\r\nx-slow: " + b"x" * 1_000:
                    self.wfile.write(bytes([letter]))
                    time.sleep(receiver.drip_seconds)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?to=crm"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
