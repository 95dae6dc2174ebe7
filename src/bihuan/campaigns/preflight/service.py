"""The preflight of a campaign: every check, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_

from bihuan.access import Mask, Project
from bihuan.audiences.subjects import log_context
from bihuan.campaigns import repository
from bihuan.campaigns.calendar.overlap import shared_people
from bihuan.campaigns.findings import Finding, Sentence, block, blocking, note, warn
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import GLOBAL, HOLDOUT, Plan
from bihuan.campaigns.preflight.baseline import baseline_of
from bihuan.campaigns.preflight.costing import cost_findings, costs_of, messages_cost
from bihuan.campaigns.preflight.holdouts import points_of
from bihuan.campaigns.preflight.reaching import reach_of, samples_of
from bihuan.campaigns.preflight.schemas import (
    ChannelReach,
    Overlap,
    PeopleFigures,
    PowerFigures,
    Preflight,
    SampleMessage,
)
from bihuan.campaigns.running.arms import arms_sql
from bihuan.campaigns.running.messenger import Messenger
from bihuan.campaigns.service import get_campaign
from bihuan.campaigns.states.service import missing_in
from bihuan.database import Database
from bihuan.people import People
from bihuan.stats import experiments as stats

_OTHERS = ("scheduled", "running", "paused")


@dataclass(frozen=True)
class Ground:
    """Where a campaign would run. ``held_out_sql``: Bool over ``person``: in the global holdout."""

    database: Database
    project: Project
    people: People
    messenger: Messenger
    held_out_sql: str | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def preflight(ground: Ground, campaign_id: str, mask: Mask) -> Preflight:
    """What would happen if a campaign began now, and what is missing. Raises ``CampaignNotFound``."""
    with ground.database.read_session() as session:
        row = get_campaign(session, ground.project.id, campaign_id)
        findings = missing_in(session, row, ground.now)
        planned = repository.cost_sums(session, [row.id]).get((row.id, "planned"), 0.0)
        plan = Plan.model_validate(row.plan)
        for place, message in enumerate(plan.messages):
            if message.channel_ids and message.template_id:
                path = f"plan.messages[{place}]"
                findings += ground.messenger.check(session, ground.project.id, message, path)
    people = _people(ground, row, plan)
    findings += _people_findings(plan, people)
    channels: list[ChannelReach] = []
    samples: list[SampleMessage] = []
    if people.audience and not blocking(findings):
        store, arms = ground.people.store, _arms(ground, row, plan)
        channels, told = reach_of(ground.messenger, ground.project, store, plan, arms, ground.now)
        findings += told
        samples, told = samples_of(ground.messenger, ground.project, store, row, plan, mask)
        findings += told
    power = _power(ground, plan, people)
    findings += _power_findings(power)
    prices = ground.messenger.prices(ground.project.id, plan.messages)
    sent = messages_cost(plan, channels, samples, prices)
    costs = costs_of(ground.project, plan, planned, power, sent)
    findings += cost_findings(costs, plan, channels, prices)
    overlaps = _overlaps(ground, row)
    findings += _overlap_findings(overlaps)
    can_start = not blocking(findings)
    return Preflight(
        campaign_id=row.id,
        revision=row.revision,
        at=ground.now,
        can_start=can_start,
        findings=sorted(findings, key=lambda each: ("block", "warn", "note").index(each.level)),
        people=people,
        channels=channels,
        power=power,
        costs=costs,
        overlaps=overlaps,
        samples=samples,
        words=_words(people, can_start, findings),
    )


def _people(ground: Ground, row: Campaign, plan: Plan) -> PeopleFigures:
    sql = f"SELECT value, count() FROM ({_arms(ground, row, plan)}) GROUP BY value ORDER BY value"
    found: dict[str, int] = dict(ground.people.store.engine.rows(sql))
    return PeopleFigures(audience=sum(found.values()), arms=found)


def _arms(ground: Ground, row: Campaign, plan: Plan) -> str:
    held_out = ground.held_out_sql if plan.holdout.respect_global else None
    return arms_sql(ground.people.store, ground.project.id, row.id, plan, held_out)


def _people_findings(plan: Plan, people: PeopleFigures) -> list[Finding]:
    if not plan.target.audience_ids:
        return []
    if people.audience == 0:
        return [
            block(
                "audience_empty",
                "plan.target.audience_ids",
                ("Nobody is in its audiences now.", "所选人群当前没有人。"),
                ("Refresh the audience, or choose another.", "请更新人群或另选人群。"),
            )
        ]
    empty = [each.name for each in plan.variants if not people.arms.get(each.name)]
    found = []
    if empty:
        found.append(
            warn(
                "variant_empty",
                "plan.variants",
                (f"Nobody would be in: {', '.join(empty)}.", f"以下版本没有分到人：{'、'.join(empty)}。"),
                ("Take fewer variants, or more people.", "请减少版本数或扩大人群。"),
            )
        )
    if plan.holdout.share and not people.arms.get(HOLDOUT):
        found.append(
            warn(
                "holdout_empty",
                "plan.holdout.share",
                ("Nobody would be held out: too few people.", "人数太少，对照组没有人。"),
                ("Hold out a larger share, or take more people.", "请提高对照组比例或扩大人群。"),
            )
        )
    return found


def _power(ground: Ground, plan: Plan, people: PeopleFigures) -> PowerFigures | None:
    if plan.outcome is None or not people.audience:
        return None
    baseline = plan.hypothesis.baseline
    if baseline is None:
        ctx = log_context(ground.project, ground.people.store)
        baseline = baseline_of(ctx, ground.people.store, plan.target, plan.outcome)
    held_out = people.arms.get(HOLDOUT, 0)
    treated = people.audience - held_out - people.arms.get(GLOBAL, 0)
    effect = plan.hypothesis.effect
    without = stats.Baseline(baseline, baseline * (1 - baseline), is_share=True)
    least = needed = None
    if held_out and treated:
        how = stats.Plan(holdout=held_out / (held_out + treated))
        least = stats.smallest_effect(without, held_out + treated, how)
        needed = None if effect is None else stats.needed_people(without, effect, how)
    return PowerFigures(
        baseline=baseline,
        treated=treated,
        held_out=held_out,
        expected_effect=effect,
        smallest_effect=least,
        needed=needed,
        by_holdout=points_of(without, held_out + treated, effect),
    )


def _power_findings(power: PowerFigures | None) -> list[Finding]:
    if power is None or power.expected_effect is None or not power.held_out:
        return []
    least = power.smallest_effect
    if least is not None and least <= power.expected_effect:
        return [
            note(
                "power_enough",
                "plan.holdout",
                (
                    f"An effect of {100 * least:.2f} points or more will show.",
                    f"效果达到 {100 * least:.2f} 个百分点即可检出。",
                ),
            )
        ]
    shown = "—" if least is None else f"{100 * least:.2f}"
    needed = "—" if power.needed is None else str(power.needed)
    return [
        warn(
            "power_small",
            "plan.holdout",
            (
                f"This size shows effects of {shown} points or more; {100 * power.expected_effect:.2f} "
                f"are expected, which takes {needed} people.",
                f"以当前规模只能检出 {shown} 个百分点以上的效果；预期为 "
                f"{100 * power.expected_effect:.2f}，需要 {needed} 人。",
            ),
            (
                "Take more people, or a larger holdout; else the result will be unclear.",
                "请扩大人群或提高对照组比例，否则结果可能无法判断。",
            ),
        )
    ]


def _overlaps(ground: Ground, row: Campaign) -> list[Overlap]:
    start = row.starts_at or ground.now
    end = row.ends_at or start + timedelta(days=1)
    with ground.database.read_session() as session:
        wanted = repository.campaigns(ground.project.id, status=_OTHERS).where(
            Campaign.id != row.id,
            Campaign.starts_at < end,
            or_(Campaign.ends_at.is_(None), Campaign.ends_at > start),
        )
        others = list(session.scalars(wanted.limit(100)))
    shared = shared_people(ground.people.store, [row, *others])
    found = []
    for other in others:
        first, second = sorted((row.id, other.id))
        people = shared.get((first, second), 0)
        if people:
            values = {"campaign_id": other.id, "name": other.name, "status": other.status, "people": people}
            found.append(Overlap.model_validate(values))
    return sorted(found, key=lambda each: -each.people)


def _overlap_findings(overlaps: list[Overlap]) -> list[Finding]:
    return [
        warn(
            "people_overlap",
            "plan.target",
            (
                f"{each.people} of its people are in '{each.name}' at the same time.",
                f"有 {each.people} 人同时在“{each.name}”中。",
            ),
            (
                "Leave that audience out, or choose another time.",
                "请排除该人群或错开时间。",
            ),
            campaign_id=each.campaign_id,
        )
        for each in overlaps
    ]


def _words(people: PeopleFigures, can_start: bool, findings: list[Finding]) -> Sentence:
    held_out = people.arms.get(HOLDOUT, 0)
    if can_start:
        return Sentence(
            en=f"It can start: {people.audience} people, {held_out} of them held out.",
            zh=f"可以启动：共 {people.audience} 人，其中对照组 {held_out} 人。",
        )
    count = len(blocking(findings))
    return Sentence(en=f"{count} things are missing.", zh=f"还有 {count} 项需要处理。")
