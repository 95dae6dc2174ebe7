"""Whether somebody is in the global holdout: a draw by hash, less those who are excluded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Condition, people_sql
from bihuan.experiments.assignment import draw, draw_sql, parts_of, salt_of
from bihuan.experiments.holdouts.models import GlobalHoldout
from bihuan.warehouse import ProjectStore

_condition: TypeAdapter[AnyCondition] = TypeAdapter(Condition)
# A statement takes 256 KB, and an exclusion may name them several times.
_AT_ONCE = 2_000


def round_of(row: GlobalHoldout, at: datetime) -> int:
    """How often others were drawn by then."""
    if row.rotation_days is None:
        return 0
    return max(0, (at - row.started_at) // timedelta(days=row.rotation_days))


@dataclass(frozen=True)
class HeldOut:
    """The global holdout at a moment.

    Args:
        salt: of this round.
        parts: of a million draws.
        excluded: people of whom this holds are not held out.
    """

    salt: str
    parts: int
    excluded: AnyCondition | None = None

    @classmethod
    def at(cls, row: GlobalHoldout, at: datetime) -> HeldOut:
        """Who is held out at a time."""
        salt = salt_of(row.project_id, f"holdout/{row.salt}/{round_of(row, at)}")
        excluded = None if row.excluded is None else _condition.validate_python(row.excluded)
        return cls(salt, parts_of(row.percent / 100), excluded)

    def drawn(self, person: int) -> bool:
        """Whether the hash holds a person out, exclusions not considered."""
        return draw(self.salt, person) < self.parts

    def sql(self, ctx: ProjectContext, person: str = "person") -> str:
        """SQL Bool over a column of person ids: for sets of people in the event store."""
        drawn = f"({draw_sql(self.salt, person)} < {self.parts})"
        if self.excluded is None:
            return drawn
        return f"({drawn} AND {person} NOT IN ({people_sql(ctx, self.excluded)}))"

    def among(self, store: ProjectStore, ctx: ProjectContext, persons: Iterable[int]) -> set[int]:
        """Those of the persons who are held out."""
        drawn = [person for person in persons if self.drawn(person)]
        if self.excluded is None or not drawn:
            return set(drawn)
        spared: set[int] = set()
        for start in range(0, len(drawn), _AT_ONCE):
            listed = ", ".join(map(str, drawn[start : start + _AT_ONCE]))
            among = f"SELECT arrayJoin(CAST([{listed}] AS Array(UInt64))) AS person"
            rows = store.engine.rows(people_sql(ctx, self.excluded, among=among))
            spared.update(row[0] for row in rows)
        return set(drawn) - spared


def stored(condition: AnyCondition | None) -> dict[str, Any] | None:
    """A condition as it is kept."""
    if condition is None:
        return None
    kept: dict[str, Any] = _condition.dump_python(condition, mode="json")
    return kept
