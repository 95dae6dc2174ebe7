"""The answers to the newcomer's questions, as tables and sparklines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from rich.console import Group, RenderableType
from rich.text import Text

from bihuan.analytics import ProjectContext, Query, Result, run
from bihuan.analytics.funnel.result import FunnelGroup, FunnelResult
from bihuan.analytics.lifecycle.result import LifecycleResult
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.retention.result import RetentionResult
from bihuan.analytics.trend.result import TrendResult
from bihuan.app import OpenProject
from bihuan.cli.demo import questions
from bihuan.cli.printing import sparkline, table

Say = Callable[[str, str], str]
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_BAR_WIDTH = 14


@dataclass(frozen=True)
class Answers:
    """Asks the project and words what it says.

    Args:
        say: picks the sentence in the reader's language from (en, zh).
    """

    project: OpenProject
    ctx: ProjectContext
    say: Say

    def all(self) -> Iterator[tuple[str, RenderableType]]:
        """Every question with its answer, in the order a newcomer would ask."""
        say = self.say
        yield say("How many households buy?", "有多少家庭在购买？"), self.active_people()
        yield (
            say("Do campaigns lead to purchases? (within 60 days)", "活动带来购买了吗？（60 天内）"),
            self.campaigns(),
        )
        yield say("Do they come back, month by month?", "他们逐月回来吗？"), self.retention()
        yield (
            say("Who is new, who stays, who comes back, who leaves?", "谁新来、留下、回流、流失？"),
            self.lifecycle(),
        )
        yield say("What sells most?", "什么卖得最好？"), self.products()
        yield say("How does revenue develop?", "收入走势如何？"), self.revenue()

    def active_people(self) -> RenderableType:
        """People by day, week and month: least, mean, greatest, and the course of the year."""
        say = self.say
        names = {"day": say("day", "日"), "week": say("week", "周"), "month": say("month", "月")}
        rows = []
        for interval in ("day", "week", "month"):
            line = cast("TrendResult", self._ask(questions.active_people(interval))).lines[0]
            values = [value for value in line.values if value is not None]
            mean = round(sum(values) / len(values))
            rows.append(
                (names[interval], int(min(values)), mean, int(max(values)), sparkline(line.values, 36))
            )
        return table(
            rows, (say("per", "周期"), say("least", "最少"), say("mean", "平均"), say("most", "最多"), "2017")
        )

    def campaigns(self) -> RenderableType:
        """Mailed → redeemed → bought again, for everyone and by type of campaign."""
        say = self.say
        result = cast("FunnelResult", self._ask(questions.campaign_funnel()))
        rows = [
            (
                _value(group.breakdown, say("all campaigns", "全部活动")),
                *(step.people for step in group.steps),
                _bar(group.steps[-1].conversion),
            )
            for group in _groups(result)
        ]
        headings = (
            say("campaign", "活动"),
            say("mailed", "已投递"),
            say("redeemed", "已核销"),
            say("bought again", "再次购买"),
            say("conversion", "转化率"),
        )
        return table(rows, headings)

    def retention(self) -> RenderableType:
        """Per cent of each monthly cohort that bought again, up to the month in which the study ends."""
        say = self.say
        result = cast("RetentionResult", self._ask(questions.monthly_retention()))
        group = result.groups[0]
        last = len(group.cohorts) - 1
        rows = [
            (cohort.cohort[5:7], cohort.size, *_percents(cohort.rates[1 : last - place + 1]))
            for place, cohort in enumerate(group.cohorts)
        ]
        shown = [(*row, *[""] * (last + 2 - len(row))) for row in rows]
        ages = [f"+{column.first}" for column in result.columns[1:]]
        first, size = say("month", "首购月"), say("new", "家庭数")
        return Group(
            table(shown, (first, size, *ages)),
            Text(say("  per cent of those whose first basket was in the month", "  占该月首购家庭的百分比")),
        )

    def lifecycle(self) -> RenderableType:
        """Households by stage and month."""
        say = self.say
        result = cast("LifecycleResult", self._ask(questions.lifecycle()))
        most = max(unit.active for unit in result.units)
        rows = [
            (
                unit.bucket[:7],
                unit.new,
                unit.returning,
                unit.resurrected,
                unit.dormant,
                _bar_of(unit.active / most, str(unit.active)),
            )
            for unit in result.units
        ]
        headings = (
            say("month", "月份"),
            say("new", "新增"),
            say("returning", "留存"),
            say("resurrected", "回流"),
            say("dormant", "流失"),
            say("active", "活跃"),
        )
        return table(rows, headings)

    def products(self) -> RenderableType:
        """Categories by revenue."""
        say = self.say
        lines = cast("TrendResult", self._ask(questions.top_products())).lines
        whole = sum(line.total or 0.0 for line in lines)
        rows = [
            (
                _value(line.breakdown[0], ""),
                line.total,
                _bar((line.total or 0.0) / whole),
                sparkline(line.values),
            )
            for line in lines
        ]
        return table(
            rows, (say("category", "品类"), say("revenue, USD", "收入（美元）"), say("share", "占比"), "2017")
        )

    def revenue(self) -> RenderableType:
        """Revenue by week, plain and averaged."""
        say = self.say
        line = cast("TrendResult", self._ask(questions.revenue())).lines[0]
        rows = [(say("week", "每周"), sparkline(line.values, 53))]
        rows.append((say("four-week mean", "四周均值"), sparkline(line.moving_average or (), 53)))
        total = Text(f"  {say('2017, USD', '2017 年，美元')}: {line.total:,.2f}")
        return Group(table(rows, ("", "2017")), total)

    def _ask(self, query: Query) -> Result:
        return run(self.project.store.engine, self.ctx, query)


def _groups(result: FunnelResult) -> list[FunnelGroup]:
    overall = [result.overall] if result.overall is not None else []
    return [*overall, *sorted(result.segments, key=lambda group: _value(group.breakdown, ""))]


def _value(value: BreakdownValue | None, none: str) -> str:
    if value is None:
        return none
    return "…" if value.other else value.value or "–"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _percents(shares: Sequence[float | None]) -> list[str]:
    return ["" if share is None else f"{share * 100:.0f}" for share in shares]


def _bar(share: float | None) -> Text:
    return _bar_of(share or 0.0, _percent(share))


def _bar_of(share: float, label: str) -> Text:
    whole, rest = divmod(round(share * _BAR_WIDTH * 8), 8)
    bar = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return Text(f"{bar.ljust(_BAR_WIDTH)} {label}")
