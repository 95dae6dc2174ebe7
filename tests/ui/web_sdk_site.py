"""A site that uses the web SDK: its own server, and a gateway to Bihuan whose network can be bad."""

from __future__ import annotations

import gzip
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from bihuan.server.web.pages import SDK, STATIC
from tests.server.contract import Contract
from tests.server.process import ServeProcess
from tests.ui.clicking import holds
from tests.ui.node import UI, run_node

WAIT_SECONDS = 40
READY = "() => window.bihuan && !Array.isArray(window.bihuan)"
_IN_APP_CONFIG = "vite.inapp.config.ts"
LIST = "/api/projects/default/events/recent"


def built_sdk(name: str = SDK) -> bytes:
    """A script as it is served; built where sources are newer, or where it never was."""
    folder, config = (UI / "sdk", "vite.sdk.config.ts") if name == SDK else (UI / "sdk/inapp", _IN_APP_CONFIG)
    built, sources = STATIC / name, [UI / config]
    sources += [path for path in folder.glob("*.ts") if not path.name.endswith(".test.ts")]
    if not built.is_file() or built.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        if not (UI / "node_modules" / "vite").is_dir():
            pytest.skip(f"{name} is not built: pip install --no-deps --editable .")
        vite = UI / "node_modules" / "vite" / "bin" / "vite.js"
        assert run_node(vite, "build", "--config", config, "--logLevel", "warn") == 0
    packed = built.with_name(f"{name}.gz")
    if not packed.is_file() or packed.stat().st_mtime < built.stat().st_mtime:
        packed.write_bytes(gzip.compress(built.read_bytes(), 9, mtime=0))
    return built.read_bytes()


class Server(ThreadingHTTPServer):
    """Serves with ``answer`` on a free port until the end of the test."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        raise AssertionError(handler.path)

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.answer(self)

    def do_POST(self) -> None:
        self.server.answer(self)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Shop(Server):
    """Other people's pages, by path."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        found = self.pages.get(handler.path.partition("?")[0])
        body, headers = found or ("<!doctype html><link rel=icon href=data:,>", {})
        status = 200 if found or handler.path == "/favicon.ico" else 404
        reply(handler, status, body.encode(), {"content-type": "text/html; charset=utf-8", **headers})


class Gateway(Server):
    """Passes everything on to Bihuan; ``faults`` come first, one for each POST.

    ``down``: nobody is there. ``lost``: stored, but the answer does not arrive. A number: refused with this
    Retry-After.
    """

    def __init__(self, behind: str) -> None:
        super().__init__()
        self._behind = behind
        self.faults: list[str | int] = []
        self.posted: list[tuple[float, bytes]] = []

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        fault: str | int | None = None
        if handler.command == "POST":
            self.posted.append((time.monotonic(), body))
            fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            headers = {
                "access-control-allow-origin": "*",
                "access-control-expose-headers": "retry-after",
                "retry-after": str(fault),
            }
            return reply(handler, 429, b"{}", headers)
        if fault == "down":
            handler.close_connection = True
            return None
        kept = ("content-type", "user-agent", "origin", "accept-language")
        passed = {name: value for name in kept if (value := handler.headers.get(name))}
        answer = httpx.request(
            handler.command, self._behind + handler.path, content=body, headers=passed, timeout=60
        )
        if fault == "lost":
            handler.close_connection = True
            return None
        kept_back = ("content-type", "access-control-allow-origin", "cross-origin-resource-policy")
        headers = {name: value for name in kept_back if (value := answer.headers.get(name))}
        return reply(handler, answer.status_code, answer.content, headers)


@dataclass
class Site:
    """The pages of one test, below a path of their own, and what Bihuan has of them."""

    process: ServeProcess
    shop: Shop
    key: str
    contract: Contract
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def put(
        self,
        path: str = "",
        *,
        attributes: str = "",
        head: str = "",
        body: str = "",
        host: str = "",
        **headers: str,
    ) -> str:
        """Make a page with the snippet; its address."""
        script = (
            f'<script async src="{host or self.process.url}/bihuan.js" data-key="{self.key}" {attributes}>'
        )
        html = f"<!doctype html><meta charset=utf-8><title>Page {path}</title><link rel=icon href=data:,>"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.shop.pages[f"/{self.name}/{path}"] = (f"{html}{head}{script}</script>{body}", named)
        return f"{self.shop.url}/{self.name}/{path}"

    def get(self, path: str, **params: Any) -> Any:
        with self.process.api() as api:
            response = api.get(path, params=params)
        assert response.status_code == 200, response.text
        self.contract.check(response)
        return response.json()

    def stored(self) -> list[dict[str, Any]]:
        """Every stored event of these pages, the oldest first."""
        events = self.get(LIST, limit=200)["items"]
        mine = [event for event in events if f"/{self.name}/" in event["properties"].get("$url", "")]
        # In the same millisecond, the page's view is before what happens on it.
        return sorted(mine, key=lambda event: (event["time"], event["event"]))

    def wait(self, count: int) -> list[dict[str, Any]]:
        """The stored events as soon as there are ``count``; fails where there are more."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.stored()) < count and time.monotonic() < deadline:
            time.sleep(0.2)
        found = self.stored()
        assert len(found) == count, [(e["event"], e["distinct_id"], e["properties"]["$url"]) for e in found]
        return found

    def person(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/api/projects/default/person", person=name)
        return found


def visit(page: Page, url: str) -> None:
    """Go to a page and wait for the SDK."""
    page.goto(url)
    holds(page, READY)


def call(page: Page, *arguments: Any) -> None:
    """Call a method of the SDK."""
    page.evaluate("call => bihuan.push(call)", list(arguments))


def kept(page: Page) -> dict[str, Any]:
    """Everything that the page's origin has in the browser."""
    stored: dict[str, Any] = page.evaluate("() => ({cookie: document.cookie, ...localStorage})")
    return {name: value for name, value in stored.items() if value}


def close(page: Page) -> None:
    """Close a tab as a person does, and wait until it is gone."""
    with page.expect_event("close"):
        page.close(run_before_unload=True)


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in events]
