"""The world of a simulated population: a real collection endpoint over HTTP and a real mail server."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any, cast

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bihuan.simulate import Received

_LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass
class HttpAndMail:
    """Sends to ``/v1/batch`` of ``url`` and takes what came to the mail server on ``port``."""

    url: str
    write_key: str
    client: httpx.Client
    port: int = 0
    followed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    _mails: list[tuple[str, bytes]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, events: Sequence[dict[str, Any]]) -> None:
        answer = self.client.post(
            f"{self.url}/v1/batch", json={"batch": list(events)}, auth=(self.write_key, "")
        )
        answer.raise_for_status()

    def take(self) -> Sequence[Received]:
        with self._lock:
            taken, self._mails = self._mails, []
        return [_read(address, raw) for address, raw in taken]

    def follow(self, link: str) -> None:
        self.followed.append(link)
        self.client.get(link)

    def leave(self, link: str) -> None:
        self.left.append(link)
        self.client.post(link, data={"List-Unsubscribe": "One-Click"})

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with self._lock:
            self._mails += [(address, envelope.original_content or b"") for address in envelope.rcpt_tos]
        return "250 OK"


class _MailServer(Controller):
    """Tries the port that it got, not the one (0) that it was given."""

    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def world(url: str, write_key: str) -> Iterator[HttpAndMail]:
    """A world with its mail server running on ``port``."""
    with httpx.Client(timeout=60) as client:
        made = HttpAndMail(url, write_key, client)
        controller = _MailServer(made, hostname="127.0.0.1", port=0)
        controller.start()
        made.port = controller.port
        try:
            yield made
        finally:
            controller.stop()


def _read(address: str, raw: bytes) -> Received:
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("html", "plain"))
    text = body.get_content() if body is not None else ""
    leaving = _LINK.search(str(mail.get("List-Unsubscribe", "")))
    return Received(address, tuple(_LINK.findall(text)), leaving.group(0) if leaving else "")
