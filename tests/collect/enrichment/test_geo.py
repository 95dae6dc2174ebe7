from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from bihuan.collect.enrichment.geo import GeoDatabase, GeoDatabaseUnreadable

BEIJING = {
    "country": {"iso_code": "CN", "names": {"en": "China"}},
    "subdivisions": [{"iso_code": "BJ", "names": {"en": "Beijing", "zh-CN": "北京市"}}],
    "city": {"names": {"en": "Beijing", "zh-CN": "北京"}},
}


def _write(path: Path, networks: dict[str, Any]) -> Path:
    writer = MMDBWriter(ip_version=6, database_type="GeoLite2-City", ipv4_compatible=True)
    for network, record in networks.items():
        writer.insert_network(IPSet([network]), record)
    fresh = path.with_suffix(".new")
    writer.to_db_file(str(fresh))
    os.replace(fresh, path)
    return path


@pytest.fixture
def make(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    return lambda networks: _write(tmp_path / "places.mmdb", networks)


def test_places_of_both_families_and_languages(make: Callable[[dict[str, Any]], Path]) -> None:
    path = make({"203.0.113.0/24": BEIJING, "2001:db8::/32": {"country": {"iso_code": "DE"}}})
    english = GeoDatabase(path)
    assert english.place("203.0.113.7") == {"$country": "CN", "$region": "Beijing", "$city": "Beijing"}
    assert english.place("2001:db8::1") == {"$country": "DE"}
    assert english.place("198.51.100.1") == {}
    chinese = GeoDatabase(path, language="zh-CN")
    assert chinese.place("203.0.113.7") == {"$country": "CN", "$region": "北京市", "$city": "北京"}


def test_flat_records(make: Callable[[dict[str, Any]], Path]) -> None:
    path = make({"203.0.113.0/24": {"country_code": "CN", "region": "广东", "city": "深圳"}})
    assert GeoDatabase(path).place("203.0.113.7") == {"$country": "CN", "$region": "广东", "$city": "深圳"}


def test_changed_file_is_opened_anew(make: Callable[[dict[str, Any]], Path]) -> None:
    database = GeoDatabase(make({"203.0.113.0/24": {"country": {"iso_code": "CN"}}}), check_seconds=0)
    assert database.place("203.0.113.7") == {"$country": "CN"}
    make({"203.0.113.0/24": {"country": {"iso_code": "JP"}}, "192.0.2.0/24": {"country": {"iso_code": "FR"}}})
    assert database.place("203.0.113.7") == {"$country": "JP"}
    assert database.reload_if_changed() is False


def test_file_overwritten_in_place_or_damaged_does_no_harm(make: Callable[[dict[str, Any]], Path]) -> None:
    path = make({"203.0.113.0/24": BEIJING})
    database = GeoDatabase(path, check_seconds=0)
    path.write_bytes(b"not a database")
    assert database.reload_if_changed() is False
    assert database.place("203.0.113.7")["$city"] == "Beijing"
    path.unlink()
    assert database.place("203.0.113.8")["$city"] == "Beijing"


@pytest.mark.parametrize("content", [None, b"", b"not a database"])
def test_unreadable_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "places.mmdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GeoDatabaseUnreadable):
        GeoDatabase(path)


def test_any_text_is_no_place(make: Callable[[dict[str, Any]], Path]) -> None:
    database = GeoDatabase(make({"203.0.113.0/24": BEIJING}))

    @given(st.text(max_size=20))
    def check(ip: str) -> None:
        assert database.place(ip) == {}

    check()
