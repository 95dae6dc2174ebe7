"""One POST to somebody else's server: to the address that was looked at, once, within a time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpx

from bihuan.delivery.errors import AddressRefused, DeliveryFailed
from bihuan.delivery.webhooks.addresses import Target, address_of

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 86_400.0
_READ_BYTES = 4_096


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool,
    total_seconds: float = TOTAL_SECONDS,
) -> int:
    """Send a body; returns the status, which is 2xx. Redirects are not followed.

    Raises:
        DeliveryFailed: no answer in time, or another status.
        AddressRefused.
    """
    try:
        address = address_of(target, private=private)
        status, wait_seconds = _exchange(target, address, body, headers, total_seconds)
    except AddressRefused:
        raise
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if isinstance(error, TimeoutError):
            raise DeliveryFailed(
                f"no answer within {total_seconds:g} s", f"{total_seconds:g} 秒内没有响应"
            ) from error
        reason = f"{type(error).__name__}: {error}"[:300]
        raise DeliveryFailed(f"no answer ({reason})", f"没有响应（{reason}）") from error
    if not 200 <= status < 300:
        raise DeliveryFailed(
            f"it answered {status}", f"对方返回 {status}", answer=status, wait_seconds=wait_seconds
        )
    return status


def _exchange(
    target: Target, address: str, body: bytes, headers: Mapping[str, str], total_seconds: float
) -> tuple[int, float]:
    until = time.monotonic() + total_seconds
    connection = http.client.HTTPConnection(target.host, target.port)
    timed_out = threading.Event()
    current = socket.create_connection((address, target.port), min(CONNECT_SECONDS, total_seconds))

    def cut_off() -> None:
        # Whoever answers byte by byte would outlast a timeout of each read.
        timed_out.set()
        # shutdown, not close: that would leave a read waiting for ever.
        with suppress(OSError):
            current.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - time.monotonic()), cut_off)
    timer.daemon = True
    timer.start()
    try:
        current.settimeout(total_seconds)
        if target.scheme == "https":
            # The handshake is a step of its own, because wrapping gives a new socket to cut off.
            wrapped = _tls().wrap_socket(current, server_hostname=target.host, do_handshake_on_connect=False)
            current = wrapped
            wrapped.do_handshake()
        connection.sock = current
        connection.request("POST", target.path, body, {**headers, "connection": "close"})
        answer = connection.getresponse()
        answer.read(_READ_BYTES)
        return answer.status, wait_seconds_of(answer.headers.get("retry-after"))
    except (OSError, http.client.HTTPException):
        if timed_out.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
        connection.close()
        current.close()


def wait_seconds_of(said: str | None) -> float:
    """What Retry-After asks for: seconds, or a date; at most a day."""
    if said is None:
        return 0.0
    try:
        seconds = float(int(said))
    except ValueError:
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return 0.0
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), LONGEST_WAIT_SECONDS)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
