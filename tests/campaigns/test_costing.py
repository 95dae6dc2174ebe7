"""What messages cost by the prices of their channels."""

from __future__ import annotations

from bihuan.campaigns.plan.schemas import Plan
from bihuan.campaigns.preflight.costing import cost_findings, costs_of, messages_cost
from bihuan.campaigns.preflight.schemas import ChannelReach, SampleMessage
from bihuan.campaigns.running.messenger import Price

PLAN = Plan.model_validate(
    {
        "variants": [{"name": "a"}, {"name": "b"}],
        "messages": [
            {"step": "all", "channel_ids": ["s"]},
            {"step": "more", "variant": "b", "channel_ids": ["s"]},
        ],
    }
)  # fmt: skip


def _reach(step: str, **by_channel: int) -> ChannelReach:
    people = sum(by_channel.values())
    return ChannelReach(
        step=step,
        variant=None,
        asked=people,
        people=people,
        by_channel=by_channel,
        blocked={},
        delayed=0,
        share=1,
        priority="normal",
        send_time="at_once",
        by_policy=[],
    )


def _sample(step: str, text: str) -> SampleMessage:
    return SampleMessage(step=step, variant="a", channel_id="s", person_id="1", content={"text": text})


def test_who_is_reached_costs_by_channel_and_each_part_of_an_sms_is_paid() -> None:
    reach = [_reach("all", s=50, m=50), _reach("more", s=100)]
    prices = {"s": Price("SMS", "sms", 0.05), "m": Price("Mail", "email", 0.01)}
    samples = [_sample("all", "字" * 70), _sample("all", "字" * 71), _sample("more", "short")]
    expected = 50 * 1.5 * 0.05 + 50 * 0.01 + 100 * 0.05
    assert messages_cost(PLAN, reach, samples, prices) == round(expected, 6)


def test_an_sms_without_a_price_is_told_and_counts_nothing() -> None:
    reach = [_reach("all", s=50, m=0)]
    prices = {"s": Price("SMS", "sms", None), "m": Price("Mail", "email", None)}
    assert messages_cost(PLAN, reach, [], prices) == 0
    project = type("Any", (), {"currency": "CNY"})()
    costs = costs_of(project, PLAN, 5.0, None, 0.0)
    assert costs.total == 5.0
    (found,) = cost_findings(costs, PLAN, reach, prices)
    assert (found.code, found.level) == ("channel_price_unknown", "note")
    assert found.path == "plan.messages[0].channel_ids"
