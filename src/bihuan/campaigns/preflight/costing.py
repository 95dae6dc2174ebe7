"""What a campaign will cost: what is planned, its offers, and its messages by the prices of its channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from bihuan.access import Project
from bihuan.campaigns.findings import Finding, block, note, warn
from bihuan.campaigns.plan.schemas import Message, Plan
from bihuan.campaigns.preflight.schemas import (
    ChannelReach,
    CostFigures,
    PowerFigures,
    SampleMessage,
)
from bihuan.campaigns.running.messenger import Price
from bihuan.delivery import sms_segments

# Providers of these ask money for each message.
_PAID = frozenset(["sms"])


def messages_cost(
    plan: Plan,
    reach: Sequence[ChannelReach],
    samples: Sequence[SampleMessage],
    prices: Mapping[str, Price],
) -> float:
    """What the messages cost, in the project's currency; those of channels without a price count nothing.

    Args:
        reach: of each message.
        samples: of SMS, whose parts are each paid.
    """
    total = 0.0
    for message, found in zip(plan.messages, reach, strict=False):
        for channel_id, reached in found.by_channel.items():
            price = prices.get(channel_id)
            if price is not None and price.each is not None:
                parts = _parts(message, channel_id, samples) if price.medium == "sms" else 1.0
                total += reached * price.each * parts
    return round(total, 6)


def _parts(message: Message, channel_id: str, samples: Sequence[SampleMessage]) -> float:
    found = [
        sms_segments(str(each.content.get("text", "")), str(each.content.get("signature", ""))).segments
        for each in samples
        if each.step == message.step and each.channel_id == channel_id and each.content.get("text")
    ]
    return max(fmean(found), 1.0) if found else 1.0


def _without_price(plan: Plan, reach: Sequence[ChannelReach], prices: Mapping[str, Price]) -> list[Finding]:
    found = {}
    for place, each in enumerate(reach):
        for channel_id, people in each.by_channel.items():
            price = prices.get(channel_id)
            if people and price is not None and price.each is None and price.medium in _PAID:
                found[channel_id] = note(
                    "channel_price_unknown",
                    f"plan.messages[{place}].channel_ids",
                    (
                        f"What a message by '{price.name}' costs is not known; it counts as nothing.",
                        f"通道“{price.name}”没有设置单价，费用按 0 计算。",
                    ),
                )
    return list(found.values())


def costs_of(
    project: Project, plan: Plan, planned: float, power: PowerFigures | None, messages: float
) -> CostFigures:
    """The lines of money that are planned, the offers that will be used, and the messages."""
    offer = 0.0
    if plan.offer.cost_each is not None and power is not None:
        # Whoever would have converted anyway uses the offer, too.
        rate = min(1.0, power.baseline + (power.expected_effect or 0.0))
        offer = plan.offer.cost_each * power.treated * rate
    return CostFigures(
        currency=project.currency,
        budget=plan.budget,
        planned=planned,
        offer=offer,
        messages=messages,
        total=planned + offer + messages,
        expected_value=plan.hypothesis.expected,
    )


def cost_findings(
    costs: CostFigures, plan: Plan, reach: Sequence[ChannelReach], prices: Mapping[str, Price]
) -> list[Finding]:
    """What is to be said of the costs."""
    found = _without_price(plan, reach, prices)
    if costs.budget is not None and costs.total > costs.budget:
        found.append(
            block(
                "budget_exceeded",
                "plan.budget",
                (
                    f"It will cost {costs.total:.2f} {costs.currency}, the budget is {costs.budget:.2f}.",
                    f"预计费用 {costs.total:.2f} {costs.currency}，超过预算 {costs.budget:.2f}。",
                ),
                ("Lower the costs or raise the budget.", "请降低费用或提高预算。"),
            )
        )
    if costs.expected_value is not None and costs.total > costs.expected_value:
        found.append(
            warn(
                "cost_above_value",
                "plan.hypothesis",
                ("It costs more than it is expected to bring.", "预计费用高于预期收益。"),
                ("See whether it is worth it.", "请确认是否值得。"),
            )
        )
    return found
