"""The next best lever of everybody in an audience, from stage × value × risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.analytics import ProjectContext
from bihuan.analytics.stages import StageDefinition
from bihuan.analytics.stages import values_sql as stages_sql
from bihuan.audiences.prediction.errors import PredictionNotFound
from bihuan.audiences.prediction.logs import LIMITS
from bihuan.audiences.prediction.schemas import Lever, LeverGroup, LeversOutput, LeverSum
from bihuan.audiences.tags.models import Tag
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.engine import Row
from bihuan.warehouse.scores import latest_sql
from bihuan.warehouse.sql import literal

Source = Literal["stage", "value", "risk"]
LEVERS: tuple[Lever, ...] = ("acquire", "activate", "retain", "convert", "refer", "win_back")
_KINDS: dict[Source, str] = {"stage": "stages", "value": "value", "risk": "churn"}
_NOBODY = "SELECT toUInt64(0) AS person, toFloat64(0) AS score, '' AS value WHERE 0"


@dataclass(frozen=True)
class Sources:
    """The tags in question; None where there is none."""

    stage: str | None
    value: str | None
    risk: str | None


def sources_of(session: Session, project_id: str, chosen: Sources) -> Sources:
    """The tags that levers are found by: those chosen, else the newest of each kind that was refreshed.

    Raises:
        PredictionNotFound: what was chosen is not such a tag of the project.
    """
    found: dict[Source, str | None] = {}
    for source, kind in _KINDS.items():
        wanted = select(Tag.id).where(Tag.project_id == project_id, Tag.kind == kind)
        tag_id: str | None = getattr(chosen, source)
        if tag_id is not None:
            found[source] = session.scalar(wanted.where(Tag.id == tag_id))
            if found[source] is None:
                raise PredictionNotFound(tag_id=tag_id, path=source)
            continue
        refreshed = wanted.where(Tag.refreshed_at.is_not(None)).order_by(Tag.id.desc()).limit(1)
        found[source] = session.scalars(refreshed).first()
    return Sources(**found)


def lever_of(stage: str | None, value: str | None, risk: str | None, *, values_known: bool) -> Lever:
    """The next best lever; see docs/predictions.md.

    Args:
        stage: None of people who were never active.
        value: None of people who never bought.
        risk: None if unknown.
        values_known: whether there is a prediction of value at all.
    """
    if stage is None:
        return "acquire"
    if stage in ("dormant", "lost"):
        return "win_back"
    if stage == "onboarding":
        return "activate"
    if risk == "high":
        return "retain"
    if not values_known:
        return "retain" if risk == "medium" else "activate" if stage == "growing" else "refer"
    if value in ("top", "high"):
        return "retain" if risk == "medium" else "refer"
    if value == "medium" and stage == "growing":
        return "activate"
    return "convert"


def levers(ctx: ProjectContext, store: ProjectStore, audience_id: str, sources: Sources) -> LeversOutput:
    """The levers of everybody in an audience, with how many people and what is at stake."""
    rows = store.engine.rows(_groups_sql(ctx, audience_id, sources), settings=LIMITS)
    known = sources.value is not None
    groups = []
    for stage, value, risk, people, expected, at_risk in rows:
        parts = (stage or None, value or None, risk or None)
        groups.append(
            LeverGroup(
                stage=parts[0],
                value=parts[1],
                risk=parts[2],
                lever=lever_of(*parts, values_known=known),
                people=people,
                expected=expected if known else None,
                at_risk=at_risk if known else None,
            )
        )
    worth = _worth(ctx, store, sources) if known else None
    everyone = sum(group.people for group in groups)
    named = {"stage": sources.stage, "value": sources.value, "risk": sources.risk}
    missing: list[Source] = [source for source in _KINDS if named[source] is None]
    return LeversOutput(
        people=everyone,
        levers=[_sum(lever, groups, everyone, worth) for lever in LEVERS],
        groups=groups,
        sources={source: tag_id for source, tag_id in named.items() if tag_id is not None},
        missing=missing,
    )


@dataclass(frozen=True)
class Worth:
    """The mean expected value of people of the project: ``active`` are growing or mature."""

    active: float
    mature: float
    tiers: Mapping[str, float]

    def of_success(self, lever: Lever, value: str | None) -> float:
        """What somebody of a tier is worth where a lever succeeds: as those who are a step further."""
        match lever:
            case "activate":
                return self.mature
            case "convert":
                return self.tiers.get("high" if value == "medium" else "medium", 0.0)
            case _:
                return self.active


def _sum(lever: Lever, groups: Sequence[LeverGroup], everyone: int, worth: Worth | None) -> LeverSum:
    own = [group for group in groups if group.lever == lever]
    people = sum(group.people for group in own)
    share = people / everyone if everyone else 0.0
    at_stake = None if worth is None else sum(_at_stake(group, worth) for group in own)
    return LeverSum(lever=lever, people=people, share=share, at_stake=at_stake)


def _at_stake(group: LeverGroup, worth: Worth) -> float:
    expected = group.expected or 0.0
    match group.lever:
        case "retain":
            return group.at_risk or 0.0
        case "refer":
            return expected
        case _:
            return max(0.0, group.people * worth.of_success(group.lever, group.value) - expected)


def people_sql(ctx: ProjectContext, audience_id: str, sources: Sources, groups: Sequence[LeverGroup]) -> str:
    """SELECT ``person`` of an audience's people who are in one of the groups."""
    parts = ((group.stage, group.value, group.risk) for group in groups)
    wanted = [f"({', '.join(literal(part or '') for part in three)})" for three in parts]
    among = f"(s.value, v.value, r.value) IN ({', '.join(wanted)})" if wanted else "0"
    return f"SELECT m.person AS person\n{_members_sql(ctx, audience_id, sources)}WHERE {among}"


def _groups_sql(ctx: ProjectContext, audience_id: str, sources: Sources) -> str:
    return (
        "SELECT s.value AS stage, v.value AS worth, r.value AS risk, count(), sum(v.score), "
        "sum(v.score * r.score)\n"
        f"{_members_sql(ctx, audience_id, sources)}"
        "GROUP BY stage, worth, risk\nORDER BY count() DESC, stage, worth, risk"
    )


def _members_sql(ctx: ProjectContext, audience_id: str, sources: Sources) -> str:
    members = value_sql(ctx.table, audience_id)
    return (
        f"FROM (SELECT person FROM (\n{members}\n)) AS m\n"
        f"LEFT ANY JOIN (\n{_stages(ctx, sources)}\n) AS s ON s.person = m.person\n"
        f"LEFT ANY JOIN (\n{_scores(ctx, sources.value)}\n) AS v ON v.person = m.person\n"
        f"LEFT ANY JOIN (\n{_scores(ctx, sources.risk)}\n) AS r ON r.person = m.person\n"
    )


def _worth(ctx: ProjectContext, store: ProjectStore, sources: Sources) -> Worth:
    sql = (
        "SELECT s.value AS stage, v.value AS tier, count(), sum(v.score)\n"
        f"FROM (\n{_stages(ctx, sources)}\n) AS s\n"
        f"LEFT ANY JOIN (\n{_scores(ctx, sources.value)}\n) AS v ON v.person = s.person\n"
        "WHERE s.value IN ('growing', 'mature') GROUP BY stage, tier"
    )
    rows = store.engine.rows(sql, settings=LIMITS)
    active = _mean(rows)
    mature = _mean([row for row in rows if row[0] == "mature"])
    tiers = {tier: _mean([row for row in rows if row[1] == tier]) for tier in {row[1] for row in rows}}
    return Worth(active, mature or active, tiers)


def _mean(rows: Sequence[Row]) -> float:
    people = sum(row[2] for row in rows)
    return sum(row[3] for row in rows) / people if people else 0.0


def _stages(ctx: ProjectContext, sources: Sources) -> str:
    if sources.stage is None:
        return stages_sql(ctx, StageDefinition())
    return value_sql(ctx.table, sources.stage)


def _scores(ctx: ProjectContext, tag_id: str | None) -> str:
    return (
        _NOBODY
        if tag_id is None
        else f"SELECT person, score, value FROM (\n{latest_sql(ctx.table, tag_id)}\n)"
    )
