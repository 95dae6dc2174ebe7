from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.enrichment.utm import describe_url, is_paid_click


def test_host_path_and_campaign() -> None:
    url = "https://www.Shop.example.com:8443/goods/茶?utm_source=weibo&utm_medium=social&utm_campaign=%E6%98%A5&x=1#top"
    assert describe_url(url) == {
        "$host": "shop.example.com",
        "$path": "/goods/茶",
        "$utm_source": "weibo",
        "$utm_medium": "social",
        "$utm_campaign": "春",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example", {"$host": "a.example", "$path": "/"}),
        ("/goods?utm_term=tea", {"$path": "/goods", "$utm_term": "tea"}),
        ("app://localhost/login", {"$host": "localhost", "$path": "/login"}),
        ("https://a.example/?hmsr=toutiao&pk_campaign=c", {"$utm_source": "toutiao", "$utm_campaign": "c"}),
        ("https://a.example/?utm_source=&utm_medium=cpc", {"$utm_medium": "cpc"}),
        ("https://a.example/?utm_source=a&utm_source=b", {"$utm_source": "a"}),
        ("https://a.example/?fbclid=f&gclid=g", {"$click_id": "gclid:g"}),
        ("https://a.example/?gclid=g&fbclid=f", {"$click_id": "gclid:g"}),
        ("https://a.example/?bd_vid=1", {"$click_id": "bd_vid:1"}),
    ],
)
def test_urls(url: str, expected: dict[str, str]) -> None:
    found = describe_url(url)
    assert expected.items() <= found.items()
    assert set(found) - set(expected) <= {"$host", "$path"}


@pytest.mark.parametrize(
    "url", ["", "https://[bad/", "mailto:a@b.example", "https://a.example/" + "x" * 9000]
)
def test_unreadable_urls_give_nothing(url: str) -> None:
    assert describe_url(url) == {}


def test_paid_clicks() -> None:
    assert is_paid_click("gclid:1")
    assert not is_paid_click("fbclid:1")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for url in (text, "https://" + text, "https://a.example/?" + text):
        assert all(isinstance(value, str) for value in describe_url(url).values())
