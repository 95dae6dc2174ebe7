"""What a template is."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from bihuan.analytics.conditions import All, AnyCondition, Comparison, Condition, Did, Not, Rolling, Span
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.campaigns.findings import Sentence
from bihuan.campaigns.plan.schemas import (
    Holdout,
    Hypothesis,
    Lever,
    Message,
    Milestone,
    Offer,
    Outcome,
    Plan,
)

BOUGHT, SIGNED_UP, CHECKED_IN, CAME, INVITED = (
    "Order Completed",
    "Signed Up",
    "Checked In",
    "$pageview",
    "Invite Sent",
)
REVENUE = PropertyRef(name="$revenue")


class TemplateTask(BaseModel):
    """A task and the day it is due, counted from the start."""

    title: Sentence
    day: int


class Template(BaseModel):
    """A ready campaign. Events are named as tracking plans often do: adapt them to the project's.

    Attributes:
        why: when it helps and what to watch.
        audience: a suggestion of conditions for the audience; and in words.
        drafts: what the messages might say, by step.
    """

    key: str
    name: Sentence
    why: Sentence
    lever: Lever
    audience: Condition
    audience_words: Sentence
    outcome: Outcome
    effect: float = Field(description="A modest expectation: conversions more per person reached.")
    holdout: float = 0.1
    days: int
    offer: Offer = Offer()
    steps: dict[str, int] = Field(description="Messages by step, and after how many minutes.")
    drafts: dict[str, Sentence]
    timeline: list[TemplateTask]
    tasks: list[TemplateTask]

    def plan(self, language: str = "zh") -> Plan:
        """A plan to begin with; audience, channels and message templates are still to be chosen."""
        messages = [
            Message(step=step, after_minutes=minutes, draft={"zh": said.zh, "en": said.en})
            for step, minutes in self.steps.items()
            for said in (self.drafts[step],)
        ]
        return Plan(
            outcome=self.outcome,
            hypothesis=Hypothesis(effect=self.effect, words=getattr(self.why, language)),
            holdout=Holdout(share=self.holdout),
            messages=messages,
            offer=self._offer(language),
            timeline=[Milestone(day=each.day, words=getattr(each.title, language)) for each in self.timeline],
        )

    def _offer(self, language: str) -> Offer:
        chinese, _, english = self.offer.words.partition(" / ")
        return self.offer.model_copy(update={"words": english if language == "en" else chinese})


def said(zh: str, en: str) -> Sentence:
    """A sentence in both languages."""
    return Sentence(en=en, zh=zh)


def at(day: int, zh: str, en: str) -> TemplateTask:
    """Something on a day, counted from the start."""
    return TemplateTask(title=said(zh, en), day=day)


def did(event: str, days: int, at_least: int = 1) -> Did:
    """Did something in the last days."""
    window = Rolling(span=Span(count=days, unit="day"))
    return Did(event=EventSelector(events=(event,)), window=window, compare=Comparison(value=at_least))


def ever(event: str) -> Did:
    """Ever did something."""
    return Did(event=EventSelector(events=(event,)))


def but(*wanted: AnyCondition, never: AnyCondition) -> All:
    """All of these and not that."""
    return All(items=(*wanted, Not(item=never)))


def buying(days: int) -> Outcome:
    """An order within the days, worth its revenue."""
    return Outcome(selector=EventSelector(events=(BOUGHT,)), value_property=REVENUE, window_days=days)


def doing(event: str, days: int, **more: Any) -> Outcome:
    """Something done within the days."""
    return Outcome(selector=EventSelector(events=(event,)), window_days=days, **more)


# What nearly every campaign needs done.
USUAL = [
    at(-7, "确定目标、人群与预算", "Settle goal, audience and budget"),
    at(-5, "写文案、做物料", "Write the texts, make the pictures"),
    at(-3, "测试发送并检查链接与优惠", "Send a test; check links and offer"),
    at(-2, "预检与审批", "Preflight and approval"),
    at(1, "查看首日数据：送达、退订、投诉", "Look at the first day: deliveries, unsubscribes, complaints"),
]
