"""``bihuan backup`` and ``bihuan restore``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from bihuan.cli.command import Operator, command
from bihuan.cli.errors import InputUnreadable, ServerRunning

_SHOWN = ("events", "profiles", "identity_links", "quarantine")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "backup")(backup)
    command(app, "restore")(restore)


def backup(
    operator: Operator,
    target: Annotated[Path, typer.Argument(help="A new file (.tar), or a new or empty directory.")],
) -> None:
    """Copy everything while the server goes on: every event acknowledged before now is in it.

    The copy holds the first API key too: keep it as safe as the server itself.
    """
    to_file = target.suffix == ".tar"
    if target.exists() and (to_file or not target.is_dir() or any(target.iterdir())):
        raise InputUnreadable(path="target", name=str(target), reason="exists already", reason_zh="已存在")
    partial = target.with_name(target.name + ".partial")
    with operator.api() as api, api.stream("POST", "/api/backup") as pieces:
        target.parent.mkdir(parents=True, exist_ok=True)
        size_bytes = _save(pieces, partial) if to_file else _extract(pieces, partial)
    if target.is_dir():
        target.rmdir()
    partial.replace(target)
    done = operator.say(f"{target}: {size_bytes:,} bytes", f"{target}：{size_bytes:,} 字节")
    value = {"target": str(target), "size_bytes": size_bytes}
    operator.answer(value, lambda: operator.out.print(done, markup=False))


def restore(
    operator: Operator,
    source: Annotated[Path, typer.Argument(help="What `bihuan backup` made.")],
) -> None:
    """Restore a backup into an empty data directory; nothing is ever overwritten."""
    running = operator.directory.server()
    if running is not None:
        raise ServerRunning(directory=str(operator.settings.data), address=running.address)
    from bihuan.server.backups import restore as restore_backup  # noqa: PLC0415

    restored = restore_backup(source, operator.settings.data)
    value = {
        "data": str(operator.settings.data),
        "taken_at": datetime.fromtimestamp(restored.taken_at_ms / 1000, UTC).isoformat(),
        "version": restored.version,
        "rows": restored.rows,
    }
    operator.answer(value, lambda: _show(operator, restored.rows))


def _save(pieces: Iterator[bytes], partial: Path) -> int:
    size_bytes = 0
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
            size_bytes += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return size_bytes


def _extract(pieces: Iterator[bytes], partial: Path) -> int:
    from bihuan.server.backups.restoration import extract  # noqa: PLC0415

    partial.mkdir(mode=0o700)
    stream = _PieceReader(pieces)
    extract(cast(BinaryIO, stream), partial)
    return stream.size_bytes


class _PieceReader(RawIOBase):
    """Pieces of bytes as a stream to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""
        self.size_bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        taken = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        self.size_bytes += len(taken)
        return taken


def _show(operator: Operator, rows_of_projects: dict[str, dict[str, int]]) -> None:
    rows = [(project, *(tables.get(name) for name in _SHOWN)) for project, tables in rows_of_projects.items()]
    operator.table(rows, ("project", *_SHOWN))
    operator.out.print(operator.say("Start it with `bihuan serve`.", "可用 `bihuan serve` 启动。"))
