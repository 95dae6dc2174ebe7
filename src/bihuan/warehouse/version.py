"""Fingerprints of a project's rows: equal fingerprints mean equal answers."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal

# Tables whose rows analyses read.
_READ_TABLES = ("events", "identity_overrides", "profiles", "day_people", "person_numbers", "assignments")
_IDENTITY_TABLES = ("identity_overrides", "person_numbers")
# A part takes its name in the table's directory shortly before queries see it. Younger changes may still be
# on the way there.
_SETTLED_NS = 1_000_000_000

_Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DataVersion:
    """The state of a project's tables, by the names of their active parts.

    An insert, a mutation and a deletion each make parts with new names. So does a merge, after which what was
    found out is found out once more although it did not change.

    Args:
        whole: of all that analyses read.
        identities: of whose rows are whose, apart from what the rows say.
        months: of the events, by UTC month ``YYYYMM``; 0 for months without any.
    """

    whole: str
    identities: int
    months: Mapping[str, int]


class _Remembered:
    """The last version of each database of an embedded engine, with the marks that its tables had."""

    def __init__(self) -> None:
        self._versions: WeakKeyDictionary[Engine, dict[str, tuple[_Marks, DataVersion]]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, store: ProjectStore, marks: _Marks | None) -> DataVersion | None:
        with self._lock:
            found = self._versions.get(store.engine, {}).get(store.layout.database)
        return found[1] if found is not None and found[0] == marks else None

    def put(self, store: ProjectStore, marks: _Marks, version: DataVersion) -> None:
        with self._lock:
            self._versions.setdefault(store.engine, {})[store.layout.database] = (marks, version)


_remembered = _Remembered()


def data_version(store: ProjectStore) -> DataVersion:
    """The state as it is now. An embedded engine is asked only if a table's directory changed."""
    marks = _settled_marks(store)
    version = _remembered.get(store, marks)
    if version is None:
        version = _asked(store)
        if marks is not None:
            _remembered.put(store, marks, version)
    return version


def _settled_marks(store: ProjectStore) -> _Marks | None:
    """Equal ones mean that no part came or went between; None while that can't be told."""
    tables = [directory for name in _READ_TABLES if (directory := store.directory(name))]
    if not tables or store.engine.changes.under_way:
        return None
    try:
        found = [table.stat() for table in tables]
    except OSError:
        return None
    newest = max(each.st_mtime_ns for each in found)
    is_settled = newest < time.time_ns() - _SETTLED_NS
    return tuple((each.st_ino, each.st_mtime_ns) for each in found) if is_settled else None


def _asked(store: ProjectStore) -> DataVersion:
    cluster = store.layout.cluster
    parts = f"clusterAllReplicas({literal(cluster)}, system.parts)" if cluster else "system.parts"
    suffix = "_local" if cluster else ""
    tables = ", ".join(literal(name + suffix) for name in _READ_TABLES)
    # Taken together here: that takes the engine longer than the parts are worth.
    rows = store.engine.rows(
        f"SELECT table, partition_id, name, hash_of_all_files FROM {parts} "
        f"WHERE active AND database = {literal(store.layout.database)} AND table IN ({tables})"
    )
    months: dict[str, list[tuple[str, ...]]] = {}
    for table, month, *part in sorted(set(rows)):  # two replicas have the same parts
        months.setdefault(month if table == "events" + suffix else table, []).append(tuple(part))
    versions = {name: hash(tuple(found)) for name, found in months.items()}
    return DataVersion(
        whole=hashlib.sha256(repr(sorted(months.items())).encode()).hexdigest(),
        identities=hash(tuple(versions.get(name + suffix, 0) for name in _IDENTITY_TABLES)),
        months=versions,
    )
