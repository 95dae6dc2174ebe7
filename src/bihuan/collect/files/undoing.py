"""Undoing an import: every row that it stored goes, and nothing else does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from bihuan.collect.files.schemas import UndoneRows
from bihuan.people import Affected, People, Said, affected, still_there, withdraw
from bihuan.warehouse import delete_rows

# A run that was cancelled may still be storing the batch it had in hand.
IN_HAND_SECONDS = 3.0
_LOOKS = 20

Report = Callable[[int, int, str], None]


class _Notes(msgspec.Struct):
    """What must be known to go on after a kill: whom the rows were about, and how many there were."""

    whom: Affected
    events: int
    quarantined: int


def undo_rows(people: People, said: Said, directory: Path, report: Report, *, ended: bool) -> UndoneRows:
    """Delete the rows of an import; begun again after a kill, it goes on.

    Args:
        directory: where to keep notes until it is done.
        report: is told what is done, of how much, and what comes now.
        ended: whether the import came to its end, so that nothing of it can be under way.
    """
    if not ended:
        time.sleep(IN_HAND_SECONDS)
    notes = _noted(people, said, directory)
    for look in range(_LOOKS):
        _delete(people, said, notes, report)
        if ended or not any(still_there(people, said, table) for table in ("events", "profile_changes")):
            break
        # A last batch came late: it is about other people, perhaps.
        time.sleep(IN_HAND_SECONDS * (look + 1))
        notes = _noted(people, said, directory, before=notes)
    return UndoneRows(
        events=notes.events,
        profile_changes=notes.whom.changes,
        links=notes.whom.links,
        quarantined=notes.quarantined,
    )


def _delete(people: People, said: Said, notes: _Notes, report: Report) -> None:
    store = people.store
    total = notes.events + len(notes.whom.keys) + 1
    done = 0
    rows = store.engine.rows(
        f"SELECT _partition_id, count() FROM {store.table('events')} WHERE {said.condition} "
        "GROUP BY _partition_id ORDER BY _partition_id"
    )
    for partition_id, count in rows:
        report(done, total, "events")
        delete_rows(store, "events", said.condition, partition_id=partition_id)
        done += count
    report(notes.events, total, "people")
    withdraw(people, said, notes.whom, lambda keys: report(notes.events + keys, total, "people"))
    delete_rows(store, "quarantine", said.condition)
    report(total, total, "done")


def _noted(people: People, said: Said, directory: Path, before: _Notes | None = None) -> _Notes:
    file = directory / "undo.json"
    if before is None:
        try:
            return msgspec.json.decode(file.read_bytes(), type=_Notes)
        except (FileNotFoundError, msgspec.DecodeError):
            before = _Notes(Affected([], [], 0, 0), 0, 0)
    found, known = affected(people, said), before.whom
    notes = _Notes(
        Affected(
            sorted({*known.keys, *found.keys}),
            sorted({*known.ids, *found.ids}),
            known.changes + found.changes,
            known.links + found.links,
        ),
        before.events + still_there(people, said, "events"),
        before.quarantined + still_there(people, said, "quarantine"),
    )
    directory.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.write(msgspec.json.encode(notes))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
    return notes
