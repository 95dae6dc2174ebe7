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
# The events of the study, from the letter to the till.
EVENTS = ("campaign_mailed", "coupon_redeemed", "basket", "purchase")
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
    """Revenue of the ten products that sell most, and the households that buy them."""
    product = PropertyRef(scope="event", name="$product_name")
    return TrendQuery(
        period=YEAR,
        interval="month",
        series=(
            TrendSeries(selector=PURCHASE, measure=REVENUE),
            TrendSeries(selector=PURCHASE, measure=People()),
        ),
        breakdowns=(Breakdown(property=product, top_n=10),),
    )


def revenue(interval: Interval) -> TrendQuery:
    """Revenue by month or week, and the baskets of each."""
    return TrendQuery(
        period=YEAR,
        interval=interval,
        series=(TrendSeries(selector=PURCHASE, measure=REVENUE), TrendSeries(selector=BASKET)),
    )


def totals() -> TrendQuery:
    """Events and households of each event name over the year."""
    selectors = [EventSelector(events=(event,)) for event in EVENTS]
    counts = tuple(TrendSeries(selector=each) for each in selectors)
    people = tuple(TrendSeries(selector=each, measure=People()) for each in selectors)
    return TrendQuery(period=YEAR, interval="month", series=(*counts, *people))
