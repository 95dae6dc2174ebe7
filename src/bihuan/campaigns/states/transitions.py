"""From which state a campaign goes to which, and what that takes: the one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from bihuan.access import Permission
from bihuan.campaigns.schemas import Status, Verb

Check = Literal["complete", "approved", "ready", "may_start"]


@dataclass(frozen=True)
class Transition:
    """One way between states.

    Attributes:
        done: what the activity log and the audit log call it.
        permission: what it takes in the project.
        checks: what must hold, in order: ``complete`` (nothing is missing in the plan), ``approved`` (whoever
            the rules name agreed), ``may_start`` (a rule applied, or the caller may edit data), ``ready``
            (the preflight blocks nothing).
        words: the verb in English and Chinese.
    """

    sources: tuple[Status, ...]
    target: Status
    done: str
    words: tuple[str, str]
    permission: Permission = "edit_insights"
    checks: tuple[Check, ...] = ()


TRANSITIONS: dict[Verb, Transition] = {
    "submit": Transition(
        ("draft",), "review", "submitted", ("be submitted", "提交审核"), checks=("complete",)
    ),
    "withdraw": Transition(("review",), "draft", "withdrawn", ("be withdrawn", "撤回")),
    "schedule": Transition(
        ("review",),
        "scheduled",
        "scheduled",
        ("be scheduled", "排期"),
        checks=("complete", "approved", "may_start", "ready"),
    ),
    "unschedule": Transition(("scheduled",), "draft", "unscheduled", ("be taken back", "取消排期")),
    "start": Transition(
        ("review", "scheduled"),
        "running",
        "started",
        ("start", "启动"),
        checks=("complete", "approved", "may_start", "ready"),
    ),
    "pause": Transition(("running",), "paused", "paused", ("be paused", "暂停")),
    "resume": Transition(("paused",), "running", "resumed", ("go on", "继续"), checks=("may_start",)),
    "finish": Transition(("running", "paused"), "finished", "finished", ("be finished", "结束")),
    "evaluate": Transition(("finished", "evaluated"), "evaluated", "evaluated", ("be evaluated", "复盘")),
}

_STATES: dict[Status, tuple[str, str]] = {
    "draft": ("a draft", "草稿"),
    "review": ("in review", "审核中"),
    "scheduled": ("scheduled", "已排期"),
    "running": ("running", "进行中"),
    "paused": ("paused", "已暂停"),
    "finished": ("finished", "已结束"),
    "evaluated": ("evaluated", "已复盘"),
}


def verbs_from(status: str) -> list[Verb]:
    """What can be done with a campaign in a state."""
    return [verb for verb, each in TRANSITIONS.items() if status in each.sources]


def state_words(status: str) -> dict[str, str]:
    """A state in words, for errors: ``state_en``, ``state_zh``."""
    english, chinese = _STATES[cast(Status, status)]
    return {"state_en": english, "state_zh": chinese}
