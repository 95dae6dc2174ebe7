from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.enrichment.referrer import describe_source, referrer_domain, site_kind


@pytest.mark.parametrize(
    ("referrer", "domain", "channel"),
    [
        ("https://www.baidu.com/s?wd=tea", "baidu.com", "search"),
        ("https://m.baidu.com/", "m.baidu.com", "search"),
        ("https://tieba.baidu.com/p/1", "tieba.baidu.com", "social"),
        ("https://www.sogou.com/web", "sogou.com", "search"),
        ("https://www.so.com/s", "so.com", "search"),
        ("https://so.toutiao.com/search", "so.toutiao.com", "search"),
        ("https://www.toutiao.com/a1", "toutiao.com", "social"),
        ("https://www.google.com.hk/", "google.com.hk", "search"),
        ("https://google.de/", "google.de", "search"),
        ("https://mail.google.com/", "mail.google.com", "mail"),
        ("https://mail.qq.com/", "mail.qq.com", "mail"),
        ("https://mp.weixin.qq.com/s/1", "mp.weixin.qq.com", "social"),
        ("https://servicewechat.com/wx1/1/page-frame.html", "servicewechat.com", "social"),
        ("https://weibo.com/", "weibo.com", "social"),
        ("https://www.zhihu.com/question/1", "zhihu.com", "social"),
        ("https://www.douyin.com/", "douyin.com", "social"),
        ("https://www.xiaohongshu.com/", "xiaohongshu.com", "social"),
        ("https://www.bilibili.com/video/1", "bilibili.com", "social"),
        ("android-app://com.tencent.mm/", "com.tencent.mm", "social"),
        ("android-app://com.google.android.gm/", "com.google.android.gm", "mail"),
        ("https://t.co/x", "t.co", "social"),
        ("https://partner.example/", "partner.example", "referral"),
        ("https://notbaidu.com/", "notbaidu.com", "referral"),
        ("https://google.evil-example.com/", "google.evil-example.com", "referral"),
    ],
)
def test_referring_sites(referrer: str, domain: str, channel: str) -> None:
    assert describe_source(referrer, "shop.example.com") == {"$referrer_domain": domain, "$channel": channel}


@pytest.mark.parametrize(
    ("source", "medium", "click_id", "channel"),
    [
        ("", "", "", "direct"),
        ("baidu", "cpc", "", "paid"),
        ("weixin", "paid_social", "", "paid"),
        ("weixin", "Wechat Ads", "", "paid"),
        ("x", "信息流", "", "paid"),
        ("", "", "bd_vid:1", "paid"),
        ("", "", "fbclid:1", "referral"),
        ("newsletter", "email", "", "mail"),
        ("weibo", "social", "", "social"),
        ("google", "organic", "", "search"),
        ("partner", "affiliate", "", "referral"),
        ("小红书", "", "", "social"),
        ("baidu", "", "", "search"),
        ("zhihu.com", "", "", "social"),
        ("poster", "qrcode", "", "referral"),
    ],
)
def test_tagged_links_without_referrer(source: str, medium: str, click_id: str, channel: str) -> None:
    assert describe_source("", "shop.example.com", source, medium, click_id) == {"$channel": channel}


def test_what_the_link_says_comes_before_where_it_stood() -> None:
    found = describe_source("https://www.baidu.com/", "shop.example.com", "x", "cpc")
    assert found == {"$referrer_domain": "baidu.com", "$channel": "paid"}
    unknown_medium = describe_source("https://weibo.com/", "shop.example.com", "x", "kol")
    assert unknown_medium == {"$referrer_domain": "weibo.com", "$channel": "social"}


@pytest.mark.parametrize(
    "referrer", ["https://shop.example.com/a", "https://www.shop.example.com/", "https://example.com/"]
)
def test_moving_within_the_site_is_no_arrival(referrer: str) -> None:
    assert describe_source(referrer, "shop.example.com") == {}
    assert describe_source(referrer, "shop.example.com", "weibo", "social") == {"$channel": "social"}


@pytest.mark.parametrize(
    ("referrer", "domain"), [("baidu.com/s", "baidu.com"), ("$direct", ""), ("https://[x", "")]
)
def test_referrers_without_scheme_and_unreadable_ones(referrer: str, domain: str) -> None:
    assert referrer_domain(referrer) == domain


def test_unknown_site_has_no_kind() -> None:
    assert site_kind("example.com") is None
    assert site_kind("") is None


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_text_has_a_channel_or_none(referrer: str, host: str, source: str, medium: str) -> None:
    for each in (referrer, f"https://{referrer}"):
        channel = describe_source(each, host, source, medium).get("$channel", "direct")
        assert channel in {"search", "social", "mail", "paid", "referral", "direct"}
