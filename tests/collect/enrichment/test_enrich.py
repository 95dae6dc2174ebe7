from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from bihuan.collect.enrichment import EnrichmentSettings, GeoDatabase, enrich
from bihuan.kernel.vocabulary import STANDARD

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
NONE = EnrichmentSettings()


def _enriched(properties: dict[str, Any], **options: Any) -> dict[str, Any]:
    enrich(
        properties,
        user_agent=options.get("user_agent"),
        ip=options.get("ip"),
        settings=options.get("settings", NONE),
    )
    return properties


def test_page_and_device() -> None:
    properties = {
        "$url": "https://shop.example.com/a?utm_source=weibo",
        "$referrer": "https://weibo.com/1",
        "n": 1,
    }
    assert _enriched(properties, user_agent=BROWSER) == {
        "$url": "https://shop.example.com/a?utm_source=weibo",
        "$referrer": "https://weibo.com/1",
        "n": 1,
        "$host": "shop.example.com",
        "$path": "/a",
        "$utm_source": "weibo",
        "$referrer_domain": "weibo.com",
        "$channel": "social",
        "$browser": "Chrome",
        "$browser_version": "142.0",
        "$os": "Windows",
        "$os_version": "10",
        "$device_type": "desktop",
        "$is_bot": False,
    }


def test_what_the_sender_said_stays_and_decides_the_channel() -> None:
    own = {
        "$url": "https://a.example/?utm_medium=email",
        "$utm_medium": "cpc",
        "$os": "HarmonyOS",
        "$host": "b.example",
    }
    found = _enriched(dict(own), user_agent=BROWSER)
    assert own.items() <= found.items()
    assert found["$channel"] == "paid"
    same_site = {"$url": "https://a.example/", "$host": "b.example", "$referrer": "https://b.example/"}
    assert "$channel" not in _enriched(same_site)


def test_event_without_page_gets_no_channel() -> None:
    assert _enriched({"plan": "pro"}) == {"plan": "pro"}
    assert _enriched({"$referrer": "https://www.so.com/"})["$channel"] == "search"
    assert _enriched({"$url": "https://a.example/"})["$channel"] == "direct"


@pytest.fixture
def geo(tmp_path: Path) -> GeoDatabase:
    writer = MMDBWriter(ip_version=4, database_type="GeoLite2-City")
    writer.insert_network(
        IPSet(["203.0.113.0/24"]), {"country": {"iso_code": "CN"}, "city": {"names": {"en": "X"}}}
    )
    writer.to_db_file(str(tmp_path / "places.mmdb"))
    return GeoDatabase(tmp_path / "places.mmdb")


def test_place_without_storing_the_address(geo: GeoDatabase) -> None:
    settings = EnrichmentSettings(geo=geo)
    place = {"$country": "CN", "$city": "X"}
    assert _enriched({}, ip="203.0.113.7", settings=settings) == place
    assert _enriched({"$ip": "203.0.113.7"}, ip="198.51.100.1", settings=settings) == place
    assert _enriched({"$ip": "203.0.113.7"}, settings=NONE) == {}
    assert _enriched({"$country": "JP"}, ip="203.0.113.7", settings=settings) == {"$country": "JP"}


def test_address_is_stored_when_asked(geo: GeoDatabase) -> None:
    settings = EnrichmentSettings(geo=geo, store_ip=True)
    assert _enriched({}, ip="203.0.113.7", settings=settings)["$ip"] == "203.0.113.7"
    assert _enriched({"$ip": "198.51.100.9"}, ip="203.0.113.7", settings=settings) == {"$ip": "198.51.100.9"}


VALUES = (
    st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.lists(st.text(max_size=3), max_size=2)
)


@given(st.dictionaries(st.sampled_from(sorted(STANDARD)) | st.text(max_size=4), VALUES), st.text(max_size=30))
def test_only_missing_standard_properties_are_added(properties: dict[str, Any], user_agent: str) -> None:
    before = {name: value for name, value in properties.items() if name != "$ip"}
    after = _enriched(dict(properties), user_agent=user_agent, ip=user_agent)
    assert all(after[name] is value for name, value in before.items())
    assert set(after) - set(before) <= set(STANDARD) - {"$ip"}
    again = dict(after)
    assert _enriched(again, user_agent=user_agent, ip=user_agent).keys() == after.keys()


def test_shared_answers_are_not_changed_by_an_event() -> None:
    first = _enriched({"$url": "https://a.example/"}, user_agent=BROWSER)
    first["$os"] = "changed"
    assert _enriched({"$url": "https://a.example/"}, user_agent=BROWSER)["$os"] == "Windows"
