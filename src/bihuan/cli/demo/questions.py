"""What a newcomer would ask of the study, as query values."""

from __future__ import annotations

from datetime import date

from bihuan.analytics.funnel.query import FunnelBreakdown, FunnelQuery, FunnelStep, FunnelWindow
from bihuan.analytics.lifecycle.query import LifecycleQuery
from bihuan.analytics.query import (
    Breakdown,
    Dates,
    EventSelector,
    Interval,
    People,
    PropertyMeasure,
    PropertyRef,
)
from bihuan.analytics.retention.query import On, RetentionQuery
from bihuan.analytics.trend.query import TrendQuery, TrendSeries

# The study ends in the night after its last day.
YEAR = Dates(from_date=date(2017, 1, 1), to_date=date(2017, 12, 31))
BASKET = EventSelector(events=("basket",))
PURCHASE = EventSelector(events=("purchase",))
MAILED = EventSelector(events=("campaign_mailed",))
REDEEMED = EventSelector(events=("coupon_redeemed",))
REVENUE = PropertyMeasure(property=PropertyRef(scope="event", name="$revenue"), aggregate="sum")


def active_people(interval: Interval) -> TrendQuery:
    """Households that bought, by day, week or month."""
    return TrendQuery(
        period=YEAR, interval=interval, series=(TrendSeries(selector=BASKET, measure=People()),)
    )


def campaign_funnel() -> FunnelQuery:
    """Mailed, then redeemed, then bought again, within 60 days, by type of campaign."""
    return FunnelQuery(
        period=YEAR,
        steps=(FunnelStep(selector=MAILED), FunnelStep(selector=REDEEMED), FunnelStep(selector=BASKET)),
        window=FunnelWindow(count=60, unit="day"),
        breakdown=FunnelBreakdown(
            property=PropertyRef(scope="event", name="campaign_type"), touch="step", step=1
        ),
    )


def monthly_retention() -> RetentionQuery:
    """Households by the month of their first basket, and the months in which they came back."""
    return RetentionQuery(period=YEAR, start=BASKET, back=BASKET, interval="month", returning=On(ages=11))


def lifecycle() -> LifecycleQuery:
    """New, returning, resurrected and dormant households by month."""
    return LifecycleQuery(period=YEAR, interval="month", active=BASKET)


def top_products() -> TrendQuery:
    """Revenue of the ten categories that sell most."""
    category = PropertyRef(scope="event", name="$category")
    return TrendQuery(
        period=YEAR,
        interval="month",
        series=(TrendSeries(selector=PURCHASE, measure=REVENUE),),
        breakdowns=(Breakdown(property=category, top_n=10),),
    )


def revenue() -> TrendQuery:
    """Revenue by week, with a four-week average."""
    return TrendQuery(
        period=YEAR,
        interval="week",
        series=(TrendSeries(selector=PURCHASE, measure=REVENUE),),
        moving_average=4,
    )
