"""A mailbox that bounces and complaints come to, read by IMAP."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from bihuan.delivery.receipts.events import Receipt
from bihuan.delivery.receipts.returned import returned_receipts

_SECONDS = 30.0


@dataclass(frozen=True)
class Mailbox:
    """Where reports come to. ``security`` as for SMTP."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"

    def poll(self, take: Callable[[list[Receipt]], object], *, most: int = 200) -> int:
        """Read unseen mails, at most ``most``, and hand on what each reports; returns how many mails.

        Blocks. A mail is marked as seen once what it says was taken: whatever breaks, the others, and one
        whose receipts raised, are there the next time.

        Raises:
            OSError, imaplib.IMAP4.error: the mailbox cannot be read.
        """
        count = 0
        with self._open() as client:
            said, _ = client.select(f'"{self.folder}"')
            if said != "OK":
                raise imaplib.IMAP4.error(f"there is no folder {self.folder}")
            _, numbers = client.uid("SEARCH", "UNSEEN")
            for uid in (numbers[0] or b"").split()[:most]:
                _, parts = client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                raw = next((each[1] for each in parts if isinstance(each, tuple)), b"")
                take(returned_receipts(raw))
                client.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
                count += 1
        return count

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        context = ssl.create_default_context()
        client: imaplib.IMAP4
        if self.security == "tls":
            client = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=_SECONDS)
        else:
            client = imaplib.IMAP4(self.host, self.port, timeout=_SECONDS)
        try:
            if self.security == "starttls":
                client.starttls(context)
            client.login(self.username, self.password)
            yield client
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()
