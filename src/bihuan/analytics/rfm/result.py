"""The numbers of an RFM analysis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.base import Value
from bihuan.analytics.rfm.query import GROUPS, AnyCuts, Fixed, Group, GroupCode, Lever, RfmQuery
from bihuan.analytics.rfm.sql import FIGURES, scores_of

Row = Sequence[Any]


class Thresholds(Value):
    """The cuts between the scores of a figure, ascending, and from where on a score is high.

    A cut belongs to the better side if ``inclusive`` (for recency always), else to the worse one.
    ``mean_score`` is that of all buyers; ``high_from`` the least score that is high, which none is where it
    is above ``scores``.
    """

    figure: Literal["recency", "frequency", "monetary"]
    scores: int
    cuts: tuple[float, ...]
    inclusive: bool
    mean_score: float
    high_from: int


class Cell(Value):
    """Buyers of one recency and frequency score; means are None without any."""

    recency: int
    frequency: int
    people: int
    mean_monetary: float | None
    value: float


class GroupSize(Value):
    """Buyers of one group, what they spent, and their shares; means are None without any.

    ``value_share`` is None where all buyers together spent nothing.
    """

    group: GroupCode
    lever: Lever
    people: int
    share: float
    value: float
    value_share: float | None
    mean_recency: float | None
    mean_frequency: float | None
    mean_monetary: float | None


class RfmResult(Value):
    """Every cell and every group, those without anybody too; thresholds are empty without any buyer."""

    people: int
    value: float
    thresholds: tuple[Thresholds, ...]
    cells: tuple[Cell, ...]
    groups: tuple[GroupSize, ...]


def read_rfm(ctx: ProjectContext, query: RfmQuery, rows: Sequence[Row]) -> RfmResult:
    """The result of the statement's rows."""
    thresholds = _thresholds(query, rows)
    value = sum(row[5] for row in rows)
    people = sum(row[3] for row in rows)
    return RfmResult(
        people=people,
        value=value,
        thresholds=thresholds,
        cells=_cells(query, rows),
        groups=tuple(
            _group(group, [row for row in rows if _is_of(group, row, thresholds)], people, value)
            for group in GROUPS
        ),
    )


def _thresholds(query: RfmQuery, rows: Sequence[Row]) -> tuple[Thresholds, ...]:
    people = sum(row[3] for row in rows)
    if not people:
        return ()
    return tuple(
        _threshold(figure, cuts, rows[0][8 + index], sum(row[index] * row[3] for row in rows) / people)
        for index, (figure, cuts) in enumerate(zip(FIGURES, query.cuts, strict=True))
    )


def _threshold(figure: Any, cuts: AnyCuts, found: Sequence[float], mean_score: float) -> Thresholds:
    return Thresholds(
        figure=figure,
        scores=scores_of(cuts),
        cuts=tuple(found),
        inclusive=figure == "recency" or isinstance(cuts, Fixed),
        mean_score=mean_score,
        high_from=int(mean_score) + 1 if cuts.high_from is None else cuts.high_from,
    )


def _is_of(group: Group, row: Row, thresholds: tuple[Thresholds, ...]) -> bool:
    high = tuple(row[index] >= each.high_from for index, each in enumerate(thresholds))
    return high == (group.recent, group.frequent, group.valuable)


def _cells(query: RfmQuery, rows: Sequence[Row]) -> tuple[Cell, ...]:
    cells = []
    for recency in range(1, scores_of(query.recency_cuts) + 1):
        for frequency in range(1, scores_of(query.frequency_cuts) + 1):
            own = [row for row in rows if (row[0], row[1]) == (recency, frequency)]
            people = sum(row[3] for row in own)
            cells.append(
                Cell(
                    recency=recency,
                    frequency=frequency,
                    people=people,
                    mean_monetary=sum(row[4] for row in own) / people if people else None,
                    value=sum(row[5] for row in own),
                )
            )
    return tuple(cells)


def _group(group: Group, rows: Sequence[Row], everyone: int, all_value: float) -> GroupSize:
    people, value = sum(row[3] for row in rows), sum(row[5] for row in rows)

    def mean(column: int) -> float | None:
        return sum(row[column] for row in rows) / people if people else None

    return GroupSize(
        group=group.code,
        lever=group.lever,
        people=people,
        share=people / everyone if everyone else 0.0,
        value=value,
        value_share=value / all_value if all_value > 0 else None,
        mean_recency=mean(6),
        mean_frequency=mean(7),
        mean_monetary=mean(4),
    )
