"""Who can be reached by which channel, and what they would read."""

from __future__ import annotations

from datetime import datetime

from bihuan.access import Mask, Project
from bihuan.campaigns.findings import Finding, block, warn
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.people import people_sql
from bihuan.campaigns.plan.schemas import Message, Plan
from bihuan.campaigns.preflight.schemas import ChannelReach, SampleMessage
from bihuan.campaigns.running.launching import context_of
from bihuan.campaigns.running.messenger import Messenger
from bihuan.messages.outbox.policies.choosing import PRIORITIES
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import tuple_of

# Of more people a sample is asked about: ids are hashes, so the smallest are a random draw.
MOST_ASKED = 20_000
SAMPLES = 3


def reach_of(
    messenger: Messenger, project: Project, store: ProjectStore, plan: Plan, arms: str, now: datetime
) -> tuple[list[ChannelReach], list[Finding]]:
    """For every message, who of those it is for could be sent it at its time and how.

    Args:
        arms: SELECT of ``person, value``: everybody's arm.
    """
    start = max(now, plan.starts_at or now)
    channels, findings = [], []
    for place, message in enumerate(plan.messages):
        everyone, asked = _asked(store, plan, message, arms)
        share = len(asked) / everyone if everyone else 1.0
        at_ms = round(start.timestamp() * 1000) + message.after_minutes * 60_000
        reach = messenger.reach(project.id, message, asked, at_ms)
        found = ChannelReach(
            step=message.step,
            variant=message.variant,
            asked=everyone,
            people=round(sum(reach.by_channel.values()) / share) if asked else 0,
            by_channel={each: round(people / share) for each, people in reach.by_channel.items()},
            blocked={each: round(people / share) for each, people in reach.blocked.items() if people},
            delayed=round(reach.delayed / share),
            share=share,
            priority=next(name for name, each in PRIORITIES.items() if each == reach.choice.priority),
            send_time=reach.choice.send_time,
            by_policy=list(reach.choice.by_policy),
        )
        channels.append(found)
        findings += _findings(message, place, found, everyone)
    return channels, findings


def samples_of(
    messenger: Messenger, project: Project, store: ProjectStore, row: Campaign, plan: Plan, mask: Mask
) -> tuple[list[SampleMessage], list[Finding]]:
    """Every message of every variant as a few of its people would get it; faults of templates block."""
    sql = f"SELECT person FROM ({people_sql(store, plan.target)}) ORDER BY person LIMIT {SAMPLES}"
    persons = [found[0] for found in store.engine.rows(sql)]
    samples: list[SampleMessage] = []
    findings: dict[tuple[str, str, str], Finding] = {}
    for variant in plan.variants:
        for message in plan.messages_of(variant.name):
            for person in persons:
                one = messenger.sample(project.id, message, person, context_of(row, plan))
                findings |= {(each.code, each.path, each.message.en): each for each in one.findings}
                samples.append(
                    SampleMessage(
                        step=message.step,
                        variant=variant.name,
                        channel_id=one.channel_id,
                        person_id=str(person),
                        content=mask.properties(one.content),
                    )
                )
    return samples, list(findings.values())


def _asked(store: ProjectStore, plan: Plan, message: Message, arms: str) -> tuple[int, list[int]]:
    """How many a message is for, and those of them who are asked about."""
    names = [each.name for each in plan.variants if message.variant in (None, each.name)]
    sql = f"SELECT person FROM ({arms}) WHERE value IN {tuple_of(names)}"
    everyone = int(store.engine.rows(f"SELECT count() FROM ({sql})")[0][0])
    asked = store.engine.rows(f"SELECT person FROM ({sql}) ORDER BY person LIMIT {MOST_ASKED}")
    return everyone, [row[0] for row in asked]


def _findings(message: Message, place: int, found: ChannelReach, everyone: int) -> list[Finding]:
    path = f"plan.messages[{place}]"
    reasons = ", ".join(f"{reason} {people}" for reason, people in sorted(found.blocked.items()))
    if everyone == 0:
        return []
    if found.people == 0:
        return [
            block(
                "nobody_reachable",
                path,
                (
                    f"The message '{message.step}' reaches nobody ({reasons}).",
                    f"消息“{message.step}”无法触达任何人（{reasons}）。",
                ),
                (
                    "Look at consent, addresses and suppressions, or add a channel.",
                    "请检查同意、地址和屏蔽名单，或增加渠道。",
                ),
                **found.blocked,
            )
        ]
    if 2 * found.people < everyone:
        return [
            warn(
                "few_reachable",
                path,
                (
                    f"The message '{message.step}' reaches {found.people} of {everyone} people ({reasons}).",
                    f"消息“{message.step}”只能触达 {everyone} 人中的 {found.people} 人（{reasons}）。",
                ),
                ("Add a channel, or ask for consent first.", "请增加渠道，或先征得同意。"),
                **found.blocked,
            )
        ]
    return []
