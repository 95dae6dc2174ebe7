"""Putting a report together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.audiences.subjects import log_until_now
from bihuan.campaigns import repository
from bihuan.campaigns.judging.comparing import arms_of, checks_of, effects_of, treated_of
from bihuan.campaigns.judging.errors import ReportTooEarly
from bihuan.campaigns.judging.measuring import ArmSums, Window, funnel, measure
from bihuan.campaigns.judging.resampling import Draws, ends, resampled
from bihuan.campaigns.judging.schemas import (
    Cause,
    CheckFigures,
    Costs,
    Factor,
    GoalFigures,
    Interval,
    Part,
    Report,
    Split,
)
from bihuan.campaigns.judging.words import told
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import HOLDOUT, Hypothesis, Outcome, Plan
from bihuan.campaigns.running.models import Launch
from bihuan.campaigns.states.transitions import state_words
from bihuan.kernel.arrays import Array
from bihuan.stats import proportions
from bihuan.stats.experiments import shortfall
from bihuan.warehouse import ProjectStore

_CAUSES = (("execution", "reach"), ("plan", "effect"), ("market", "value"))


@dataclass(frozen=True)
class Ran:
    """A campaign that began: what it was, and what of it is in the control database."""

    row: Campaign
    plan: Plan
    outcome: Outcome
    at_ms: int
    planned_cost: float
    actual_cost: float
    offer_is_spent: bool
    messages: dict[str, int]
    messages_cost: float = 0.0


def ran(session: Session, row: Campaign, messages: dict[str, int], messages_cost: float = 0.0) -> Ran:
    """What a report of a campaign needs to know. Raises ``ReportTooEarly``: it has not begun."""
    launch = session.get(Launch, row.id)
    plan = Plan.model_validate(row.plan)
    if launch is None or plan.outcome is None or launch.phase == "fix":
        raise ReportTooEarly(name=row.name, **state_words(row.status))
    costs = list(session.scalars(repository.costs(row.id)))
    sums = repository.cost_sums(session, [row.id])
    spent = {each.category for each in costs if each.kind == "actual"}
    planned, actual = (sums.get((row.id, kind), 0.0) for kind in ("planned", "actual"))
    return Ran(
        row,
        plan,
        plan.outcome,
        launch.at_ms,
        planned_cost=planned,
        actual_cost=actual,
        offer_is_spent="offer" in spent,
        messages=messages,
        messages_cost=0.0 if "messages" in spent else messages_cost,
    )


def report_of(project: Project, store: ProjectStore, of: Ran, goal: GoalFigures | None) -> Report:
    """What a campaign did, as far as the log knows now."""
    ctx = log_until_now(project, store)
    window = Window.of(of.at_ms, of.outcome, ctx.now_ms)
    sums = measure(ctx, store, of.row.id, of.outcome, window)
    steps = funnel(ctx, store, of.row.id, window)
    holdout, treated = sums.get(HOLDOUT), treated_of(sums, of.plan)
    has_value = of.outcome.value_property is not None or of.outcome.value_each is not None
    checks = checks_of(sums, of.plan)
    effects = effects_of(sums, of.plan, final=window.final, has_value=has_value)
    draws = resampled(treated, holdout) if treated is not None and holdout is not None else None
    split = None if draws is None else _split(of.plan.hypothesis, draws, stopped=_stopped(checks))
    can, cannot = told(effects, checks, split, has_holdout=draws is not None, final=window.final)
    costs = _costs(project, of, treated, draws, has_value=has_value)
    reached = 0.0 if treated is None else treated.total("reached")
    hypothesis = of.plan.hypothesis
    return Report(
        campaign_id=of.row.id,
        name=of.row.name,
        at=datetime.fromtimestamp(ctx.now_ms / 1000, UTC),
        from_time=datetime.fromtimestamp(window.from_ms / 1000, UTC),
        to_time=datetime.fromtimestamp(window.to_ms / 1000, UTC),
        final=window.final,
        arms=arms_of(sums, steps, of.plan),
        effects=effects,
        checks=checks,
        stopped=_stopped(checks),
        conversions=None if draws is None else _interval(draws.conversions),
        value=None if draws is None or not has_value else _interval(draws.gain),
        costs=costs,
        reach=Factor(planned=hypothesis.reach, actual=Interval.of(reached, reached, reached)),
        effect=Factor(planned=hypothesis.effect, actual=None if draws is None else _interval(draws.effect)),
        conversion_value=Factor(
            planned=hypothesis.value, actual=None if draws is None else _interval(draws.value)
        ),
        split=split,
        goal=goal,
        messages=of.messages,
        can_say=can,
        cannot_say=cannot,
        next_hypothesis=_next(hypothesis, holdout, draws, reached),
    )


def _stopped(checks: list[CheckFigures]) -> bool:
    return any(each.failed for each in checks)


def _interval(draws: Array) -> Interval:
    return Interval.of(*ends(draws))


def _split(planned: Hypothesis, draws: Draws, *, stopped: bool) -> Split | None:
    if planned.reach is None or planned.effect is None or planned.value is None:
        return None
    wanted = {"reach": float(planned.reach), "effect": planned.effect, "value": planned.value}
    drawn = {"reach": draws.reach, "effect": draws.effect, "value": draws.value}
    actual = {name: float(values[0]) for name, values in drawn.items()}
    gap = shortfall(wanted, actual, {name: values[1:] for name, values in drawn.items()})
    found = [
        Part.model_validate({"cause": cause, "factor": factor, "amount": _of(gap.parts[factor])})
        for cause, factor in _CAUSES
    ]
    difference = _of(gap.gap)
    return Split(
        planned=gap.planned,
        actual=_interval(draws.reach * draws.effect * draws.value),
        difference=difference,
        parts=found,
        main=None if stopped else _main(found, difference),
    )


def _of(given: proportions.Interval) -> Interval:
    return Interval.of(given.value, given.low, given.high)


def _main(found: list[Part], difference: Interval) -> Cause | None:
    """The cause with the largest part on the side of the difference, if its interval is on that side, too."""
    sign = -1 if difference.value < 0 else 1
    largest = max(found, key=lambda each: sign * each.amount.value)
    low, high = largest.amount.low, largest.amount.high
    if low is None or high is None or not (low > 0 if sign > 0 else high < 0):
        return None
    return largest.cause


def _costs(
    project: Project, of: Ran, treated: ArmSums | None, draws: Draws | None, *, has_value: bool
) -> Costs:
    each = of.plan.offer.cost_each
    offer = 0.0
    if each is not None and not of.offer_is_spent and treated is not None:
        offer = each * treated.converted
    total = of.actual_cost + offer + of.messages_cost
    per_conversion = roi = None
    if draws is not None and total > 0:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = total / draws.conversions
        # Where no conversion at all may have been gained, there is no upper end.
        some = ends(draws.conversions)
        if some[0] > 0:
            high = total / some[1] if some[1] > 0 else float("inf")
            per_conversion = Interval.of(float(ratio[0]), total / some[2], high)
        if has_value:
            roi = _interval((draws.gain - total) / total)
    return Costs(
        currency=project.currency,
        planned=of.planned_cost,
        actual=of.actual_cost,
        offer=offer,
        messages=of.messages_cost,
        total=total,
        per_conversion=per_conversion,
        roi=roi,
    )


def _next(planned: Hypothesis, holdout: ArmSums | None, draws: Draws | None, reached: float) -> Hypothesis:
    """What was measured, as what to expect of the next one; effects of nothing or less are no expectation."""
    if draws is None or holdout is None:
        return planned
    effect, value = float(draws.effect[0]), float(draws.value[0])
    return Hypothesis(
        reach=round(reached) or planned.reach,
        effect=effect if 0 < effect <= 1 else planned.effect,
        value=value or planned.value,
        baseline=min(holdout.converted / holdout.people, 0.999999) if holdout.people else planned.baseline,
        words=planned.words,
    )
