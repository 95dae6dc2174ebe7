"""The web SDK as a file: its size, and how it is served."""

from __future__ import annotations

import gzip
import re

import pytest
from starlette.testclient import TestClient

from bihuan.access import BrowserSecurity
from bihuan.server.web import WebPages
from bihuan.server.web.pages import IN_APP
from tests.ui.node import ROOT, UI
from tests.ui.web_sdk_site import built_sdk

MAX_BYTES = 4 * 1024
MAX_IN_APP_BYTES = 5 * 1024


@pytest.fixture(scope="module")
def sdk() -> bytes:
    return built_sdk()


@pytest.fixture
def server(sdk: bytes) -> TestClient:
    built_sdk(IN_APP)
    return TestClient(BrowserSecurity(WebPages()))


def test_it_is_small_and_needs_no_leave_to_evaluate_code(sdk: bytes) -> None:
    assert len(gzip.compress(sdk, 9, mtime=0)) <= MAX_BYTES
    assert re.search(rb"\beval\(|new Function|innerHTML|document\.write|import\(", sdk) is None


def test_what_shows_messages_is_a_small_file_of_its_own() -> None:
    renderer = built_sdk(IN_APP)
    assert len(gzip.compress(renderer, 9, mtime=0)) <= MAX_IN_APP_BYTES
    assert re.search(rb"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", renderer) is None
    # It loads nothing from anywhere; the address is that of the names of SVG.
    assert set(re.findall(rb"https?://[^\"'`\s]+", renderer)) == {b"http://www.w3.org/2000/svg"}


def test_every_site_may_use_it(server: TestClient, sdk: bytes) -> None:
    answer = server.get("/bihuan.js")
    assert answer.content == sdk
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    renderer = server.get(f"/{IN_APP}?v=1")
    assert renderer.headers["access-control-allow-origin"] == "*"
    assert "immutable" in renderer.headers["cache-control"]


@pytest.mark.parametrize(
    ("address", "caching"),
    [
        ("/bihuan.js", "public, max-age=3600"),
        ("/bihuan.js?v=1.0.0", "public, max-age=31536000, immutable"),
        ("/bihuan.js?w=1", "public, max-age=3600"),
    ],
)
def test_it_is_cached_as_long_as_its_address_allows(server: TestClient, address: str, caching: str) -> None:
    assert server.get(address).headers["cache-control"] == caching


def test_a_copy_that_is_still_the_same_is_not_sent_again(server: TestClient) -> None:
    tag = server.get("/bihuan.js").headers["etag"]
    again = server.get("/bihuan.js", headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["access-control-allow-origin"] == "*"
    assert server.get("/bihuan.js", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("name", ["web-sdk.md", "web-sdk.zh-CN.md"])
def test_the_page_on_it_has_its_options_and_calls(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    read = set(re.findall(r"said\.(\w+)", (UI / "sdk/settings.ts").read_text()))
    read |= set(re.findall(r'is\("(\w+)"\)', (UI / "sdk/settings.ts").read_text()))
    assert set(re.findall(r"^\| `data-(\w+)", text, re.M)) == read
    interface = (UI / "sdk/client.ts").read_text().partition("export interface Client")[2].partition("\n}")[0]
    calls = set(re.findall(r"^  (\w+): \(", interface, re.M)) - {"push"}
    assert calls == set(re.findall(r"^\| `(\w+)\(", text, re.M)) != set()
