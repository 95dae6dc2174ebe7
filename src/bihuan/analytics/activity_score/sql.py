"""The SQL of activity scores: everyone's figures, each beside the caps of all people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bihuan.analytics.activity_score.query import ActivityScore, FixedCap
from bihuan.analytics.conditions.figures import Figures
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.sql import events_source
from bihuan.analytics.statistic import beside_all
from bihuan.warehouse.sql import array, literal


def values_sql(
    ctx: ProjectContext,
    score: ActivityScore,
    *,
    of: Literal["score", "tier"] = "score",
    among: str | None = None,
) -> str:
    """SELECT of ``person, value``: the score, or its tier, of everyone who did any of it.

    ``among``: a SELECT of the only persons in question; caps are those of all people all the same.
    """
    value = "toString(score)" if of == "score" else _tier(score)
    return f"SELECT person, {value} AS value\nFROM (\n{_scored_sql(ctx, score, among)}\n)"


def explained_sql(ctx: ProjectContext, score: ActivityScore, *, among: str | None = None) -> str:
    """SELECT of ``person, score, points, figures``: the last two with one number a part."""
    return (
        f"SELECT person, score, points, figures\nFROM (\n{_scored_sql(ctx, score, among)}\n)\n"
        "ORDER BY score DESC, person"
    )


def sizes_sql(ctx: ProjectContext, score: ActivityScore, *, among: str | None = None) -> str:
    """SELECT of ``score, people, mean_points, caps``: how many people have each score."""
    means = ", ".join(f"avg(points[{index}])" for index in range(1, len(score.parts) + 1))
    return (
        f"SELECT score, count() AS people, [{means}] AS mean_points, any(caps) AS caps\n"
        f"FROM (\n{_scored_sql(ctx, score, among)}\n)\nGROUP BY score\nORDER BY score"
    )


def people_sql(ctx: ProjectContext, score: ActivityScore, low: int, high: int) -> str:
    """SELECT of ``person``: everyone with a score from ``low`` to ``high``."""
    return (
        f"SELECT person\nFROM (\n{_scored_sql(ctx, score, None)}\n)\n"
        f"WHERE score BETWEEN {literal(low)} AND {literal(high)}"
    )


def trend_sql(ctx: ProjectContext, score: ActivityScore, times_ms: Sequence[int], *, among: str) -> str:
    """SELECT of ``time_ms, person, score``: scores as of several times, of those who had one.

    With ``ActivityScore.with_caps`` only the events of ``among`` are read, and what others do does not
    move anybody's score.
    """
    every = (
        f"SELECT toInt64({time}) AS time_ms, person, score\n"
        f"FROM (\n{_scored_sql(replace(ctx, now_ms=time), score, among)}\n)"
        for time in times_ms
    )
    return "\nUNION ALL\n".join(every)


def _scored_sql(ctx: ProjectContext, score: ActivityScore, among: str | None) -> str:
    """SELECT of ``person, score, points, figures, caps``."""
    figures = Figures(events_source(ctx))
    found = [figures.number(part.event, score.window, part.figure) for part in score.parts]
    names = [f"figure_{index}" for index in range(len(found))]
    # Figures below 0 count for nothing, and sums depend on the order of the rows in their last digits.
    columns = ", ".join(
        f"greatest(round({sql}, 6), 0) AS {name}" for sql, name in zip(found, names, strict=True)
    )
    fixed = all(isinstance(part.cap, FixedCap) for part in score.parts)
    rows = figures.sql(columns, among if fixed else None)
    if fixed:
        caps = array(part.cap.value for part in score.parts if isinstance(part.cap, FixedCap))
        rows = f"SELECT *, {caps} AS caps\nFROM (\n{rows}\n)"
    else:
        rows = beside_all(rows, ["person", *names], {"caps": f"[{', '.join(_caps(score, names))}]"})
    points = ", ".join(
        f"{literal(most)} * if(caps[{index}] > 0, least({name} / caps[{index}], 1), 0)"
        for index, (name, most) in enumerate(zip(names, score.points, strict=True), start=1)
    )
    few = "" if among is None or fixed else f"\nWHERE person IN ({among})"
    return (
        "SELECT person, toInt32(floor(arraySum(points) + 0.5)) AS score, points, figures, caps\n"
        f"FROM (\nSELECT person, [{points}] AS points, [{', '.join(names)}] AS figures, caps\n"
        f"FROM (\n{rows}\n){few}\n)"
    )


def _caps(score: ActivityScore, names: Sequence[str]) -> list[str]:
    """Aggregates over everyone; 0 where nobody has a figure above 0."""
    return [
        literal(part.cap.value)
        if isinstance(part.cap, FixedCap)
        else f"if(countIf({name} > 0) = 0, 0, "
        f"quantileExactInclusiveIf({part.cap.percent / 100!r})({name}, {name} > 0))"
        for part, name in zip(score.parts, names, strict=True)
    ]


def _tier(score: ActivityScore) -> str:
    below = ", ".join(
        f"score < {cut}, {literal(name)}"
        for cut, name in zip(score.tiers.cuts, score.tiers.names, strict=False)
    )
    return f"multiIf({below}, {literal(score.tiers.names[-1])})"
