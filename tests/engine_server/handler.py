"""The HTTP side: paths, credentials, headers, and which failure becomes which answer."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.engine_server.answers import CONTENT_TYPES, Answer
from tests.engine_server.bodies import BodyIncomplete, RequestBody, form_fields
from tests.engine_server.encodings import EncodingBroken
from tests.engine_server.engine import Engine
from tests.engine_server.exceptions import EngineException
from tests.engine_server.execution import ConnectionDropped, Execution
from tests.engine_server.faults import FaultSwitches
from tests.engine_server.requests import QueryRequest, credentials, parse_request, same_secret

LOOPBACK = {"127.0.0.1", "::1"}


class EngineHttpServer(ThreadingHTTPServer):
    """A thread for every connection; all share one engine.

    Args:
        address: host and port; port 0 takes a free one.
        user, password: the only credentials that are let in.
    """

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], engine: Engine, user: str, password: str) -> None:
        super().__init__(address, Handler)
        self.engine, self.user, self.password = engine, user, password
        self.faults = FaultSwitches()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests; anything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: EngineHttpServer
    protocol_version = "HTTP/1.1"
    server_version = "EngineTestServer"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        """``GET /``, ``/ping`` and ``/_test/…``."""
        self._serve()

    def do_POST(self) -> None:
        """``POST /`` and ``/_test/…``."""
        self._serve()

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def _serve(self) -> None:
        body = RequestBody(self.rfile, self.headers)
        try:
            self._route(body)
            self.wfile.flush()
            if not body.drained():
                self.close_connection = True
        except (ConnectionDropped, BodyIncomplete, ConnectionError):
            self._hang_up()

    def _route(self, body: RequestBody) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/_test/"):
            self._control(path.removeprefix("/_test/"), body)
        elif self.server.faults.is_unavailable():
            self._plain(503, b"Service Unavailable\n", {"Retry-After": "1"})
        elif path == "/ping":
            self._plain(200, b"Ok.\n")
        elif path == "/":
            self._query(body)
        else:
            self._plain(404, f"There is no handle {path}\n".encode())

    def _query(self, body: RequestBody) -> None:
        engine = self.server.engine
        query_string = urlsplit(self.path).query
        request: QueryRequest | None = None
        try:
            self._authenticate(query_string)
            content_type = self.headers.get("Content-Type") or ""
            is_form = content_type.lower().startswith("multipart/form-data")
            form = form_fields(content_type, b"".join(body.decoded())) if is_form else {}
            request = parse_request(self.command, query_string, self.headers, form)
            if request.native_framing:
                raise engine.refusal(48, "compress and decompress are not supported by the test server")
            execution = Execution(
                engine, self.server.faults, request, self._answer_maker(request), self.connection
            )
            execution.run(iter(()) if is_form else body.decoded())
        except EngineException as failure:
            self._exception(failure, request, body)
        except EncodingBroken as failure:
            self._exception(engine.refusal(failure.code, str(failure)), request, body)
        except ValueError as failure:
            self._exception(engine.refusal(36, str(failure)), request, body)

    def _authenticate(self, query_string: str) -> None:
        user, password = credentials(query_string, self.headers)
        known = same_secret(user, self.server.user)
        if not (same_secret(password, self.server.password) and known):
            raise self.server.engine.refusal(
                516,
                f"{user}: Authentication failed: password is incorrect, or there is no user with such name.",
            )

    def _answer_maker(self, request: QueryRequest) -> Any:
        def make(output_format: str) -> Answer:
            headers = {
                **self._common_headers(request),
                "X-ClickHouse-Format": output_format,
                "Content-Type": CONTENT_TYPES.get(output_format, "text/plain; charset=UTF-8"),
            }
            return Answer(
                self._begin, self.wfile, headers, encoding=request.encoding, hold_all=request.hold_all
            )

        return make

    def _common_headers(self, request: QueryRequest) -> dict[str, str]:
        return {
            "X-ClickHouse-Query-Id": request.query_id,
            "X-ClickHouse-Timezone": self.server.engine.timezone,
            "X-ClickHouse-Server-Display-Name": "engine-test-server",
        }

    def _exception(self, failure: EngineException, request: QueryRequest | None, body: RequestBody) -> None:
        # A client that is still sending its body reads no answer: take the rest first.
        if not body.drained():
            self.close_connection = True
        headers = self._common_headers(request) if request else {}
        headers["X-ClickHouse-Exception-Code"] = str(failure.code)
        self._plain(failure.status, failure.text.encode() + b"\n", headers)

    def _begin(self, headers: Mapping[str, str]) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _plain(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        given = {"Content-Type": "text/plain; charset=UTF-8", **(headers or {})}
        for name, value in {**given, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _control(self, action: str, body: RequestBody) -> None:
        faults = self.server.faults
        if self.client_address[0] not in LOOPBACK:
            self._plain(403, b"Only from this machine\n")
            return
        try:
            if action == "faults" and self.command == "POST":
                faults.set(json.loads(b"".join(body.decoded())))
            elif action == "reset" and self.command == "POST":
                faults.reset()
            elif action != "state":
                raise ValueError(f"No such control: {self.command} {action}")
        except ValueError as failure:
            self._plain(400, f"{failure}\n".encode())
            return
        self._plain(200, json.dumps(faults.state()).encode(), {"Content-Type": "application/json"})

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
