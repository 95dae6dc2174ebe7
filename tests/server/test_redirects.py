"""Click links of Snowplow lead only where the operator allows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bihuan.warehouse import Engine
from tests.server.running import Running, running_server


@pytest.fixture
def leading(engine: Engine, tmp_path: Path) -> Iterator[Running]:
    with running_server(engine, tmp_path, redirect_hosts=["Shop.example", ".cdn.example"]) as running:
        yield running


def click(server: Running, target: str) -> httpx.Response:
    given = {"u": target, "aid": server.write_key, "p": "web", "uid": "reader"}
    return server.api.get("/in/snowplow/r/tp2", params=given)


def test_a_click_is_counted_and_led_to_a_listed_host(leading: Running) -> None:
    for target in ("https://shop.example/sale?x=1", "https://img.cdn.example/a"):
        answer = click(leading, target)
        assert (answer.status_code, answer.headers["location"]) == (302, target)
    assert {event["distinct_id"] for event in leading.events()} == {"reader"}
    assert len(leading.events()) == 2


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "https://cdn.example/", "//shop.example"])
def test_a_click_to_another_host_is_refused_and_not_counted(leading: Running, target: str) -> None:
    assert click(leading, target).status_code == 400
    assert leading.events() == []


def test_no_host_is_allowed_unless_it_is_listed(fresh_server: Running) -> None:
    assert click(fresh_server, "https://shop.example/").status_code == 400
