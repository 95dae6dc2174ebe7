"""A real SMTP server (aiosmtpd) whose mailboxes fare differently."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PASSWORD = "smtp-password-62"
REPLIES = {
    "dead@example.com": "550 5.1.1 <dead@example.com> unknown",
    "throttled@example.com": f"451 4.7.1 greylisted {PASSWORD}",
    "full@example.com": "552 5.2.2 mailbox full",
    "policy@example.com": "550 5.7.1 refused by policy",
    "closing@example.com": "421 4.3.2 going down",
}


@dataclass
class Mailboxes:
    """What came, and how many connections there are."""

    port: int = 0
    open: int = 0
    most_open: int = 0
    connections: int = 0
    logins: int = 0
    broken_at_rcpt: int = 0
    closing: int = 0
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    sessions: list[asyncio.Transport] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def mails(self) -> list[EmailMessage]:
        """What came, read by the library's parser."""
        return [message_from_bytes(raw, policy=policy.default) for *_, raw in self.taken]

    def break_connections(self) -> None:
        """End every connection from here, as a server does that restarts."""
        assert self.loop is not None
        done = threading.Event()

        def end() -> None:
            for each in self.sessions:
                each.abort()
            done.set()

        self.loop.call_soon_threadsafe(end)
        assert done.wait(5)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.closing > 0:
            self.closing -= 1
            return "421 4.3.2 going down"
        if address in REPLIES:
            return REPLIES[address]
        if self.broken_at_rcpt > 0:
            self.broken_at_rcpt -= 1
            cast(asyncio.Transport, server.transport).abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        if address == "silent@example.com":
            await asyncio.sleep(15)
        if address == "dropped@example.com":
            cast(asyncio.Transport, server.transport).abort()
            return "250 never heard"
        if address == "late-dead@example.com":
            return "550 5.1.1 no such user after all"
        self.taken.append((envelope.mail_from or "", address, envelope.original_content or b""))
        return "250 OK queued"


class Counting(SMTP):
    """Counts its connections."""

    def connection_made(self, transport: Any) -> None:
        boxes = self.event_handler
        if transport.get_extra_info("sslcontext") is None or not getattr(self, "_seen", False):
            boxes.open += 1
            boxes.connections += 1
            boxes.most_open = max(boxes.most_open, boxes.open)
        self._seen = True
        boxes.sessions.append(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open -= 1
        super().connection_lost(error)


def certificate(where: Path) -> ssl.SSLContext:
    """A server's context with a certificate that nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = where / "server.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


@contextmanager
def mail_server(
    *,
    user: str = "",
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    wide: bool = False,
    boxes: Mailboxes | None = None,
) -> Iterator[Mailboxes]:
    """A server on a port of its own, in a thread; ``user`` has to log in; ``wide``: with SMTPUTF8;
    ``boxes``: others than the usual.
    """
    boxes = boxes or Mailboxes()

    def log_in(server: Any, session: Any, envelope: Any, mechanism: Any, data: Any) -> AuthResult:
        right = (data.login, data.password) == (user.encode(), PASSWORD.encode())
        boxes.logins += right
        return AuthResult(success=right, handled=False)

    def session() -> SMTP:
        return Counting(
            boxes,
            hostname="mail.test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=log_in if user else None,
            auth_required=bool(user),
            auth_require_tls=False,
            enable_SMTPUTF8=wide,
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    boxes.loop = loop
    server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", 0, ssl=tls))
    boxes.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield boxes
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
