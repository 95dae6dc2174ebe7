"""The ready boards: what each would like to show, and what of it a project can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bihuan.analytics import Query
from bihuan.analytics.query import Dates, EventSelector, Last, PropertyMeasure, PropertyRef
from bihuan.insights.templates.roles import Cast

Template = Literal["aarrr", "active_users", "commerce", "channels"]
Need = Literal[
    "sign_up",
    "product_view",
    "add_to_cart",
    "order",
    "share",
    "coupon",
    "revenue",
    "product",
    "channel",
    "order_channel",
    "event",
]
Size = Literal["number", "half", "whole"]
SIZES: dict[Size, tuple[int, int]] = {"number": (3, 3), "half": (6, 6), "whole": (12, 7)}


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """In one of them."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Shop:
    """A project as its boards see it: its events, and the time that they tell of.

    ``dates`` is set when nothing has happened lately; then boards show that time.
    """

    cast: Cast
    dates: Dates | None = None

    @property
    def period(self) -> Dates | Last:
        """What the insights look at."""
        return self.dates or Last(count=30)

    @property
    def interval(self) -> Literal["day", "week"]:
        """How finely lines are drawn."""
        return "week" if self.dates is not None and self._days > 120 else "day"

    @property
    def cohorts(self) -> Literal["week", "month"]:
        """How long the units of retention are."""
        return "month" if self.dates is not None and self._days > 200 else "week"

    @property
    def long_period(self) -> Dates | Last:
        """For questions that need some history."""
        return self.dates or Last(count=12, unit="week")

    @property
    def activity(self) -> EventSelector:
        """What shows that somebody is there."""
        return EventSelector(events=self.cast.active)

    def event(self, role: str) -> EventSelector:
        """The event of a role that is there."""
        return EventSelector(events=(self.cast.events[role],))  # type: ignore[index]

    def receipt(self) -> EventSelector:
        """The event of a whole order."""
        return EventSelector(events=(self.cast.receipt or self.cast.events["order"],))

    def sum_of_revenue(self) -> PropertyMeasure:
        """What orders bring."""
        return PropertyMeasure(property=PropertyRef(name=self.cast.revenue or ""), aggregate="sum")

    def has(self, need: Need) -> bool:
        """Whether it has what a tile needs."""
        if need in ("revenue", "product", "channel"):
            return getattr(self.cast, need) is not None
        if need == "order_channel":
            return self.cast.events.get("order") in self.cast.channel_events
        return bool(self.cast.names) if need == "event" else need in self.cast.events

    @property
    def _days(self) -> int:
        return 0 if self.dates is None else (self.dates.to_date - self.dates.from_date).days


@dataclass(frozen=True)
class Spec:
    """A tile that a board would like to have.

    ``labels`` are of the series and formulas of a trend; a single line is called like the tile.
    """

    title: Words
    chart: str
    size: Size
    needs: tuple[Need, ...]
    query: Callable[[Shop], Query]
    labels: tuple[Words, ...] = ()

    def missing(self, shop: Shop) -> list[Need]:
        """What the project lacks for it."""
        return [need for need in (*self.needs, "event") if not shop.has(need)]


@dataclass(frozen=True)
class Board:
    """A ready board."""

    template: Template
    name: Words
    description: Words
    tiles: Sequence[Spec]


NEEDS: dict[Need, Words] = {
    "sign_up": Words("an event like a sign-up", "类似“注册”的事件"),
    "product_view": Words("an event like a product view", "类似“浏览商品”的事件"),
    "add_to_cart": Words("an event like adding to the cart", "类似“加入购物车”的事件"),
    "order": Words("an event like an order or a payment", "类似“下单”或“支付”的事件"),
    "share": Words("an event like sharing or inviting", "类似“分享”或“邀请”的事件"),
    "coupon": Words("an event like a coupon being used", "类似“使用优惠券”的事件"),
    "revenue": Words("orders with an amount ($revenue)", "带金额属性（$revenue）的订单"),
    "product": Words("orders with a product ($product_name)", "带商品属性（$product_name）的订单"),
    "channel": Words(
        "events with a channel ($channel, $utm_source)", "带渠道属性（$channel、$utm_source）的事件"
    ),
    "order_channel": Words("orders with a channel", "带渠道属性的订单"),
    "event": Words("any event", "任何事件"),
}


def dates(first: date, last: date) -> Dates:
    """A period of whole days."""
    return Dates(from_date=first, to_date=last)
