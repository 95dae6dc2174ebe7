"""Tags, audiences, predictions and a warning to begin with, from what activity and orders are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from bihuan.access import Project, mask_for
from bihuan.analytics import stages
from bihuan.analytics.activity_score import default_score
from bihuan.analytics.calendar import DateUnit
from bihuan.analytics.conditions import AnyCondition, Comparison, Did, Rolling, Span
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.rfm import RfmQuery
from bihuan.analytics.stages import ReturnsQuery, StageDefinition
from bihuan.audiences.models import Audience
from bihuan.audiences.prediction.definitions import KINDS, ChurnTag, ValueTag
from bihuan.audiences.refreshing.backfill import backfill, steps_ms
from bihuan.audiences.refreshing.service import keep_version, refresh
from bihuan.audiences.subjects import condition_adapter, has_history, log_context, sql_of, subject_of
from bihuan.audiences.tags.definitions import ActivityTier
from bihuan.audiences.tags.kinds import TagDefinition
from bihuan.audiences.tags.models import Tag
from bihuan.audiences.tags.schemas import TagInput
from bihuan.audiences.tags.service import create_tag
from bihuan.audiences.warnings.models import WarningRule
from bihuan.audiences.warnings.schemas import RuleInput
from bihuan.audiences.warnings.service import check, create_rule
from bihuan.database import Database, new_id
from bihuan.insights import Author
from bihuan.kernel.errors import BihuanError, Language
from bihuan.warehouse import ProjectStore

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Shop:
    """What activity is: ``active`` events, orders, what was ``paid`` and its numbers, and reactions."""

    active: EventSelector
    orders: EventSelector
    paid: EventSelector
    revenue: PropertyRef
    reactions: EventSelector


@dataclass(frozen=True)
class Starting:
    """Makes what is not there yet, by name, and finds out who has which value.

    ``since``: the day from which on the history of what can be found out as of the past is found out.
    """

    database: Database
    project: Project
    store: ProjectStore
    author: Author
    language: Language

    def make(self, shop: Shop, since: date, progress: Progress) -> list[str]:
        """Returns the names of what was made."""
        tags = [each for each in self._tags(shop) if not self._exists(Tag, each.name)]
        audiences = [each for each in self._audiences(shop) if not self._exists(Audience, each[0])]
        warning = self._say("More people than usual drop a stage", "降阶段的人比平时多")
        rules = [] if self._exists(WarningRule, warning) else [warning]
        total = len(tags) + len(audiences) + len(rules)
        for index, tag in enumerate(tags):
            self._make_tag(tag, since)
            progress(index + 1, total)
        for index, (name, condition) in enumerate(audiences):
            self._make_audience(name, condition, since)
            progress(len(tags) + index + 1, total)
        for name in rules:
            self._make_rule(name)
            progress(total, total)
        return [tag.name for tag in tags] + [name for name, _ in audiences] + rules

    def _say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def _tags(self, shop: Shop) -> list[TagInput]:
        score = default_score(shop.active, shop.orders, shop.reactions)
        ctx = log_context(self.project, self.store)
        question = ReturnsQuery(active=shop.orders)
        rows = self.store.engine.rows(stages.returns_sql(ctx, question))
        lifecycle: StageDefinition = stages.read_returns(question, rows).suggested
        rfm = RfmQuery(event=shop.paid, revenue=shop.revenue, frequency="days")
        wanted: list[tuple[str, str, TagDefinition]] = [
            (self._say("Lifecycle stage", "生命周期阶段"), self._say("Lifecycle", "生命周期"), lifecycle),
            (self._say("RFM group", "RFM 分组"), self._say("Value", "价值"), rfm),
            (
                self._say("Activity tier", "活跃等级"),
                self._say("Activity", "活跃"),
                ActivityTier(score=score),
            ),
            (self._say("Activity score", "活跃得分"), self._say("Activity", "活跃"), score),
            (
                self._say("Risk of staying away", "流失风险"),
                self._say("Predictions", "预测"),
                ChurnTag(active=shop.active, purchase=shop.paid, revenue=shop.revenue),
            ),
            (
                self._say("Value of the next 90 days", "未来 90 天价值"),
                self._say("Predictions", "预测"),
                ValueTag(purchase=shop.paid, revenue=shop.revenue),
            ),
        ]
        return [
            TagInput(name=name, category=category, definition=definition, refresh="daily")
            for name, category, definition in wanted
        ]

    def _audiences(self, shop: Shop) -> list[tuple[str, AnyCondition]]:
        month = Rolling(span=Span(count=30))
        often = Did(event=shop.orders, window=month, compare=Comparison(value=4))
        reacted = Did(event=shop.reactions)
        return [
            (self._say("Ordered four times or more in 30 days", "近 30 天下单 4 次及以上"), often),
            (self._say("Reacted to a campaign", "响应过活动"), reacted),
        ]

    def _exists(self, model: type[Tag] | type[Audience] | type[WarningRule], name: str) -> bool:
        with self.database.read_session() as session:
            wanted = select(model.id).where(model.project_id == self.project.id, model.name == name)
            return session.scalar(wanted) is not None

    def _make_tag(self, given: TagInput, since: date) -> None:
        mask = mask_for(self.database, self.project.id, hides=True)
        row = create_tag(self.database, self.project, self.store, self.author, given, mask)
        if has_history(row):
            self._find_history(row, since, "week" if row.kind == "stages" else "month")
        self._find_out(row)

    def _make_audience(self, name: str, condition: AnyCondition, since: date) -> None:
        definition: dict[str, Any] = condition_adapter.dump_python(condition, mode="json")
        by = self.author.model_dump()
        row = Audience(id=new_id(), project_id=self.project.id, name=name, kind="condition", created_by=by)
        row.definition, row.refresh = definition, "daily"
        with self.database.session() as session:
            session.add(row)
            session.flush()
            keep_version(session, row, by)
        self._find_history(row, since, "week")
        self._find_out(row)

    def _make_rule(self, name: str) -> None:
        """Watch the stages, by weeks as their history was found out."""
        wanted = select(Tag.id).where(Tag.project_id == self.project.id, Tag.kind == "stages")
        with self.database.read_session() as session:
            tag_id = session.scalars(wanted.order_by(Tag.id)).first()
        if tag_id is None:
            return
        worsening = ["mature", "growing", "onboarding", "dormant", "lost"]
        given = RuleInput(name=name, tag_id=tag_id, order=worsening, unit="week", history=26)
        rule = create_rule(self.database, self.project, self.store, self.author, given)
        check(self.database, self.project, self.store, rule)

    def _find_out(self, row: Tag | Audience) -> None:
        subject = subject_of(self.database, row, self.project, self.store)
        if subject is None:
            return
        # What a model refuses to foretell is written down with its reason.
        with suppress(BihuanError) if row.kind in KINDS else nullcontext():
            refresh(self.database, self.store, self.project.id, subject)

    def _find_history(self, row: Tag | Audience, since: date, unit: DateUnit) -> None:
        ctx = log_context(self.project, self.store)
        times = steps_ms(since, unit, ctx.now_ms, ctx.zone, ctx.first_weekday)
        of = (self.project.id, row.id, row.version)
        backfill(
            self.database,
            self.store,
            of,
            lambda at_ms: sql_of(row, replace(ctx, now_ms=at_ms)),
            times,
            lambda done, total: None,
        )
