"""What features are called."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """In both languages."""

    en: str
    zh: str


_NAMES = {
    "days_since_last": Words("Days since last active", "距上次活跃天数"),
    "times_7": Words("Active events in 7 days", "近 7 天活跃次数"),
    "times_30": Words("Active events in 30 days", "近 30 天活跃次数"),
    "times_90": Words("Active events in 90 days", "近 90 天活跃次数"),
    "active_days_7": Words("Active days in 7 days", "近 7 天活跃天数"),
    "active_days_30": Words("Active days in 30 days", "近 30 天活跃天数"),
    "active_days_90": Words("Active days in 90 days", "近 90 天活跃天数"),
    "active_days": Words("Active days in a year", "近一年活跃天数"),
    "tenure_days": Words("Days since first active", "距首次活跃天数"),
    "trend": Words("Trend: last 15 days to the 15 before", "活跃趋势（近 15 天比前 15 天）"),
    "gap_mean": Words("Mean days between active days", "平均活跃间隔天数"),
    "gap_variance": Words("Variance of days between active days", "活跃间隔的方差"),
    "overdue": Words("Days away in usual gaps", "当前间隔与平均间隔之比"),
    "event_kinds_30": Words("Different events in 30 days", "近 30 天使用的事件种类"),
    "purchases_90": Words("Purchases in 90 days", "近 90 天购买次数"),
    "purchases": Words("Purchases in a year", "近一年购买次数"),
    "days_since_purchase": Words("Days since last purchase", "距上次购买天数"),
    "revenue_30": Words("Spent in 30 days", "近 30 天消费金额"),
    "revenue_90": Words("Spent in 90 days", "近 90 天消费金额"),
    "revenue": Words("Spent in a year", "近一年消费金额"),
}
_SHARE = "share:"
PERSON = "person:"


def words_of(feature: str) -> Words:
    """What a feature is called; properties by their own name."""
    if feature.startswith(_SHARE):
        event = feature.removeprefix(_SHARE)
        return Words(f"Share of {event} in 90 days", f"近 90 天「{event}」占比")
    if feature.startswith(PERSON):
        return Words(property_of(feature), property_of(feature))
    return _NAMES.get(feature, Words(feature, feature))


def property_of(feature: str) -> str:
    """The name of the property that a feature is, if it is one."""
    return feature.removeprefix(PERSON)
