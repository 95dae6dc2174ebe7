"""The tables of profiles: the log of changes and the folded profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bihuan.kernel.hashing import key64
from bihuan.people.identity.repository import WIDE, in_statements, moment
from bihuan.people.profiles.changes import Change
from bihuan.warehouse.project import ProjectStore

CHANGE_COLUMNS = (
    "change_id", "distinct_key", "distinct_id", "time", "received_at", "operation", "values", "source",
    "precedence",
)  # fmt: skip
PROFILE_COLUMNS = (
    "person_id", "distinct_ids", "first_seen", "updated_at", "deleted", "properties", "version",
)  # fmt: skip
_LAST_PRECEDENCE = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A row of ``profiles``; ``properties_json`` in the form of ``stored``."""

    person_id: int
    distinct_ids: list[str]
    first_seen_ms: int
    updated_ms: int
    deleted: bool
    properties_json: str
    version: int


def insert_changes(store: ProjectStore, changes: Sequence[Change]) -> None:
    """Append to the log."""
    encode = msgspec.json.encode
    rows: list[tuple[Any, ...]] = [
        (
            change.change_id, key64(change.distinct_id), change.distinct_id, moment(change.time_ms),
            moment(change.received_ms), change.operation, encode(change.values).decode(), change.source,
            _LAST_PRECEDENCE - change.received_ms,
        )
        for change in changes
    ]  # fmt: skip
    store.engine.insert_rows(store.table("profile_changes"), CHANGE_COLUMNS, rows)


def changes_of(store: ProjectStore, keys: Iterable[int]) -> list[tuple[int, Change]]:
    """The logged changes of these ids, each with the key of its id; repetitions included."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    found: list[tuple[int, Change]] = []
    for listed in in_statements(keys):
        rows = store.engine.rows(
            "SELECT distinct_key, change_id, distinct_id, toUnixTimestamp64Milli(time), "
            "toUnixTimestamp64Milli(received_at), operation, values, source "
            f"FROM {store.table('profile_changes')} WHERE distinct_key IN {listed}",
            settings=WIDE,
        )
        found += [
            (key, Change(change_id, name, time_ms, received_ms, operation, decode(values), source))
            for key, change_id, name, time_ms, received_ms, operation, values, source in rows
        ]
    return found


def keys_with_more(store: ProjectStore, counts: Mapping[int, int]) -> set[int]:
    """Which of these ids have more rows in the log than given; reads one column."""
    more: set[int] = set()
    for listed in in_statements(counts):
        rows = store.engine.rows(
            f"SELECT distinct_key, count() FROM {store.table('profile_changes')} "
            f"WHERE distinct_key IN {listed} GROUP BY distinct_key",
            settings=WIDE,
        )
        more |= {key for key, count in rows if count > counts[key]}
    return more


def members_of(store: ProjectStore, persons: Iterable[int]) -> dict[int, str]:
    """Ids that were ever resolved to one of these persons: key to text."""
    found: dict[int, str] = {}
    for listed in in_statements(persons):
        found.update(
            store.engine.rows(
                f"SELECT DISTINCT distinct_key, distinct_id FROM {store.table('identity_overrides')} "
                f"WHERE person_id IN {listed}",
                settings=WIDE,
            )
        )
    return found


def insert_profiles(store: ProjectStore, profiles: Sequence[ProfileRow]) -> None:
    """Write folded profiles; of two rows of a person the higher version stands."""
    rows: list[tuple[Any, ...]] = [
        (
            row.person_id, row.distinct_ids, moment(row.first_seen_ms), moment(row.updated_ms), row.deleted,
            row.properties_json, row.version,
        )
        for row in profiles
    ]  # fmt: skip
    store.engine.insert_rows(store.table("profiles"), PROFILE_COLUMNS, rows)


def profile_of(store: ProjectStore, person_id: int) -> ProfileRow | None:
    """The current row of a person; None when there is none."""
    rows = select_profiles(store, where=f"person_id = {person_id}")
    return rows[0] if rows else None


def select_profiles(store: ProjectStore, *, where: str, tail: str = "") -> list[ProfileRow]:
    """Current rows of profiles, deleted ones included."""
    rows = store.engine.rows(
        "SELECT person_id, distinct_ids, toUnixTimestamp64Milli(first_seen), "
        "toUnixTimestamp64Milli(updated_at), "
        f"deleted, toString(properties), version FROM {store.table('profiles')} FINAL WHERE {where} {tail}"
    )
    return [ProfileRow(row[0], list(row[1]), *row[2:]) for row in rows]


def present_properties(properties_json: str) -> dict[str, Any]:
    """The properties that have a value, by dotted name (absent declared paths are printed as null)."""
    return _present(msgspec.json.decode(properties_json, type=dict[str, Any]), "")


def _present(tree: dict[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat.update(_present(value, f"{prefix}{name}."))
        elif value is not None:
            flat[f"{prefix}{name}"] = value
    return flat
