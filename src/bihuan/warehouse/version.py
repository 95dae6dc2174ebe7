"""A fingerprint of a project's rows: equal fingerprints mean equal answers."""

from __future__ import annotations

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal

# Tables whose rows analyses read.
_READ_TABLES = ("events", "identity_overrides", "profiles", "day_people", "person_numbers")


def data_version(store: ProjectStore) -> str:
    """A hash of the names of the active parts of the tables that analyses read.

    An insert, a mutation and a deletion each make parts with new names. So does a merge, after which an
    answer is computed once more although it did not change.
    """
    cluster = store.layout.cluster
    parts = f"clusterAllReplicas({literal(cluster)}, system.parts)" if cluster else "system.parts"
    tables = ", ".join(literal(name + ("_local" if cluster else "")) for name in _READ_TABLES)
    version = store.engine.scalar(
        f"SELECT hex(groupBitXor(sipHash64(table, name, hash_of_all_files))) FROM {parts} "
        f"WHERE active AND database = {literal(store.layout.database)} AND table IN ({tables})"
    )
    return str(version)
