"""Who works on a data directory: a lock held by one process, and the address of a running server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec

from bihuan.settings import Settings

LOCK_FILE = "process.lock"
SERVER_FILE = "server.json"
# As bihuan.access writes it; said here too, because loading that takes longer than asking a server.
ADMIN_KEY_FILE = "admin.key"
_HEALTH_SECONDS = 5.0


class ServerRecord(msgspec.Struct, frozen=True):
    """What a running server says about itself in ``server.json``."""

    pid: int
    address: str
    version: str


class DataDirectory:
    """The data directory of some settings."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data
        # With servers for both stores any number of processes may share the directory.
        self.exclusive = not (settings.warehouse and settings.database) or (
            settings.warehouse_dsn.startswith("chdb:") or settings.database_dsn.startswith("sqlite:")
        )
        self._control = None if settings.database else self.path / "control.sqlite3"

    @property
    def admin_key_file(self) -> Path:
        """The file of the first API key."""
        return (self.path / ADMIN_KEY_FILE).resolve()

    @property
    def initialised(self) -> bool:
        """Whether there is an installation."""
        return self._control is None or self._control.exists()

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Try to be the one process; gives whether that worked. The lock ends with the process, too."""
        if not self.exclusive:
            yield True
            return
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / LOCK_FILE).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def server(self) -> ServerRecord | None:
        """The server that runs on this directory and answers; None when there is none."""
        try:
            record = msgspec.json.decode((self.path / SERVER_FILE).read_bytes(), type=ServerRecord)
        except (OSError, msgspec.DecodeError):
            return None
        return record if _is_alive(record.pid) and _answers(record.address) else None

    @contextmanager
    def announced(self, record: ServerRecord) -> Iterator[None]:
        """Have ``server.json`` name this server for the length of the block."""
        file = self.path / SERVER_FILE
        draft = self.path / f"{SERVER_FILE}.{record.pid}"
        draft.write_bytes(msgspec.json.encode(record))
        draft.replace(file)
        try:
            yield
        finally:
            try:
                if msgspec.json.decode(file.read_bytes(), type=ServerRecord).pid == record.pid:
                    file.unlink()
            except (OSError, msgspec.DecodeError):
                pass


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answers(address: str) -> bool:
    try:
        answer = httpx.get(f"{address}/health", timeout=_HEALTH_SECONDS, trust_env=False)
        return "event_store" in answer.json()
    except (httpx.HTTPError, ValueError):
        return False


def read_secret(file: Path) -> str | None:
    """The first line of a key file; None when it cannot be read."""
    try:
        return file.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
