"""A campaign played through on simulated people before anything is spent."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
from pydantic import BaseModel, Field

from bihuan.access import Mask
from bihuan.analytics.calendar import local_date
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import GLOBAL
from bihuan.campaigns.preflight.errors import RehearsalImpossible
from bihuan.campaigns.preflight.schemas import Preflight
from bihuan.campaigns.preflight.service import Ground, preflight
from bihuan.campaigns.service import get_campaign, plan_of
from bihuan.simulate import Guess, RehearsalPlan, Spread, rehearse

_DAY_MINUTES = 1_440
_BARS = 30
_RANGES = ("reached", "incremental", "revenue", "cost", "profit")
_FIGURES = ("chance_of_target", "chance_of_loss", "chance_found", "lift_of_all_messages", "season")
_LEAST_SHARE, _MOST_SHARE = 1e-5, 0.99


class Range(BaseModel):
    """A figure over all runs: average and the quantiles 5, 25, 50, 75 and 95 %."""

    mean: float
    quantiles: list[float]
    edges: list[float] = Field(description="Of the bars of the picture; the outermost hold the ends.")
    counts: list[int] = Field(description="Runs in each bar.")


class RehearsalOutput(BaseModel):
    """What may come out, before anything is spent; and what was assumed."""

    runs: int
    people: int
    conversion: float = Field(description="Share that converts without the campaign.")
    reach: float = Field(description="Share of those written to who can be reached.")
    lift: float = Field(description="Expected relative lift of a reached person.")
    doubt: float
    reached: Range
    incremental: Range
    revenue: Range
    cost: Range
    profit: Range
    chance_of_target: float | None = Field(description="That as many convert more as expected.")
    chance_of_loss: float
    chance_found: float | None = Field(description="That the holdout will show the effect.")
    lift_of_all_messages: float
    season: float


def rehearsal_of(
    ground: Ground, campaign_id: str, mask: Mask, *, doubt: float, cost_per_message: float | None, runs: int
) -> RehearsalOutput:
    """Play a campaign through.

    Args:
        doubt: how far the truth may be from the expected effect and value: standard error as a share of it.
        cost_per_message: None: by the prices of the channels, as the preflight has it.

    Raises:
        CampaignNotFound, RehearsalImpossible.
    """
    found = preflight(ground, campaign_id, mask)
    with ground.database.read_session() as session:
        row = get_campaign(session, ground.project.id, campaign_id)
    wanted = _plan_of(ground, row, found, doubt, cost_per_message)
    outcome = rehearse(wanted, runs=runs)
    ranges = {name: _range(getattr(outcome, name)) for name in _RANGES}
    assumed = {
        "runs": runs,
        "people": wanted.people,
        "conversion": wanted.conversion,
        "reach": wanted.reach.value,
        "lift": wanted.effect.value,
        "doubt": doubt,
    }
    told = {name: getattr(outcome, name) for name in _FIGURES}
    return RehearsalOutput.model_validate({**assumed, **ranges, **told})


def _plan_of(
    ground: Ground, row: Campaign, found: Preflight, doubt: float, cost_per_message: float | None
) -> RehearsalPlan:
    plan = plan_of(row)
    effect, value = plan.hypothesis.effect, plan.hypothesis.value
    if plan.outcome is None or found.power is None:
        words = {"what_en": "an audience or an outcome", "what_zh": "人群或转化事件"}
        raise RehearsalImpossible(name=row.name, path="plan", **words)
    if effect is None or value is None:
        words = {"what_en": "the expected effect or value", "what_zh": "预期效果或价值"}
        raise RehearsalImpossible(name=row.name, path="plan.hypothesis", **words)
    conversion = min(max(found.power.baseline, _LEAST_SHARE), _MOST_SHARE)
    first = found.channels[0] if found.channels else None
    reached = first.people / first.asked if first is not None and first.asked else 1.0
    after = [each.after_minutes for each in plan.messages_of(plan.variants[0].name)] or [0]
    between = (after[-1] - after[0]) / max(len(after) - 1, 1) / _DAY_MINUTES
    start_ms = round((plan.starts_at or ground.now).timestamp() * 1000)
    lift = effect / conversion
    return RehearsalPlan(
        people=max(found.people.audience - found.people.arms.get(GLOBAL, 0), 1),
        conversion=conversion,
        reach=Guess(min(reached, 1.0)),
        effect=Guess(lift, doubt * lift),
        value=Guess(value, doubt * value),
        messages=len(after),
        days_between=max(1, round(between)),
        first=local_date(start_ms, ZoneInfo(ground.project.time_zone)),
        days=plan.outcome.window_days,
        holdout=plan.holdout.share,
        fixed_cost=found.costs.total - (0.0 if cost_per_message is None else found.costs.messages),
        cost_per_message=cost_per_message or 0.0,
        target=None if plan.hypothesis.reach is None else plan.hypothesis.reach * effect,
    )


def _range(spread: Spread) -> Range:
    low, high = (float(each) for each in np.quantile(spread.runs, (0.005, 0.995)))
    counts, edges = np.histogram(np.clip(spread.runs, low, high), bins=_BARS if high > low else 1)
    return Range(
        mean=spread.mean,
        quantiles=list(spread.quantiles),
        edges=[float(each) for each in edges],
        counts=[int(each) for each in counts],
    )
