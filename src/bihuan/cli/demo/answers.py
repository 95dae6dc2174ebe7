"""The answers to the newcomer's questions, as tables and sparklines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from bihuan.cli.demo import questions
from bihuan.cli.printing import table
from bihuan.cli.wording import sparkline
from bihuan.projects import OpenProject

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
        yield say("What is in the log?", "日志里有什么？"), self.content()
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

    def content(self) -> RenderableType:
        """What is in the log: each event, how often, of how many households, month by month."""
        say = self.say
        lines = cast("TrendResult", self._ask(questions.totals())).lines
        meaning = {
            "campaign_mailed": say("a campaign was mailed", "寄出一次活动"),
            "coupon_redeemed": say("a coupon was redeemed", "核销一张优惠券"),
            "basket": say("a visit to the till", "一次结账"),
            "purchase": say("a product in a basket", "购物篮中的一种商品"),
        }
        names = questions.EVENTS
        pairs = zip(names, lines[: len(names)], lines[len(names) :], strict=True)
        rows = [
            (name, meaning[name], count.total, people.total, sparkline(count.values))
            for name, count, people in pairs
        ]
        headings = (say("event", "事件"), "", say("count", "次数"), say("households", "家庭数"), "2017")
        return table(rows, headings)

    def active_people(self) -> RenderableType:
        """People by day, week and month: least, mean, greatest, and the course of the year."""
        say = self.say
        names = {"day": say("day", "日"), "week": say("week", "周"), "month": say("month", "月")}
        rows = []
        for interval in ("day", "week", "month"):
            line = cast("TrendResult", self._ask(questions.active_people(interval))).lines[0]
            values = [value for value in line.values if value is not None]
            mean = round(sum(values) / len(values))
            curve = sparkline(line.values, 40, from_least=True)
            rows.append((names[interval], int(min(values)), mean, int(max(values)), curve))
        headings = (say("per", "周期"), say("least", "最少"), say("mean", "平均"), say("most", "最多"))
        return table(rows, (*headings, say("2017, from least to most", "2017 年，自最少至最多")))

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
            (cohort.cohort[:7], cohort.size, *map(_shaded, cohort.rates[1 : last - place + 1]))
            for place, cohort in enumerate(group.cohorts)
        ]
        shown = [(*row, *[""] * (last + 2 - len(row))) for row in rows]
        ages = [f"+{column.first}" for column in result.columns[1:]]
        first, size = say("first basket", "首购月"), say("new", "家庭数")
        note = "  per cent of the households of a month that bought again 1, 2, 3 … months later"
        return Group(
            table(shown, (first, size, *ages)),
            Text(say(note, "  当月首购家庭在之后第 1、2、3……个月再次购买的百分比"), style="dim"),
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
                _bar_of(unit.active / most, f"{unit.active:,}"),
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
        """Products by revenue."""
        say = self.say
        lines = cast("TrendResult", self._ask(questions.top_products())).lines
        money, buyers = ([line for line in lines if line.series == place] for place in (0, 1))
        whole = sum(line.total or 0.0 for line in money)
        rest = say("all others", "其他全部")
        rows = [
            (
                rest if line.breakdown[0].other else _value(line.breakdown[0], ""),
                _whole(line.total),
                _bar((line.total or 0.0) / whole),
                households.total,
                sparkline(line.values, from_least=True),
            )
            for line, households in zip(money, buyers, strict=True)
        ]
        headings = (
            say("product", "商品"),
            say("revenue, USD", "收入（美元）"),
            say("share", "占比"),
            say("households", "家庭数"),
            say("2017, from least to most", "2017 年，自最少至最多"),
        )
        return table(rows, headings)

    def revenue(self) -> RenderableType:
        """Revenue by month with its change, and by week as a curve."""
        say = self.say
        months = cast("TrendResult", self._ask(questions.revenue("month")))
        money, baskets = months.lines
        most = max(value or 0.0 for value in money.values)
        rows = [
            (
                bucket[:7],
                _bar_of((value or 0.0) / most, f"{value or 0.0:>9,.0f}"),
                "" if not before or value is None else f"{value / before - 1:+.1%}",
                int(count or 0),
                f"{(value or 0.0) / count:,.2f}" if count else "",
            )
            for bucket, value, before, count in zip(
                months.buckets, money.values, (None, *money.values), baskets.values, strict=False
            )
        ]
        headings = (
            say("month", "月份"),
            say("revenue, USD", "收入（美元）"),
            say("change", "环比"),
            say("baskets", "结账次数"),
            say("per basket", "每次金额"),
        )
        weeks = cast("TrendResult", self._ask(questions.revenue("week"))).lines[0].values
        # The first and the last week of the year are cut by it.
        full = [value or 0.0 for value in weeks[1:-1]]
        curve = say("weeks, from least to most", "各周，自最少至最多")
        low, high = f"{min(full, default=0.0):,.0f}", f"{max(full, default=0.0):,.0f}"
        return Group(
            table(rows, headings),
            Text(f"  {curve}: {low} {sparkline(full, 53, from_least=True)} {high}"),
            Text(f"  {say('2017, USD', '2017 年，美元')}: {money.total:,.2f}"),
        )

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


# From few to nearly all; terminals without colour show the numbers alone.
_SHADES = ((0.8, "bold green"), (0.6, "green"), (0.45, "yellow"), (0.0, "red"))


def _shaded(share: float | None) -> Text:
    if share is None:
        return Text("")
    style = next(style for least, style in _SHADES if share >= least)
    return Text(f"{share * 100:.0f}", style=style, justify="right")


def _whole(value: float | None) -> int:
    return round(value or 0.0)


def _bar(share: float | None) -> Text:
    return _bar_of(share or 0.0, _percent(share))


def _bar_of(share: float, label: str) -> Text:
    whole, rest = divmod(round(share * _BAR_WIDTH * 8), 8)
    bar = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return Text(f"{bar.ljust(_BAR_WIDTH)} {label}")
