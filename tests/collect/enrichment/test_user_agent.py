from __future__ import annotations

import importlib.resources
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.enrichment.user_agent import describe_user_agent, is_bot

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.34(0x18002234) NetType/WIFI Language/zh_CN"
)
BAIDU = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"


def test_desktop_browser() -> None:
    assert describe_user_agent(WINDOWS) == {
        "$browser": "Chrome",
        "$browser_version": "142.0",
        "$os": "Windows",
        "$os_version": "10",
        "$device_type": "desktop",
        "$is_bot": False,
    }


def test_app_on_a_phone() -> None:
    assert describe_user_agent(WECHAT) == {
        "$browser": "WeChat Browser",
        "$browser_version": "8.0",
        "$os": "iOS",
        "$os_version": "16.4",
        "$device_brand": "Apple",
        "$device_model": "iPhone",
        "$device_type": "mobile",
        "$is_bot": False,
    }


@pytest.mark.parametrize(
    ("user_agent", "device_type"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 Chrome/112.0 Mobile Safari",
            "mobile",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/112.0.0.0 Safari/537.36",
            "tablet",
        ),
        (
            "Mozilla/5.0 (Linux; Android 12; Lenovo TB-J606F) AppleWebKit/537.36 Chrome/99.0 Safari/537.36",
            "tablet",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_4 like Mac OS X) AppleWebKit/605.1.15 Version/16.4 Mobile/15E148",
            "tablet",
        ),
        ("Dalvik/2.1.0 (Linux; U; Android 9; MI 8)", "mobile"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 Version/6.0 TV Safari/538.1", "tv"),
        ("Mozilla/5.0 (Linux; Android 9; MiTV-MOOQ0) AppleWebKit/537.36 Chrome/90.0 Safari/537.36", "tv"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "desktop"),
        (BAIDU, "bot"),
    ],
)
def test_device_types(user_agent: str, device_type: str) -> None:
    assert describe_user_agent(user_agent)["$device_type"] == device_type


@pytest.mark.parametrize("user_agent", ["python-requests/2.31", "okhttp/4.9.3", "curl/8.0", "axios/1.4", ""])
def test_http_libraries_say_nothing_about_the_person_but_are_no_visitors(user_agent: str) -> None:
    assert describe_user_agent(user_agent) == {}
    assert is_bot(user_agent)


@pytest.mark.parametrize(
    "user_agent", [BAIDU, "GPTBot/1.0", "Mozilla/5.0 HeadlessChrome/120.0", "Bytespider"]
)
def test_bots(user_agent: str) -> None:
    assert is_bot(user_agent)
    assert describe_user_agent(user_agent)["$is_bot"] is True


@pytest.mark.parametrize(
    "user_agent", [WINDOWS, WECHAT, "Mozilla/5.0 (Linux; Android 8.1; Cubot X18) Chrome/99.0"]
)
def test_people(user_agent: str) -> None:
    assert not is_bot(user_agent)
    assert describe_user_agent(user_agent)["$is_bot"] is False


def test_missing_user_agent_is_no_person() -> None:
    assert is_bot(None)


def test_every_known_crawler_is_one_for_the_rust_engine() -> None:
    text = importlib.resources.files("crawleruseragents").joinpath("crawler-user-agents.json").read_text()
    instances = [instance for crawler in json.loads(text) for instance in crawler["instances"]]
    assert len(instances) > 1000
    assert [instance for instance in instances if not is_bot(instance)] == []


@given(st.text(max_size=2000))
def test_any_text_is_read(user_agent: str) -> None:
    assert set(describe_user_agent(user_agent)) <= {
        "$browser",
        "$browser_version",
        "$os",
        "$os_version",
        "$device_brand",
        "$device_model",
        "$device_type",
        "$is_bot",
    }
