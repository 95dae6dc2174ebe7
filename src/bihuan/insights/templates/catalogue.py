"""The tiles of the ready boards."""

from __future__ import annotations

from typing import Any

from bihuan.analytics.adoption import AdoptionQuery
from bihuan.analytics.cohort_value import CohortValueQuery
from bihuan.analytics.distribution import DistributionQuery
from bihuan.analytics.funnel import FunnelBreakdown, FunnelQuery, FunnelStep
from bihuan.analytics.intervals import IntervalsQuery
from bihuan.analytics.lifecycle import LifecycleQuery
from bihuan.analytics.query import (
    Breakdown,
    Count,
    EventSelector,
    FirstEver,
    Measure,
    People,
    PropertyMeasure,
    PropertyRef,
)
from bihuan.analytics.retention import On, RetentionQuery
from bihuan.analytics.stickiness import StickinessQuery
from bihuan.analytics.trend import Formula, TrendQuery, TrendSeries
from bihuan.insights.templates.boards import Board, Shop, Spec, Words


def _lines(shop: Shop, *series: tuple[EventSelector, Measure], **more: Any) -> TrendQuery:
    made = tuple(TrendSeries(selector=selector, measure=measure) for selector, measure in series)
    return TrendQuery(period=shop.period, interval=shop.interval, series=made, **more)


def _by_channel(shop: Shop) -> tuple[Breakdown, ...]:
    return (Breakdown(property=PropertyRef(name=shop.cast.channel or ""), top_n=10),)


def _new_people(shop: Shop) -> TrendQuery:
    return _lines(shop, (shop.activity, FirstEver()))


def _active(shop: Shop) -> TrendQuery:
    return _lines(shop, (shop.activity, People()))


def _active_by(unit: str) -> Any:
    def query(shop: Shop) -> TrendQuery:
        series = (TrendSeries(selector=shop.activity, measure=People()),)
        return TrendQuery(period=shop.long_period, interval=unit, series=series)  # type: ignore[arg-type]

    return query


def _retention(shop: Shop) -> RetentionQuery:
    active = shop.activity
    ages = 11 if shop.cohorts == "month" else 8
    return RetentionQuery(
        period=shop.long_period, start=active, back=active, interval=shop.cohorts, returning=On(ages=ages)
    )


def _order_funnel(shop: Shop) -> FunnelQuery:
    found = [role for role in ("sign_up", "product_view", "add_to_cart", "order") if role in shop.cast.events]
    first = ["page_view"] if "page_view" in shop.cast.events else []
    steps = [FunnelStep(selector=shop.event(role)) for role in [*first, *found]]
    if len(steps) < 2:
        steps.insert(0, FunnelStep(selector=_before_order(shop)))
    return FunnelQuery(period=shop.period, steps=tuple(steps))


def _before_order(shop: Shop) -> EventSelector:
    """What comes before an order where no role does: a message that was received, or anything else."""
    reach = shop.cast.events.get("reach")
    others = tuple(name for name in shop.cast.names if name != shop.cast.events["order"])
    return EventSelector(events=(reach,) if reach else others)


def _orders(shop: Shop) -> TrendQuery:
    return _lines(shop, (shop.event("order"), _count_of_orders(shop)))


def _count_of_orders(shop: Shop) -> Measure:
    # An event for each line of a receipt is not an order each.
    if shop.cast.order_id is None:
        return Count()
    return PropertyMeasure(property=PropertyRef(name=shop.cast.order_id), aggregate="distinct")


def _revenue(shop: Shop) -> TrendQuery:
    return _lines(shop, (shop.event("order"), shop.sum_of_revenue()))


def _order_value(shop: Shop) -> TrendQuery:
    order = shop.event("order")
    value = Formula(expression="A / B")
    return _lines(shop, (order, shop.sum_of_revenue()), (order, _count_of_orders(shop)), formulas=(value,))


def _products(shop: Shop) -> TrendQuery:
    split = (Breakdown(property=PropertyRef(name=shop.cast.product or ""), top_n=10),)
    revenue = TrendSeries(selector=shop.event("order"), measure=shop.sum_of_revenue())
    # Only totals are shown, for which months do as well as days.
    return TrendQuery(period=shop.period, interval="month", series=(revenue,), breakdowns=split)


def _value_of_cohorts(shop: Shop) -> CohortValueQuery:
    order = shop.event("order")
    value = PropertyRef(name=shop.cast.revenue or "")
    return CohortValueQuery(
        period=shop.long_period, start=order, paying=order, value=value, interval=shop.cohorts, ages=11
    )


def _channel_events(shop: Shop) -> EventSelector:
    return EventSelector(events=shop.cast.channel_events)


def _channel_funnel(shop: Shop) -> FunnelQuery:
    others = tuple(name for name in shop.cast.channel_events if name != shop.cast.events["order"])
    steps = (
        FunnelStep(selector=EventSelector(events=others) if others else _before_order(shop)),
        FunnelStep(selector=shop.event("order")),
    )
    split = FunnelBreakdown(property=PropertyRef(name=shop.cast.channel or ""), touch="step", step=1)
    return FunnelQuery(period=shop.period, steps=steps, breakdown=split)


def _channel_retention(shop: Shop) -> RetentionQuery:
    return RetentionQuery(
        period=shop.long_period,
        start=_channel_events(shop),
        back=shop.activity,
        interval=shop.cohorts,
        returning=On(ages=8),
        breakdowns=_by_channel(shop),
    )


NEW_PEOPLE = Spec(Words("New people", "新增用户"), "line", "half", (), _new_people)
ACTIVE = Spec(Words("Active people", "活跃用户"), "line", "half", (), _active)
RETAINED = Spec(Words("Retention", "留存"), "retention", "whole", (), _retention)
REVENUE = Spec(Words("Revenue", "成交金额"), "area", "half", ("order", "revenue"), _revenue)
LIFECYCLE = Spec(
    Words("Lifecycle", "用户生命周期"),
    "stacked",
    "half",
    (),
    lambda shop: LifecycleQuery(period=shop.period, interval=shop.interval, active=shop.activity),
)
STICKINESS = Spec(
    Words("Days of activity", "活跃天数分布"),
    "bar",
    "half",
    (),
    lambda shop: StickinessQuery(
        period=shop.period,
        interval="week" if shop.interval == "week" else "day",
        active=shop.activity,
    ),
)
FUNNEL = Spec(Words("Way to the order", "转化漏斗"), "funnel", "half", ("order",), _order_funnel)
NEW_BY_CHANNEL = Spec(
    Words("New people by channel", "新增用户（按渠道）"),
    "stacked",
    "half",
    ("channel",),
    lambda shop: _lines(shop, (_channel_events(shop), FirstEver()), breakdowns=_by_channel(shop)),
)

BOARDS: tuple[Board, ...] = (
    Board(
        "aarrr",
        Words("AARRR: acquire, activate, retain, convert, refer", "AARRR：拉新-促活-留存-转化-传播"),
        Words("The whole way of a person on one board.", "在一个看板上看完整的用户增长路径。"),
        (
            NEW_PEOPLE,
            NEW_BY_CHANNEL,
            Spec(
                Words("Sign-ups", "注册用户"),
                "line",
                "half",
                ("sign_up",),
                lambda shop: _lines(shop, (shop.event("sign_up"), People())),
            ),
            ACTIVE,
            STICKINESS,
            RETAINED,
            FUNNEL,
            REVENUE,
            Spec(
                Words("People who share", "分享用户"),
                "line",
                "half",
                ("share",),
                lambda shop: _lines(shop, (shop.event("share"), People())),
            ),
            Spec(
                Words("Shares of each who shares", "人均分享次数"),
                "number",
                "number",
                ("share",),
                lambda shop: TrendQuery(
                    period=shop.period,
                    interval=shop.interval,
                    series=(
                        TrendSeries(selector=shop.event("share")),
                        TrendSeries(selector=shop.event("share"), measure=People()),
                    ),
                    formulas=(Formula(expression="A / B"),),
                ),
                (Words("Shares", "分享次数"), Words("People", "分享用户"), Words("Each", "人均分享次数")),
            ),
        ),
    ),
    Board(
        "active_users",
        Words("Active users", "用户活跃"),
        Words("How many come, how often, and who comes back.", "多少人来、多久来一次、谁会回来。"),
        (
            Spec(Words("Active by day", "日活跃用户 (DAU)"), "line", "half", (), _active_by("day")),
            Spec(Words("Active by week", "周活跃用户 (WAU)"), "line", "half", (), _active_by("week")),
            Spec(Words("Active by month", "月活跃用户 (MAU)"), "bar", "half", (), _active_by("month")),
            LIFECYCLE,
            STICKINESS,
            RETAINED,
            Spec(
                Words("What people use", "功能使用情况"),
                "table",
                "whole",
                (),
                lambda shop: AdoptionQuery(period=shop.period, among=shop.activity),
            ),
        ),
    ),
    Board(
        "commerce",
        Words("Commerce", "电商成交"),
        Words("Revenue, orders, buyers, and what they come back for.", "成交金额、订单、买家与复购。"),
        (
            REVENUE,
            Spec(Words("Orders", "订单数"), "line", "half", ("order",), _orders),
            Spec(
                Words("Buyers", "购买用户"),
                "line",
                "half",
                ("order",),
                lambda shop: _lines(
                    shop, (shop.event("order"), People()), (shop.event("order"), FirstEver())
                ),
                (Words("Buyers", "购买用户"), Words("First-time buyers", "首次购买用户")),
            ),
            Spec(
                Words("Value of an order", "客单价"),
                "line",
                "half",
                ("order", "revenue"),
                _order_value,
                (
                    Words("Revenue", "成交金额"),
                    Words("Orders", "订单数"),
                    Words("Value of an order", "客单价"),
                ),
            ),
            FUNNEL,
            Spec(
                Words("Best products", "热销商品"),
                "ranking",
                "half",
                ("order", "revenue", "product"),
                _products,
            ),
            Spec(
                Words("Orders of each buyer", "购买频次"),
                "histogram",
                "half",
                ("order",),
                lambda shop: DistributionQuery(
                    period=shop.period, selector=shop.event("order"), measure="days"
                ),
            ),
            Spec(
                Words("Time to the next order", "复购间隔"),
                "histogram",
                "half",
                ("order",),
                lambda shop: IntervalsQuery(
                    period=shop.long_period, start=shop.receipt(), end=shop.receipt()
                ),
            ),
            Spec(
                Words("Value of buyers over time", "用户价值 (LTV)"),
                "line",
                "whole",
                ("order", "revenue"),
                _value_of_cohorts,
            ),
            Spec(
                Words("Coupons used", "优惠券使用"),
                "line",
                "half",
                ("coupon",),
                lambda shop: _lines(shop, (shop.event("coupon"), Count()), (shop.event("coupon"), People())),
                (Words("Coupons", "优惠券"), Words("People", "用户")),
            ),
        ),
    ),
    Board(
        "channels",
        Words("Channels", "渠道"),
        Words("Where people come from, and what becomes of them.", "用户从哪里来，来了之后怎么样。"),
        (
            Spec(
                Words("People by channel", "用户（按渠道）"),
                "stacked",
                "half",
                ("channel",),
                lambda shop: _lines(shop, (_channel_events(shop), People()), breakdowns=_by_channel(shop)),
            ),
            NEW_BY_CHANNEL,
            Spec(
                Words("Share of each channel", "渠道占比"),
                "pie",
                "half",
                ("channel",),
                lambda shop: _lines(shop, (_channel_events(shop), Count()), breakdowns=_by_channel(shop)),
            ),
            Spec(
                Words("Orders of each channel's people", "渠道转化"),
                "funnel",
                "half",
                ("channel", "order"),
                _channel_funnel,
            ),
            Spec(
                Words("Revenue by channel", "成交金额（按渠道）"),
                "bar",
                "half",
                ("channel", "order", "revenue", "order_channel"),
                lambda shop: _lines(
                    shop, (shop.event("order"), shop.sum_of_revenue()), breakdowns=_by_channel(shop)
                ),
            ),
            Spec(
                Words("Retention by channel", "留存（按渠道）"),
                "retention",
                "whole",
                ("channel",),
                _channel_retention,
            ),
        ),
    ),
)
