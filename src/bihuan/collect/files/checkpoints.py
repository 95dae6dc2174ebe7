"""Remembering how far an import has come, so that an interrupted one goes on."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol

import msgspec

_EDGE_BYTES = 64 * 1024


class FileIdentity(msgspec.Struct, frozen=True):
    """Recognises a file again: its size, and SHA-256 of its first and last 64 KiB."""

    size_bytes: int
    head_sha256: str
    tail_sha256: str


class Totals(msgspec.Struct):
    """What an import has done so far. ``rows`` = rows read, dirty and skipped ones included."""

    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    skipped: int = 0


class Checkpoint(msgspec.Struct):
    """Everything before line ``next_line`` of part ``part`` (from 0) is stored."""

    part: int = 0
    next_line: int = 0
    totals: Totals = msgspec.field(default_factory=Totals)


class CheckpointStore(Protocol):
    """Where checkpoints are kept, by a key that stands for file and mapping."""

    def load(self, key: str) -> Checkpoint | None:
        """The checkpoint under a key, if there is one."""

    def save(self, key: str, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint; it must survive a crash once this returns."""

    def clear(self, key: str) -> None:
        """Forget a checkpoint: the import is complete."""


class CheckpointDirectory:
    """Checkpoints as small files in a directory, replaced atomically."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        return self._directory / f"{key}.json"

    def load(self, key: str) -> Checkpoint | None:
        """The checkpoint under a key; None when there is none or it is not readable."""
        try:
            return msgspec.json.decode(self._path(key).read_bytes(), type=Checkpoint)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def save(self, key: str, checkpoint: Checkpoint) -> None:
        """Write and fsync beside the old file, then replace it."""
        fresh = self._path(key).with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(checkpoint))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path(key))

    def clear(self, key: str) -> None:
        """Remove the file."""
        self._path(key).unlink(missing_ok=True)


def identify(path: Path) -> FileIdentity:
    """The identity of the file at ``path``."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_EDGE_BYTES)
        file.seek(max(0, size_bytes - _EDGE_BYTES))
        tail = file.read(_EDGE_BYTES)
    return FileIdentity(size_bytes, hashlib.sha256(head).hexdigest(), hashlib.sha256(tail).hexdigest())


def checkpoint_key(identity: FileIdentity, mapping_digest: str) -> str:
    """The key of a file and mapping: 32 hexadecimal digits."""
    text = f"{identity.size_bytes}:{identity.head_sha256}:{identity.tail_sha256}:{mapping_digest}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
