"""Collection straight off the connection: whatever HTTP allows, in any pieces and order."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from bihuan.collect import CollectConnection
from tests.server.running import Running

SECONDS = 30


@contextmanager
def connected(server: Running) -> Iterator[tuple[socket.socket, BinaryIO]]:
    parts = urlsplit(server.url)
    with (
        socket.create_connection((parts.hostname, parts.port), SECONDS) as client,
        client.makefile("rb") as answers,
    ):
        yield client, answers


def post(server: Running, event: str, *headers: str, path: str = "/v1/track", length: bool = True) -> bytes:
    """The bytes of a request that says that ``event``, named ``<person>-<what>``, happened."""
    key = base64.b64encode(f"{server.write_key}:".encode()).decode()
    body = json.dumps({"userId": event.partition("-")[0], "event": event, "messageId": event}).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Basic {key}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def answer(answers: BinaryIO) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the next answer."""
    status = int(answers.readline().split()[1])
    headers: dict[str, str] = {}
    while line := answers.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return status, headers, answers.read(int(headers.get("content-length", "0")))


def stored(server: Running, person: str) -> list[str]:
    return sorted(event["event"] for event in server.events() if event["distinct_id"] == person)


def test_requests_one_after_the_other_on_a_connection(server: Running) -> None:
    with connected(server) as (client, answers):
        for event in ("p0-a", "p0-b", "p0-c"):
            client.sendall(post(server, event))
            status, headers, body = answer(answers)
            assert (status, headers["content-type"]) == (200, "application/json")
            assert json.loads(body)["success"] is True
            assert "date" in headers
    assert stored(server, "p0") == ["p0-a", "p0-b", "p0-c"]


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    unknown = post(server, "p1-x", path="/in/nobody/track")
    health = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    many = [post(server, "p1-a"), unknown, post(server, "p1-b"), health, post(server, "p1-c")]
    with connected(server) as (client, answers):
        client.sendall(b"".join(many))
        assert [answer(answers)[0] for _ in many] == [200, 404, 200, 200, 200]
    assert stored(server, "p1") == ["p1-a", "p1-b", "p1-c"]


def test_a_body_in_pieces_behind_a_request_that_is_answered_first(server: Running) -> None:
    first, second = post(server, "p2-first"), post(server, "p2-second")
    with connected(server) as (client, answers):
        client.sendall(first + second[:-10])
        assert answer(answers)[0] == 200
        client.sendall(second[-10:-5])
        client.sendall(second[-5:])
        assert answer(answers)[0] == 200
    assert stored(server, "p2") == ["p2-first", "p2-second"]


def test_a_chunked_body(server: Running) -> None:
    head, _, body = post(server, "p3-a", "Transfer-Encoding: chunked", length=False).partition(b"\r\n\r\n")
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[:7], body[7:]))
    with connected(server) as (client, answers):
        client.sendall(head + b"\r\n\r\n" + pieces + b"0\r\n\r\n" + post(server, "p3-b"))
        assert [answer(answers)[0] for _ in range(2)] == [200, 200]
    assert stored(server, "p3") == ["p3-a", "p3-b"]


def test_a_client_that_waits_for_leave_gets_it(server: Running) -> None:
    head, _, body = post(server, "p4-a", "Expect: 100-continue").partition(b"\r\n\r\n")
    with connected(server) as (client, answers):
        client.sendall(head + b"\r\n\r\n")
        assert answers.readline().split()[1] == b"100"
        assert answers.readline() == b"\r\n"
        client.sendall(body)
        assert answer(answers)[0] == 200
    assert stored(server, "p4") == ["p4-a"]


def test_a_body_announced_as_too_large_is_refused_before_it_is_sent_whole(server: Running) -> None:
    head = post(server, "p5-a", length=False).partition(b"\r\n\r\n")[0]
    with connected(server) as (client, answers):
        client.sendall(head + b"\r\nContent-Length: 5000000000\r\n\r\n" + b"x" * 1_000_000)
        status, _, body = answer(answers)
    assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("line", ["HTTP/1.0", "HTTP/1.1"])
def test_a_connection_that_is_to_be_closed_is_closed_after_the_answer(server: Running, line: str) -> None:
    request = post(server, f"p7-close-{line[-1]}", "Connection: close").replace(b"HTTP/1.1", line.encode(), 1)
    with connected(server) as (client, answers):
        client.sendall(request)
        status, headers, _ = answer(answers)
        assert (status, headers["connection"]) == (200, "close")
        assert answers.read() == b""


def test_both_ways_answer_alike(server: Running) -> None:
    """A percent sign in the query goes the way of ASGI."""
    seen = []
    for query in ("", "?x=%20"):
        request = post(server, "p8-alike", "Origin: https://shop.example", path=f"/v1/track{query}")
        with connected(server) as (client, answers):
            client.sendall(request)
            status, headers, body = answer(answers)
        headers.pop("date")
        headers.pop("server", None)
        seen.append((status, headers, body))
    assert seen[0] == seen[1]
    assert seen[0][1]["access-control-allow-origin"] == "https://shop.example"


def test_what_goes_wrong_inside_is_an_answer_too(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(server) as (client, answers):
        client.sendall(post(server, "p9-a"))
        assert answer(answers)[0] == 200
        monkeypatch.setattr(server.project.intake, "take", None)
        client.sendall(post(server, "p9-b"))
        status, headers, _ = answer(answers)
        assert (status, headers["connection"]) == (500, "close")
        assert answers.read() == b""
    assert stored(server, "p9") == ["p9-a"]


def test_a_sender_that_leaves_early_has_its_event_stored(server: Running) -> None:
    with connected(server) as (client, _):
        client.sendall(post(server, "p10-left"))
        client.shutdown(socket.SHUT_RDWR)
    with connected(server) as (client, answers):
        client.sendall(post(server, "p10-left"))
        assert answer(answers)[0] == 200
    assert stored(server, "p10") == ["p10-left"]


def test_plain_requests_go_the_short_way_and_others_do_not(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    start = CollectConnection._start

    def noting(self: CollectConnection, exchange: object) -> None:
        started.append(exchange)
        start(self, exchange)  # type: ignore[arg-type]

    monkeypatch.setattr(CollectConnection, "_start", noting)
    with connected(server) as (client, answers):
        for request in (post(server, "p11-a"), post(server, "p11-b", path="/v1/track?x=%20")):
            client.sendall(request)
            assert answer(answers)[0] == 200
    assert len(started) == 1
    assert stored(server, "p11") == ["p11-a", "p11-b"]
