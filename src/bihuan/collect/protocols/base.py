"""The port that every collection protocol implements.

A protocol is one small module with a module-level ``PROTOCOL``. It declares itself (mount, paths, limits),
reads a request into :class:`~bihuan.collect.incoming.Parsed` and words the answer its SDKs insist on.
It touches neither storage nor network; the pipeline around it authenticates, stores and measures.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import msgspec

from bihuan.collect.incoming import Parsed
from bihuan.kernel.errors import BihuanError, Language


class Request(msgspec.Struct, kw_only=True):
    """An HTTP request as a protocol sees it.

    ``path`` is below the protocol's mount and starts with ``/``; ``query`` keeps repeated values in order;
    ``headers`` has lower-case names; ``body`` is already decompressed (gzip, deflate, zstd).
    """

    method: str
    path: str
    query: dict[str, list[str]] = {}
    headers: dict[str, str] = {}
    body: bytes = b""
    client_ip: str | None = None
    received_ms: int = 0

    def query_value(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.query.get(name)
        return values[0] if values else None


class Reply(msgspec.Struct, kw_only=True):
    """What goes back over HTTP."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: dict[str, str] = {}


class Outcome(msgspec.Struct, kw_only=True):
    """What became of a parsed request: stored items, duplicates among them, and what was kept aside."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: list[tuple[str, str]] = []  # (position in the request, reason code)


class CollectProtocol(ABC):
    """One vendor's wire format.

    ``name`` is the mount: requests arrive under ``/in/<name>/``. ``paths`` are ``(method, path)`` pairs
    below it, as FastAPI path templates. ``max_body_bytes`` is the limit after decompression.
    ``replay_path`` takes POST requests in JSON; ``replay_member`` is the list in their body that holds the
    items, empty where the body is one item.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    paths: ClassVar[tuple[tuple[str, str], ...]]
    max_body_bytes: ClassVar[int] = 4 * 1024 * 1024
    replay_path: ClassVar[str]
    replay_member: ClassVar[str] = ""

    @abstractmethod
    def parse(self, request: Request) -> Parsed:
        """Read the request; bad items go to ``rejected``. Raises ``PayloadInvalid`` if none can be read."""

    @abstractmethod
    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """The answer once everything that is acceptable is stored."""

    def refused(self, request: Request, error: BihuanError, language: Language) -> Reply:
        """The answer when the whole request is refused; override where an SDK needs another shape."""
        return Reply(status=error.status, body=msgspec.json.encode(error.as_dict(language)))

    def carrying(self, raw: Any, received_ms: int) -> Request:
        """The request that carries one item alone, in the form in which ``rejected`` gave it."""
        body = {self.replay_member: [raw]} if self.replay_member else raw
        return Request(
            method="POST", path=self.replay_path, body=msgspec.json.encode(body), received_ms=received_ms
        )

    def immediate(self, request: Request) -> Reply | None:
        """The answer to a request that carries no data (feature flags, SDK configuration), else None."""
        return None
