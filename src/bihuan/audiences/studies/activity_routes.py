"""``/api/projects/{project_id}/activity``: scores of activity, and what a person's is made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from bihuan.access import Viewer
from bihuan.analytics import activity_score
from bihuan.analytics.activity_score import ActivityScore, PartPoints, ScoreSizes
from bihuan.analytics.query import EventSelector
from bihuan.audiences.studies.asking import Asking, PersonCursor
from bihuan.database import Page
from bihuan.insights import Input, Limit, PersonBehind

router = APIRouter(prefix="/api/projects/{project_id}/activity", tags=["studies"])

PersonName = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Score = Annotated[int, Field(ge=0, le=100)]


class SuggestedFor(Input):
    """What being active, ordering and contributing are."""

    active: EventSelector = EventSelector()
    orders: EventSelector | None = None
    contributions: EventSelector | None = None


class ActivityPeople(Input):
    """Everyone with a score from ``low`` to ``high``."""

    score: ActivityScore
    low: Score
    high: Score


class ScoredPerson(Input):
    """One person, by any id, or ``#`` and the person_id; ``days``: how far back the trend goes."""

    score: ActivityScore
    person: PersonName
    days: int = Field(default=90, ge=1, le=400)
    points: int = Field(default=13, ge=1, le=60)


class ScoreAt(BaseModel):
    """A score as of a time; null without one."""

    at: datetime
    score: int | None


class PersonActivity(BaseModel):
    """A person's score, its parts and how it went; score and tier are null for who did nothing of it."""

    score: int | None
    tier: str | None
    parts: list[PartPoints]
    trend: list[ScoreAt]


@router.post("/suggested")
def suggested_score(caller: Viewer, asking: Asking, body: SuggestedFor) -> ActivityScore:
    """A score to begin with: its weights may be changed."""
    asking.check(body, "suggested")
    return activity_score.default_score(body.active, body.orders, body.contributions)


@router.post("/sizes")
def ask_activity(caller: Viewer, asking: Asking, body: ActivityScore) -> ScoreSizes:
    """How many people have which score, the tiers, and what each part gives."""
    asking.check(body, "score")
    return activity_score.read_sizes(body, asking.rows(activity_score.sizes_sql(asking.context, body)))


@router.post("/people")
def activity_people(
    caller: Viewer, asking: Asking, body: ActivityPeople, cursor: PersonCursor = None, limit: Limit = 100
) -> Page[PersonBehind]:
    """Who has such a score."""
    sql = activity_score.people_sql(asking.context, body.score, body.low, body.high)
    return asking.page(sql, cursor, limit, "activity")


@router.post("/person")
def person_activity(caller: Viewer, asking: Asking, body: ScoredPerson) -> PersonActivity:
    """What a person's score is made of, and how it went."""
    asking.check(body.score, "score")
    ctx = asking.context
    person = asking.people.get(body.person).summary.person_id
    among = f"SELECT toUInt64({person}) AS person"
    sizes = activity_score.read_sizes(body.score, asking.rows(activity_score.sizes_sql(ctx, body.score)))
    # With everyone's caps of now as fixed ones only this person's events are read for the trend.
    fixed = body.score.with_caps([part.cap for part in sizes.parts])
    found = activity_score.read_explained(
        fixed, asking.rows(activity_score.explained_sql(ctx, fixed, among=among))
    )
    step = timedelta(days=body.days) / max(1, body.points - 1)
    now = datetime.fromtimestamp(ctx.now_ms / 1000, UTC)
    times = [now - step * index for index in reversed(range(body.points))]
    at_ms = [round(each.timestamp() * 1000) for each in times]
    scores = {row[0]: row[2] for row in asking.rows(activity_score.trend_sql(ctx, fixed, at_ms, among=among))}
    return PersonActivity(
        score=found[0].score if found else None,
        tier=found[0].tier if found else None,
        parts=list(found[0].parts) if found else [],
        trend=[ScoreAt(at=at, score=scores.get(ms)) for at, ms in zip(times, at_ms, strict=True)],
    )
