"""The numbers of activity scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bihuan.analytics.activity_score.query import ActivityScore
from bihuan.analytics.query.base import Value

Row = Sequence[Any]


class PartPoints(Value):
    """What one part gave a person: ``points`` of ``most`` for a figure of ``figure``."""

    name: str
    figure: float
    points: float
    most: float


class PersonScore(Value):
    """A person's score and what it is made of."""

    person: int
    score: int
    tier: str
    parts: tuple[PartPoints, ...]


class PartSummary(Value):
    """A part over everyone: the figure that has all points (0: nobody has one), mean points, and the most."""

    name: str
    cap: float
    mean_points: float
    most: float


class TierSize(Value):
    """How many people are in a tier, which begins at a score and ends before the next."""

    name: str
    from_score: int
    people: int


class ScoreSizes(Value):
    """Everyone's scores: ``people_by_score[s]`` people have score s; ``mean`` is None without anybody."""

    people: int
    mean: float | None
    people_by_score: tuple[int, ...]
    tiers: tuple[TierSize, ...]
    parts: tuple[PartSummary, ...]


def read_explained(score: ActivityScore, rows: Sequence[Row]) -> tuple[PersonScore, ...]:
    """The result of ``explained_sql``'s rows."""
    return tuple(
        PersonScore(
            person=person,
            score=own,
            tier=score.tiers.name_of(own),
            parts=tuple(
                PartPoints(name=part.name, figure=figure, points=given, most=most)
                for part, figure, given, most in zip(score.parts, figures, points, score.points, strict=True)
            ),
        )
        for person, own, points, figures in rows
    )


def read_sizes(score: ActivityScore, rows: Sequence[Row]) -> ScoreSizes:
    """The result of ``sizes_sql``'s rows."""
    by_score = {row[0]: row[1] for row in rows}
    people = sum(by_score.values())
    caps = rows[0][3] if rows else [0.0] * len(score.parts)
    starts = (0, *score.tiers.cuts)
    return ScoreSizes(
        people=people,
        mean=sum(own * count for own, count in by_score.items()) / people if people else None,
        people_by_score=tuple(by_score.get(each, 0) for each in range(101)),
        tiers=tuple(
            TierSize(
                name=name,
                from_score=start,
                people=sum(count for own, count in by_score.items() if score.tiers.name_of(own) == name),
            )
            for name, start in zip(score.tiers.names, starts, strict=True)
        ),
        parts=tuple(
            PartSummary(
                name=part.name,
                cap=caps[index],
                mean_points=sum(row[1] * row[2][index] for row in rows) / people if people else 0.0,
                most=score.points[index],
            )
            for index, part in enumerate(score.parts)
        ),
    )
