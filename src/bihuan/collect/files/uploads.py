"""Uploaded files, kept under the data directory until they are imported."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bihuan.collect.files.errors import FileEmpty, UploadNotFound

# An upload that nobody imported for a week was given up.
KEEP_SECONDS = 7 * 86_400
_CHECKPOINTS = "checkpoints"
_ID = re.compile(r"[0-9A-Za-z]{1,40}")
# File names keep what tells formats apart and people recognise; the rest becomes an underscore.
_UNUSUAL = re.compile(r"[^\w.()+ -]")


@dataclass(frozen=True)
class Upload:
    """A file that waits to be imported. ``created_ms`` is when it had arrived."""

    id: str
    name: str
    size_bytes: int
    created_ms: int
    path: Path


class Uploads:
    """The uploads of one project: ``<directory>/<upload id>/<file name>``.

    Where several processes share the work, they share the directory too.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def checkpoints(self, import_id: str) -> Path:
        """Where an import writes how far it is, and what its undoing must remember."""
        return self._directory / _CHECKPOINTS / import_id

    def forget(self, import_id: str) -> None:
        """Delete what an import has written of itself."""
        shutil.rmtree(self.checkpoints(import_id), ignore_errors=True)

    async def save(self, upload_id: str, name: str, pieces: AsyncIterator[bytes]) -> Upload:
        """Write the pieces of a new upload to disk, in constant memory.

        Raises:
            FileEmpty: there was nothing in it.
        """
        name = _UNUSUAL.sub("_", Path(name).name)[-200:].strip() or "upload"
        folder = self._directory / upload_id
        folder.mkdir(parents=True)
        path = folder / name
        try:
            with path.open("wb") as file:
                async for piece in pieces:
                    file.write(piece)
            if path.stat().st_size == 0:
                raise FileEmpty(name=name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return self.get(upload_id)

    def get(self, upload_id: str) -> Upload:
        """One upload. Raises ``UploadNotFound``."""
        folder = self._directory / upload_id
        if not _ID.fullmatch(upload_id) or upload_id == _CHECKPOINTS or not folder.is_dir():
            raise UploadNotFound(upload_id=upload_id, path="upload_id")
        path = next(folder.iterdir(), None)
        if path is None:
            raise UploadNotFound(upload_id=upload_id, path="upload_id")
        stat = path.stat()
        return Upload(upload_id, path.name, stat.st_size, stat.st_mtime_ns // 1_000_000, path)

    def remove(self, upload_id: str) -> None:
        """Delete an upload; one that is gone already is fine."""
        if _ID.fullmatch(upload_id) and upload_id != _CHECKPOINTS:
            shutil.rmtree(self._directory / upload_id, ignore_errors=True)

    def expire(self) -> int:
        """Delete uploads that were given up; returns how many."""
        if not self._directory.is_dir():
            return 0
        oldest = time.time() - KEEP_SECONDS
        given_up = [
            folder
            for folder in self._directory.iterdir()
            if folder.name != _CHECKPOINTS and folder.is_dir() and folder.stat().st_mtime < oldest
        ]
        for folder in given_up:
            shutil.rmtree(folder, ignore_errors=True)
        return len(given_up)
