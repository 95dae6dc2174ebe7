"""What models foretell of people: a score, a value for a tag, figures and reasons, of the latest run only.

A row names the person of the time of the run, from whom merges lead on to the one of now. A run counts once
it is sealed, by a row of nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from bihuan.kernel.arrays import Array
from bihuan.warehouse.assignments import Table, owners_sql
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal

TABLE = "scores"
_NOBODY = 0


@dataclass(frozen=True)
class Scored:
    """People and what is foretold of them, one entry a person.

    Attributes:
        figures: people × figures.
        reasons: names of features of each person, the strongest first; ``sizes`` and ``held`` go with them.
    """

    persons: Array
    scores: Array
    values: Array
    figures: Array | None = None
    reasons: Sequence[Sequence[str]] = ()
    sizes: Sequence[Sequence[float]] = ()
    held: Sequence[Sequence[float]] = ()


@dataclass(frozen=True)
class PersonScore:
    """What is foretold of one person."""

    person: int
    score: float
    value: str
    figures: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)


def add_scores(store: ProjectStore, subject_id: str, version: int, scored: Scored) -> None:
    """Write some people's scores of one run."""
    people = len(scored.persons)
    nothing: list[list[float]] = [[]] * people
    columns = {
        "subject_id": pa.repeat(pa.scalar(subject_id), people),
        "version": pa.array(np.full(people, version, np.uint64)),
        "person_id": pa.array(scored.persons.astype(np.uint64)),
        "score": pa.array(scored.scores.astype(float)),
        "value": pa.array(scored.values.tolist(), pa.string()),
        "figures": _lists(scored.figures if scored.figures is not None else nothing),
        "reasons": pa.array(list(scored.reasons) or [[]] * people, pa.list_(pa.string())),
        "sizes": _lists(scored.sizes or nothing),
        "held": _lists(scored.held or nothing),
    }
    store.engine.insert_arrow(store.table(TABLE), pa.table(columns))


def seal_scores(store: ProjectStore, subject_id: str, version: int) -> None:
    """Have a run count: everything of it is written. Those before it are deleted."""
    columns = ["subject_id", "version", "person_id"]
    store.engine.insert_rows(store.table(TABLE), columns, [(subject_id, version, _NOBODY)])
    forget_scores(store, subject_id, before=version)


def forget_scores(store: ProjectStore, subject_id: str, *, before: int | None = None) -> None:
    """Delete the scores of a subject, or those of runs before one."""
    older = "" if before is None else f" AND version < {before}"
    layout = store.layout
    store.engine.command(
        f"ALTER TABLE {layout.local_name(TABLE)}{layout.on_cluster} "
        f"DELETE WHERE subject_id = {literal(subject_id)}{older}"
    )


def latest_sql(table: Table, subject_id: str) -> str:
    """SELECT of ``person, score, value, figures, reasons, sizes, held`` of the latest run.

    Of two that were merged since, the one with the higher score.
    """
    own = f"subject_id = {literal(subject_id)}"
    sealed = f"SELECT max(version) FROM {table(TABLE)} WHERE {own} AND person_id = {_NOBODY}"
    rows = f"FROM {table(TABLE)} WHERE {own} AND version = ({sealed}) AND person_id != {_NOBODY}"
    owners = owners_sql(table, f"SELECT DISTINCT person_id {rows}")
    names = ("score", "value", "figures", "reasons", "sizes", "held")
    best = f"argMax(tuple({', '.join(f's.{name}' for name in names)}), s.score)"
    picked = (
        f"SELECT o.person AS person, {best} AS best\n"
        f"FROM (SELECT person_id, {', '.join(names)} {rows}) AS s\n"
        f"INNER JOIN ({owners}) AS o ON o.person_id = s.person_id\nGROUP BY person"
    )
    columns = ", ".join(f"best.{index} AS {name}" for index, name in enumerate(names, start=1))
    return f"SELECT person, {columns}\nFROM (\n{picked}\n)"


def score_values_sql(table: Table, subject_id: str, *, among: str | None = None) -> str:
    """SELECT of ``person, value`` of the latest run."""
    few = "" if among is None else f" AND person IN ({among})"
    return f"SELECT person, value FROM (\n{latest_sql(table, subject_id)}\n) WHERE value != ''{few}"


def top_scores(store: ProjectStore, subject_id: str, *, offset: int, limit: int) -> list[PersonScore]:
    """People with the highest scores, from ``offset`` on."""
    sql = latest_sql(store.table, subject_id)
    rows = store.engine.rows(f"{sql}\nORDER BY score DESC, person LIMIT {limit} OFFSET {offset}")
    return [PersonScore(*row[:3], *map(list, row[3:])) for row in rows]


def score_of(store: ProjectStore, subject_id: str, person: int) -> PersonScore | None:
    """What is foretold of one person; None when nothing is."""
    rows = store.engine.rows(f"{latest_sql(store.table, subject_id)}\nWHERE person = {person}")
    return PersonScore(*rows[0][:3], *map(list, rows[0][3:])) if rows else None


def _lists(rows: Array | Sequence[Sequence[float]]) -> pa.Array:
    return pa.array([np.asarray(row, dtype=float) for row in rows], pa.list_(pa.float64()))
