"""Run as a process: write to an engine on a small disk that fills up, then has room again."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from bihuan.warehouse import Batch, Engine, EngineUnavailable, GroupWriter, open_project
from tests.warehouse.writing.samples import sample_row, stored_counts


def main(directory: Path) -> None:
    """Prints what happened; the last line is the verdict."""
    engine = Engine(f"chdb://{directory}/engine")
    store = open_project(engine, "small")
    writer = GroupWriter()
    acknowledged = list(range(100))
    assert writer.submit(store, Batch([sample_row(n) for n in acknowledged])).result().stored == 100
    ballast = fill(directory / "ballast")
    refused = Batch([sample_row(n) for n in range(100, 3_100)])
    for _ in range(3):
        failure = writer.submit(store, refused).exception(60)
        print(type(failure).__name__, failure)
        assert isinstance(failure, EngineUnavailable)
    assert sum(stored_counts(store)[n] for n in acknowledged) == 100
    ballast.unlink()
    outcome = writer.submit(store, refused).result(60)
    assert outcome.stored + outcome.duplicates == 3_000
    writer.close()
    assert stored_counts(store) == Counter(range(3_100))
    engine.close()
    print("refused, then recovered")


def fill(path: Path) -> Path:
    """Take every byte of the disk that is left."""
    with path.open("wb", buffering=0) as ballast:
        size = 1 << 20
        while size:
            try:
                ballast.write(b"\0" * size)
            except OSError:
                size //= 2
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]))
