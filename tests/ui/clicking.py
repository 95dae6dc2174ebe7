"""What tests of pages do again and again, and numbers as English pages write them."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page, expect

Seen = TypeVar("Seen")
LAST_30 = {"kind": "last", "count": 30, "unit": "day", "include_current": True}
BUY = {"selector": {"events": ["buy"]}}
# The machine may be busy with other tests.
_SECONDS = 60


def figure(value: float) -> str:
    """A number, with at most two decimals."""
    rounded = Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{rounded:,.2f}".rstrip("0").rstrip(".")
    return text or "0"


def whole(value: float) -> str:
    """A number without decimals; a half is rounded up, as browsers do it."""
    return f"{Decimal(repr(value)).quantize(Decimal(1), ROUND_HALF_UP):,}"


def compact(value: float | None) -> str:
    """A number in a narrow cell; a dash for none."""
    if value is None:
        return "–"
    if abs(value) < 1000:
        return figure(value)
    return f"{(Decimal(repr(value)) / 1000).quantize(Decimal('0.1'), ROUND_HALF_UP)}".removesuffix(".0") + "K"


def duration(seconds: float) -> str:
    """A span of time in its unit."""
    units = ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h"), (float("inf"), 86_400, "d"))
    size, unit = next((size, unit) for below, size, unit in units if seconds < below)
    return f"{figure(int(seconds / size * 10 + 0.5) / 10)} {unit}"


def choose(page: Page, label: str, option: str, *, instead: bool = False) -> None:
    """Choose an option of the list with this label; ``instead`` of what a list of several had."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    if instead:
        box.press("Backspace")
    offered = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    offered.filter(has=page.get_by_text(option, exact=True)).first.click()
    # A list of several stays open; any other is closed, and the key would close what it stands in.
    if box.locator("xpath=ancestor::*[contains(@class, 'ant-select-multiple')]").count():
        page.keyboard.press("Escape")
    expect(page.locator(".ant-select-dropdown:visible")).to_have_count(0)


def comes_to_show(read: Callable[[], Seen], expected: Seen) -> None:
    """Until the page shows what is expected; fails with what it shows instead."""
    deadline = time.monotonic() + _SECONDS
    while (seen := read()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert seen == expected


def holds(page: Page, expression: str, arg: Any = None) -> None:
    """Until an expression of JavaScript, or a function, holds in the page.

    Playwright's own waiting evaluates texts in the page, which our policy for scripts refuses.
    """
    comes_to_show(lambda: bool(page.evaluate(expression, arg)), True)


def rows(page: Page) -> list[list[str]]:
    """The cells of the tables of the page, row by row."""
    read: list[list[str]] = page.locator("#content").evaluate(
        """content => [...content.querySelectorAll("tbody tr")]
            .filter(row => row.dataset.rowKey !== undefined || row.closest("table.heat"))
            .map(row => [...row.querySelectorAll("th, td")].map(cell => cell.innerText.trim()))"""
    )
    return read


def people_in(drawer: Locator) -> Locator:
    """The people that a drawer lists."""
    return drawer.locator("tbody tr[data-row-key]")


def address(query: dict[str, Any], chart: str | None = None) -> str:
    """The address of the explorer with a question."""
    text = base64.urlsafe_b64encode(json.dumps(query).encode()).decode().rstrip("=")
    return f"insights/new?q={text}" + (f"&chart={chart}" if chart else "")
