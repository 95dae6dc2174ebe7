"""A statement's result as a stream in any format: the engine writes into a named pipe, we read from it.

chDB's own streaming returns every block as a document of its own, which is a valid stream in a few formats
only. ``INTO OUTFILE`` a pipe gives one well-formed document, in constant memory, for all of them.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.engine_server.engine import Summary

READ_BYTES = 1 << 18
PIPE_BYTES = 1 << 20
_HANGUP = getattr(select, "POLLRDHUP", select.POLLHUP)
_serial = itertools.count()


class ClientGone(Exception):
    """The client closed its connection while its statement was running."""


class ResultPipe:
    """Runs a statement in a thread of its own and yields what it writes.

    Args:
        directory: where the pipe is made.
    """

    def __init__(self, directory: str) -> None:
        self.path = Path(directory) / f"result-{next(_serial)}"
        os.mkfifo(self.path, 0o600)
        self._reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        # Held open until the statement ends: the reader sees the end of the file then, and not before.
        self._writer = os.open(self.path, os.O_WRONLY)
        os.set_blocking(self._reader, True)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(self._reader, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._thread: threading.Thread | None = None
        self._outcome: Summary | Exception = Summary()

    def start(self, run: Callable[[], Summary]) -> None:
        """Run the statement; it writes to :attr:`path`."""

        def work() -> None:
            try:
                self._outcome = run()
            except Exception as failure:
                self._outcome = failure
            finally:
                os.close(self._writer)

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def pieces(self, client: socket.socket | None) -> Iterator[bytes]:
        """What the statement writes, to its end.

        Raises:
            ClientGone: ``client`` hung up meanwhile (None: nobody is watched).
        """
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        if client is not None:
            poll.register(client, _HANGUP)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if client is not None and client.fileno() in ready:
                raise ClientGone
            piece = os.read(self._reader, READ_BYTES)
            if not piece:
                return
            yield piece

    def summary(self) -> Summary:
        """The outcome, when the statement has ended.

        Raises:
            EngineException: what the engine says.
        """
        if self._thread is not None:
            self._thread.join()
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def close(self) -> None:
        """Read the rest away, wait for the statement, remove the pipe."""
        if self._thread is None:
            os.close(self._writer)
        while os.read(self._reader, READ_BYTES):
            pass
        if self._thread is not None:
            self._thread.join()
        os.close(self._reader)
        self.path.unlink()
