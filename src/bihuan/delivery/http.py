"""Requests to providers, over connections that stay open, and only to addresses on the internet."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Protocol

import httpcore
import httpx

from bihuan.delivery.errors import AddressRefused
from bihuan.delivery.port import Content, Limits, Outgoing, Rejected, Result, Retry, Sent, Uncertain
from bihuan.delivery.reasons import Reasons
from bihuan.delivery.webhooks.addresses import Target, address_of, target_of

CONNECT_SECONDS = 5.0
THROTTLED_SECONDS = 30.0
# Nothing gets better before somebody mends the account.
ACCOUNT_SECONDS = 300.0
_MOST_BYTES = 262_144
_KEEP_SECONDS = 20.0
_LONGEST_WAIT_SECONDS = 86_400.0
_THROTTLED, _UNAVAILABLE = 429, 503
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


class NotSent(Exception):
    """The message did not reach the provider, which may be asked again ``after_seconds``."""

    def __init__(self, reason: str, after_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.after_seconds = after_seconds


class Unanswered(Exception):
    """The request may have reached the provider; no answer came."""


@dataclass(frozen=True)
class Answer:
    """What a provider answered; names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def wait_seconds(self) -> float:
        """What Retry-After asks for, 0 without."""
        return wait_seconds_of(self.headers.get("retry-after"))


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the one address that was looked at, so that a name cannot lead elsewhere afterwards."""

    def __init__(self, private: bool) -> None:
        self._private = private
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        target = Target(f"{host}:{port}", "https", host, port, "/")
        try:
            address = await asyncio.to_thread(address_of, target, private=self._private)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class Caller:
    """Sends requests. Not a client of httpx, which writes whole URLs, and so keys of bots, into the log.

    ``total_seconds``: of one request with everything; also whoever answers byte by byte does not outlast it.
    """

    def __init__(
        self,
        *,
        private: bool,
        connections: int,
        answer_seconds: float,
        total_seconds: float | None = None,
        http2: bool = False,
    ) -> None:
        self._answer_seconds = answer_seconds
        self._total_seconds = total_seconds or answer_seconds + CONNECT_SECONDS
        self._transport = httpx.AsyncHTTPTransport(verify=_tls(), trust_env=False)
        self._transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=_KEEP_SECONDS,
            http1=not http2,
            http2=http2,
            network_backend=_Guarded(private),
        )

    async def __call__(
        self, method: str, url: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request; redirects are not followed, and of long answers the beginning is read.

        Raises:
            NotSent, Unanswered, AddressRefused.
        """
        timeout = httpx.Timeout(self._answer_seconds, connect=CONNECT_SECONDS).as_dict()
        given = {"user-agent": "Bihuan", **(headers or {})}
        request = httpx.Request(method, url, headers=given, content=content, extensions={"timeout": timeout})
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._exchange(request)
        except _NOT_SENT as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise Unanswered(f"{type(error).__name__}: {error}") from error

    async def _exchange(self, request: httpx.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        try:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    break
            return Answer(response.status_code, {**response.headers}, bytes(body))
        finally:
            await response.aclose()

    async def close(self) -> None:
        """End all connections."""
        await self._transport.aclose()


class Answering(Protocol):
    """What a channel's settings say of a provider: how long to wait for it, and what may not be told."""

    @property
    def answer_seconds(self) -> float: ...

    def secret_values(self) -> list[str]: ...


class HttpChannel:
    """Base of channels that send one request for each message, several at once.

    ``secrets``: what is to be kept out of reasons besides the secrets of the settings.

    Subclasses override ``deliver``, or ``together`` and ``deliver_together``. What goes wrong on the way is
    mapped here: not connected is ``Retry``, no answer is what ``unanswered`` says.
    """

    content: type[Content]

    def __init__(
        self,
        base_url: str,
        settings: Answering,
        *,
        private: bool,
        limits: Limits,
        secrets: Sequence[str] = (),
        http2: bool = False,
    ) -> None:
        target_of(base_url, private=private)
        self.base_url = base_url.rstrip("/")
        self.limits = limits
        self.reason = Reasons([*settings.secret_values(), *secrets])
        self.call = Caller(
            private=private,
            connections=limits.connections,
            answer_seconds=settings.answer_seconds,
            http2=http2,
        )
        self._turns = asyncio.Semaphore(limits.connections)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.limits})"

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """One result for each message, in order."""
        groups = self.together(batch)
        found = await asyncio.gather(*(self._group([batch[place] for place in places]) for places in groups))
        results = {
            place: result
            for places, several in zip(groups, found, strict=True)
            for place, result in zip(places, several, strict=True)
        }
        return [results[place] for place in range(len(batch))]

    async def close(self) -> None:
        """End all connections."""
        await self.call.close()

    def together(self, batch: Sequence[Outgoing]) -> list[list[int]]:
        """Which messages, by their places, go in one request: one, unless a provider takes more."""
        return [[place] for place in range(len(batch))]

    async def deliver(self, message: Outgoing) -> Result:
        """Send one message. May raise what ``call`` raises; ``ValueError`` for what cannot be sent."""
        return (await self.deliver_together([message]))[0]

    async def deliver_together(self, messages: list[Outgoing]) -> list[Result]:
        """Send what ``together`` put together."""
        return [await self.deliver(each) for each in messages]

    def unanswered(self, reason: str) -> Result:
        """The result when a request went out and no answer came."""
        return Uncertain(reason)

    async def _group(self, messages: list[Outgoing]) -> list[Result]:
        for each in messages:
            if not isinstance(each.content, self.content):
                given, taken = type(each.content).__name__, self.content.__name__
                return [Rejected(f"this channel sends {taken}, not {given}")] * len(messages)
        async with self._turns:
            found = await self._guarded(messages)
        return [self._cleaned(result, each.address) for result, each in zip(found, messages, strict=True)]

    async def _guarded(self, messages: list[Outgoing]) -> list[Result]:
        failure: Result
        try:
            return await self.deliver_together(messages)
        except NotSent as error:
            failure = Retry(f"not sent: {error}", error.after_seconds)
        except AddressRefused as error:
            failure = Retry(str(error), ACCOUNT_SECONDS)
        except Unanswered as error:
            failure = self.unanswered(f"no answer: {error}")
        except ValueError as error:
            failure = Rejected(str(error))
        except Exception as error:  # a fault of ours must not cost the others their results
            failure = Uncertain(f"{type(error).__name__}: {error}")
        return [failure] * len(messages)

    def _cleaned(self, result: Result, address: str) -> Result:
        if isinstance(result, Sent):
            return result
        return replace(result, reason=self.reason(result.reason, address=address))


def result_of_status(answer: Answer, said: str = "") -> Result:
    """What a status means that the provider does not explain: after 500, 502 and 504 nobody knows."""
    reason = f"HTTP {answer.status} {said}"
    if answer.status == _THROTTLED:
        return Retry(reason, answer.wait_seconds or THROTTLED_SECONDS)
    if answer.status == _UNAVAILABLE:
        return Retry(reason, answer.wait_seconds)
    if answer.status in {401, 403, 407}:
        return Retry(reason, ACCOUNT_SECONDS)
    if answer.status >= 500 or answer.status < 300:
        return Uncertain(reason)
    return Rejected(reason)


def no_token(answer: Answer, said: object) -> NotSent:
    """Nothing was sent because the token for it was not given."""
    wait = ACCOUNT_SECONDS if 400 <= answer.status < 500 else answer.wait_seconds
    return NotSent(f"no token: HTTP {answer.status} {said}", wait)


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
    return min(max(0.0, seconds), _LONGEST_WAIT_SECONDS)


def json_bytes(value: Any) -> bytes:
    """JSON as it is sent: UTF-8, no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
