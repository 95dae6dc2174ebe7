"""What is missing in a plan: found from the plan alone."""

from __future__ import annotations

from datetime import datetime

from bihuan.campaigns.findings import Finding, block, note, warn
from bihuan.campaigns.plan.schemas import Plan


def gaps(plan: Plan, now: datetime) -> list[Finding]:
    """What a plan lacks; those that block come first."""
    found = [*_goal(plan), *_people(plan), *_messages(plan), *_times(plan, now), *_expectation(plan)]
    return sorted(found, key=lambda each: each.level != "block")


def _goal(plan: Plan) -> list[Finding]:
    found = []
    if plan.outcome is None:
        found.append(
            block(
                "outcome_missing",
                "plan.outcome",
                ("It does not say which event is the success of one person.", "没有说明哪个事件算转化成功。"),
                ("Choose the event, and how many days it counts.", "请选择转化事件和统计天数。"),
            )
        )
    if plan.goal.metric_id is None:
        found.append(
            warn(
                "goal_missing",
                "plan.goal.metric_id",
                ("It has no metric as its goal.", "没有选择目标指标。"),
                ("Choose the metric that it is to move.", "请选择本活动要改变的指标。"),
            )
        )
    return found


def _people(plan: Plan) -> list[Finding]:
    found = []
    if not plan.target.audience_ids:
        found.append(
            block(
                "audience_missing",
                "plan.target.audience_ids",
                ("It is for nobody: there is no audience.", "没有选择人群。"),
                ("Choose an audience or make one.", "请选择或新建人群。"),
            )
        )
    if plan.holdout.share == 0:
        found.append(
            warn(
                "holdout_missing",
                "plan.holdout.share",
                (
                    "Nobody is held out: what happens cannot be attributed to the campaign.",
                    "没有对照组：结果无法归因于本活动。",
                ),
                ("Hold 5–20 % out.", "建议留出 5%–20% 的对照组。"),
            )
        )
    return found


def _messages(plan: Plan) -> list[Finding]:
    found = []
    silent = [each.name for each in plan.variants if not plan.messages_of(each.name)]
    if silent:
        found.append(
            block(
                "message_missing",
                "plan.messages",
                (f"Nothing is sent to: {', '.join(silent)}.", f"以下版本没有消息：{'、'.join(silent)}。"),
                ("Add a message for each variant.", "请为每个版本添加消息。"),
            )
        )
    for number, message in enumerate(plan.messages):
        for name, words in (("template_id", ("template", "模板")), ("channel_ids", ("channel", "渠道"))):
            if not getattr(message, name):
                found.append(
                    block(
                        f"message_{words[0]}_missing",
                        f"plan.messages[{number}].{name}",
                        (
                            f"The message '{message.step}' has no {words[0]}.",
                            f"消息“{message.step}”没有选择{words[1]}。",
                        ),
                        (f"Choose a {words[0]}.", f"请选择{words[1]}。"),
                    )
                )
    return found


def _times(plan: Plan, now: datetime) -> list[Finding]:
    found = []
    for name, words in (("starts_at", ("start", "开始")), ("ends_at", ("end", "结束"))):
        if getattr(plan, name) is None:
            found.append(
                block(
                    f"{words[0]}_missing",
                    f"plan.{name}",
                    (f"It has no {words[0]}.", f"没有{words[1]}时间。"),
                    (f"Say when it {words[0]}s.", f"请填写{words[1]}时间。"),
                )
            )
    if plan.ends_at is not None and plan.ends_at <= now:
        found.append(
            block(
                "end_past",
                "plan.ends_at",
                ("Its end is in the past.", "结束时间已过。"),
                ("Choose a later end.", "请选择之后的结束时间。"),
            )
        )
    return found


def _expectation(plan: Plan) -> list[Finding]:
    hypothesis = plan.hypothesis
    names = ("reach", "effect", "value")
    missing = [name for name in names if getattr(hypothesis, name) is None]
    if not missing:
        return []
    return [
        warn(
            "hypothesis_missing",
            f"plan.hypothesis.{missing[0]}",
            (
                f"It does not say what it expects ({', '.join(missing)}): nobody could tell later "
                "whether it went as planned.",
                "预期不完整（人数、效果、价值）：事后无法判断是否达到预期。",
            ),
            (
                "Write down reach, effect and value before it starts.",
                "请在开始前写下预期的触达人数、效果与价值。",
            ),
        )
    ]


def task_findings(undone: list[str]) -> list[Finding]:
    """Required tasks that are not done, by title."""
    return [
        block(
            "task_undone",
            "tasks",
            (f"The task '{title}' must be done first.", f"必须先完成任务“{title}”。"),
            ("Do it and tick it off, or make it optional.", "请完成后勾选，或取消“必须完成”。"),
        )
        for title in undone
    ] or [note("tasks_done", "tasks", ("No required task is open.", "必须完成的任务均已完成。"))]
