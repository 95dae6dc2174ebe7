"""Fingerprints of a project's rows: equal fingerprints mean equal answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal

# Tables whose rows analyses read.
_READ_TABLES = ("events", "identity_overrides", "profiles", "day_people", "person_numbers", "assignments")
_IDENTITY_TABLES = ("identity_overrides", "person_numbers")


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


def data_version(store: ProjectStore) -> DataVersion:
    """The state as it is now."""
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
