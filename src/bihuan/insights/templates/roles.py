"""Which of a project's events plays which part: found by its name, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["page_view", "sign_up", "product_view", "add_to_cart", "order", "share", "coupon", "reach"]

# Of each role the first expression that any event meets decides; of several such events the most frequent.
# Names are lower case, in words: "Order Completed", "orderCompleted" and "order_completed" are the same.
_PATTERNS: dict[Role, tuple[str, ...]] = {
    "page_view": (
        r"^(page ?view|page viewed|screen|screen view|screen viewed)$",
        r"^(page|pages|view|visit)$",
        r"页面浏览|浏览页面|访问页面|页面访问",
    ),
    "sign_up": (
        r"^(sign ?up|signed up|sign up completed|register|registered|registration|registration completed"
        r"|account created|user created|user registered)$",
        r"注册成功|完成注册|^注册$",
        r"\b(sign ?up|signed up|regist(er|ered|ration))\b|注册|开户",
    ),
    "product_view": (
        r"^(product|item|goods|sku)s? (detail )?(view|viewed)$|^view(ed)? (a )?(product|item|goods)$",
        r"浏览商品|商品浏览|商品详情|查看商品",
    ),
    "add_to_cart": (r"add(ed)? to (cart|basket)|^product added$|^cart add$|加入购物车|加购",),
    "order": (
        r"^(order|purchase|payment|checkout) (completed?|paid|success|succeeded|finished)$|^paid$",
        r"^(purchase|purchased|payment|pay|buy|bought|order|ordered|transaction|basket)$",
        r"支付成功|付款成功|完成支付|支付完成|订单支付|支付订单|订单完成",
        r"下单|支付|付款|购买|成交",
        r"\b(purchase|order|payment)\b",
    ),
    "share": (r"\b(share|shared|invite|invited|invitation|refer|referred|referral)\b|分享|邀请|转发|裂变",),
    "coupon": (r"coupon (redeemed|used|applied)|(redeem|use)(ed)? coupon|用券|核销|使用优惠券",),
    "reach": (
        r"\b(campaign|message|mail|email|sms|push|notification)\b.*\b(mailed|sent|delivered|send)\b",
        r"触达|推送|短信发送|消息发送",
    ),
}
# What only looks like an order.
_NO_ORDER = re.compile(
    r"\b(cancel|cancelled|canceled|refund|refunded|fail|failed|view|viewed|update|updated|start|started"
    r"|created|submitted)\b|退款|取消|失败|查看|浏览|提交"
)
# By how well each says where people come from.
_CHANNELS = (
    "$channel",
    "$utm_source",
    "channel",
    "渠道",
    "utm_source",
    "$referrer_domain",
    "$utm_medium",
    "$utm_campaign",
    "campaign_type",
    "source",
    "campaign",
)
_PRODUCTS = ("$product_name", "$product_id", "product_name", "商品名称", "product", "$category", "category")
_REVENUES = (
    "$revenue",
    "revenue",
    "amount",
    "total",
    "order_amount",
    "price",
    "金额",
    "订单金额",
    "支付金额",
)
_ORDER_IDS = ("$order_id", "order_id", "orderId", "订单号", "订单编号")


@dataclass(frozen=True)
class SeenEvent:
    """An event as the catalog knows it: its count, and how many had each property."""

    name: str
    count: int
    properties: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Cast:
    """Who plays what: an event for each role that was found, and the properties that matter.

    ``revenue``, ``order_id`` and ``product`` are properties of the order; ``channel`` of any event. Where an
    order is an event for each line of it, ``receipt`` is the one event of the whole.
    """

    events: Mapping[Role, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    channel: str | None = None
    channel_events: tuple[str, ...] = ()
    revenue: str | None = None
    order_id: str | None = None
    product: str | None = None
    receipt: str | None = None

    @property
    def active(self) -> tuple[str, ...]:
        """The events that show that somebody is there: all, or all that are not done to them."""
        reach = self.events.get("reach")
        return () if reach is None else tuple(name for name in self.names if name != reach)


def cast_of(events: Sequence[SeenEvent]) -> Cast:
    """Look for every role among the events, most frequent first."""
    seen = sorted((each for each in events if each.count), key=lambda each: (-each.count, each.name))
    found = {role: _find(role, seen) for role in _PATTERNS}
    order = found["order"]
    channel = next((name for name in _CHANNELS if any(each.properties.get(name) for each in seen)), None)
    return Cast(
        events={role: event.name for role, event in found.items() if event is not None},
        names=tuple(each.name for each in seen[:500]),
        channel=channel,
        channel_events=tuple(each.name for each in seen[:500] if channel and each.properties.get(channel)),
        revenue=_property(order, _REVENUES),
        order_id=_property(order, _ORDER_IDS),
        product=_property(order, _PRODUCTS),
        receipt=_receipt(order, seen),
    )


def words_of(name: str) -> str:
    """A name in lower-case words."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\s_.:/$-]+", " ", parted).strip().lower()


def _receipt(order: SeenEvent | None, seen: Sequence[SeenEvent]) -> str | None:
    if order is None or _property(order, _ORDER_IDS) is None:
        return None
    patterns = _PATTERNS["order"]
    whole = [
        each.name
        for each in seen
        if each.count < order.count
        and _property(each, _ORDER_IDS) is not None
        and any(re.search(pattern, words_of(each.name)) for pattern in patterns)
        and not _NO_ORDER.search(words_of(each.name))
    ]
    return whole[0] if whole else None


def _find(role: Role, seen: Sequence[SeenEvent]) -> SeenEvent | None:
    for pattern in _PATTERNS[role]:
        matching = [each for each in seen if re.search(pattern, words_of(each.name))]
        if role == "order":
            matching = [each for each in matching if not _NO_ORDER.search(words_of(each.name))]
            paid = [each for each in matching if _property(each, _REVENUES) is not None]
            matching = paid or matching
        if matching:
            return matching[0]
    return None


def _property(event: SeenEvent | None, names: Sequence[str]) -> str | None:
    if event is None:
        return None
    # One of a few rows would make a figure of a few rows.
    return next((name for name in names if event.properties.get(name, 0) * 2 >= event.count), None)
