"""Message ids for rows that have none: the row's content and how many equal rows came before it.

The id does not depend on where the row stands, so importing a file again, or another export that overlaps
it, adds nothing; of rows that are equal in every column, the n-th in one file is the n-th in the other.
"""

from __future__ import annotations

import tempfile
from typing import Any

import numpy as np
import xxhash

from bihuan.collect.files.chunks import Chunk

# Runs of this many hashes (12 MB) are moved to a temporary file that the system pages in and out.
RUN_ROWS_LIMIT = 1_000_000


class OccurrenceCounter:
    """Numbers equal hashes 0, 1, 2, … over a whole file, exactly, at 12 bytes a row.

    Sorted runs of (hash, count) are merged as they double; full runs go to disk.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Any, Any]] = []

    def number(self, hashes: Any) -> Any:
        """For each hash (uint64 array) how many equal ones came before, in earlier calls or this one."""
        unique, inverse, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        before = np.zeros(len(unique), dtype=np.int64)
        for run_hashes, run_counts in self._runs:
            at = np.minimum(np.searchsorted(run_hashes, unique), len(run_hashes) - 1)
            before += np.where(run_hashes[at] == unique, run_counts[at], 0).astype(np.int64)
        order = np.argsort(inverse, kind="stable")
        rank = np.empty(len(hashes), dtype=np.int64)
        rank[order] = np.arange(len(hashes)) - np.repeat(np.cumsum(counts) - counts, counts)
        self._add(unique, counts.astype(np.uint32))
        return before[inverse] + rank

    def _add(self, hashes: Any, counts: Any) -> None:
        if not len(hashes):
            return
        while self._runs and len(self._runs[-1][0]) <= 2 * len(hashes):
            if len(self._runs[-1][0]) + len(hashes) > RUN_ROWS_LIMIT:
                break
            hashes, counts = _merged(self._runs.pop(), (hashes, counts))
        if len(hashes) > RUN_ROWS_LIMIT // 2:
            hashes, counts = _on_disk(hashes), _on_disk(counts)
        self._runs.append((hashes, counts))


def _merged(left: tuple[Any, Any], right: tuple[Any, Any]) -> tuple[Any, Any]:
    hashes = np.concatenate((left[0], right[0]))
    counts = np.concatenate((left[1], right[1]))
    order = np.argsort(hashes, kind="stable")
    hashes, counts = hashes[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    return hashes[starts], np.add.reduceat(counts, starts, dtype=np.uint32)


def _on_disk(values: Any) -> Any:
    with tempfile.TemporaryFile() as file:
        values.tofile(file)
        file.flush()
        return np.memmap(file, dtype=values.dtype, mode="r", shape=values.shape)


class RowIds:
    """Derived ids of the rows of a file, chunk by chunk in file order.

    ``scope`` sets apart events that different mappings make of the same row.
    """

    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._counter = OccurrenceCounter()

    def ids(self, chunk: Chunk) -> list[str]:
        """One id a row: 32 hexadecimal digits, ``-`` and the number of equal rows before."""
        if not len(chunk):
            return []
        seed = xxhash.xxh3_64_intdigest(
            "\x1f".join((self._scope, *chunk.names)).encode("utf-8", "surrogatepass")
        )
        digest = xxhash.xxh3_128_digest
        digests = [digest(chunk.content(index), seed) for index in range(len(chunk))]
        halves = np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, 2)
        numbers = self._counter.number(halves[:, 1].astype(np.uint64)).tolist()
        return [f"{digest.hex()}-{number}" for digest, number in zip(digests, numbers, strict=True)]
