"""Templates for new people: acquire, activate, refer."""

from __future__ import annotations

from bihuan.campaigns.plan.schemas import Offer
from bihuan.campaigns.templates.template import (
    BOUGHT,
    CAME,
    CHECKED_IN,
    INVITED,
    SIGNED_UP,
    USUAL,
    Template,
    at,
    but,
    buying,
    did,
    doing,
    ever,
    said,
)

GROWING = (
    Template(
        key="acquire",
        name=said("拉新注册", "Turn visitors into members"),
        why=said(
            "把来过但没注册的访客变成会员；对照组告诉你其中多少人本来就会注册。",
            "Visitors who never signed up become members; the holdout shows who would have anyway.",
        ),
        lever="acquire",
        audience=but(did(CAME, 30), never=ever(SIGNED_UP)),
        audience_words=said("近 30 天来访且从未注册", "Came in the last 30 days, never signed up"),
        outcome=doing(SIGNED_UP, 14),
        effect=0.02,
        days=14,
        offer=Offer(kind="coupon", words="新人券 / New member coupon"),
        steps={"main": 0, "reminder": 4_320},
        drafts={
            "main": said("注册即领新人礼，3 步完成。", "Sign up in three steps and get a welcome gift."),
            "reminder": said(
                "新人礼还为你留着，3 天后失效。", "Your welcome gift is kept for three more days."
            ),
        },
        timeline=[at(0, "首发", "First message"), at(3, "提醒", "Reminder"), at(14, "复盘", "Review")],
        tasks=[*USUAL, at(-4, "检查注册流程的每一步", "Walk through every step of signing up")],
    ),
    Template(
        key="first_purchase",
        name=said("首单转化", "First purchase"),
        why=said(
            "注册 7 天内没下单的人最容易流失：给一个低门槛的首单理由。",
            "Whoever has not bought within a week of signing up is easily lost: give a small reason to try.",
        ),
        lever="convert",
        audience=but(did(SIGNED_UP, 30), never=ever(BOUGHT)),
        audience_words=said("近 30 天注册、从未下单", "Signed up in the last 30 days, never bought"),
        outcome=buying(14),
        effect=0.03,
        days=14,
        offer=Offer(kind="coupon", words="首单立减 / Money off the first order"),
        steps={"main": 0, "proof": 2_880, "last_call": 8_640},
        drafts={
            "main": said(
                "{{ person.name }}，首单立减券已到账。",
                "{{ person.name }}, money off your first order is here.",
            ),
            "proof": said("看看和你一样的新朋友都买了什么。", "See what others who just joined bought."),
            "last_call": said("首单券明天到期。", "Your first-order coupon ends tomorrow."),
        },
        timeline=[at(0, "发券", "Coupon"), at(2, "口碑", "Proof"), at(6, "到期提醒", "Last call")],
        tasks=[*USUAL, at(-4, "设置首单券的库存与有效期", "Set stock and validity of the coupon")],
    ),
    Template(
        key="check_in",
        name=said("签到促活", "Daily check-in"),
        why=said(
            "用连续签到让低频用户每天回来；看留存而不只看签到人数。",
            "A streak brings people back daily; judge it by retention, not by check-ins alone.",
        ),
        lever="activate",
        audience=but(did(CAME, 30), never=did(CAME, 7, 4)),
        audience_words=said("近 30 天来过、近 7 天少于 4 次", "Came within 30 days, fewer than 4 times in 7"),
        outcome=doing(CHECKED_IN, 7),
        effect=0.05,
        days=21,
        offer=Offer(kind="points", words="连续签到积分翻倍 / Points double on a streak"),
        steps={"main": 0, "streak": 4_320},
        drafts={
            "main": said(
                "今天签到领积分，连续 7 天翻倍。", "Check in today; points double after seven days."
            ),
            "streak": said(
                "别断签，再坚持几天就能翻倍。", "Keep the streak: a few days more and points double."
            ),
        },
        timeline=[at(0, "上线", "Launch"), at(7, "首轮奖励", "First reward"), at(21, "收尾", "End")],
        tasks=[*USUAL, at(-4, "确认签到规则与补签规则", "Settle the rules of streaks and missed days")],
    ),
    Template(
        key="referral",
        name=said("老带新", "Members bring friends"),
        why=said(
            "请满意的老用户邀请朋友；奖励在好友首单后发放，防止刷量。",
            "Ask content customers to invite; reward after the friend's first order, so nobody farms it.",
        ),
        lever="refer",
        audience=did(BOUGHT, 90, 2),
        audience_words=said("近 90 天购买 2 次以上", "Bought twice or more in 90 days"),
        outcome=doing(INVITED, 14),
        effect=0.03,
        days=30,
        offer=Offer(kind="coupon", words="双方各得一张券 / A coupon for both"),
        steps={"main": 0, "reminder": 10_080},
        drafts={
            "main": said("邀请好友，你们各得一张券。", "Invite a friend: a coupon for each of you."),
            "reminder": said("还差一位好友就能领奖。", "One more friend and the reward is yours."),
        },
        timeline=[at(0, "上线", "Launch"), at(7, "提醒", "Reminder"), at(30, "结算", "Settle rewards")],
        tasks=[*USUAL, at(-4, "设定防刷规则", "Set the rules against abuse")],
    ),
    Template(
        key="feature",
        name=said("新功能体验", "Try a new feature"),
        why=said(
            "请活跃用户先试用新功能；目标是使用，不是打开率。",
            "Active people try it first; the goal is use, not opens.",
        ),
        lever="activate",
        audience=did(CAME, 14, 3),
        audience_words=said("近 14 天来过 3 次以上", "Came three times or more in 14 days"),
        outcome=doing("Feature Used", 7),
        effect=0.04,
        days=10,
        steps={"main": 0},
        drafts={"main": said("新功能上线，30 秒上手。", "Something new: half a minute to try.")},
        timeline=[at(0, "通知", "Announce"), at(7, "收集反馈", "Collect feedback")],
        tasks=[*USUAL, at(-4, "确认新功能的埋点", "Check that use of the feature is tracked")],
    ),
)
