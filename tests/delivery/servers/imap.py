"""As much of an IMAP server (RFC 3501) as reading a mailbox takes."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailboxServer:
    """Its mails, and which of them are marked as seen."""

    mails: list[bytes]
    port: int = 0
    seen: set[int] = field(default_factory=set)

    def reply(self, tag: str, command: str) -> list[bytes]:
        """The lines that answer a command."""
        done = f"{tag} OK done".encode()
        upper = command.upper()
        if upper.startswith("LOGIN"):
            right = command.split(" ", 1)[1].replace('"', "") == "bounces imap-secret"
            return [done] if right else [f"{tag} NO LOGIN failed".encode()]
        if upper.startswith("SELECT"):
            return [f"* {len(self.mails)} EXISTS".encode(), b"* OK [UIDVALIDITY 1]", done]
        if upper == "UID SEARCH UNSEEN":
            found = [str(uid) for uid in range(1, len(self.mails) + 1) if uid not in self.seen]
            return [f"* SEARCH {' '.join(found)}".encode(), done]
        if fetch := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
            uid = int(fetch[1])
            raw = self.mails[uid - 1]
            return [f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}".encode(), raw + b")", done]
        if store := re.fullmatch(r"UID STORE (\d+) \+FLAGS \(?\\Seen\)?", command):
            self.seen.add(int(store[1]))
            return [done]
        if upper == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1", done]
        if upper == "LOGOUT":
            return [b"* BYE", done]
        return [f"{tag} BAD {command}".encode()]


@contextmanager
def mailbox_server(mails: Sequence[bytes]) -> Iterator[MailboxServer]:
    """A server on a port of its own."""
    state = MailboxServer([raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw in mails])

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                self.wfile.write(b"".join(each + b"\r\n" for each in state.reply(tag, command)))
                if command.upper() == "LOGOUT":
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join(5)
