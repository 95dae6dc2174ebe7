"""Axe on what a page shows: nobody is kept out, by light or in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import Page, expect

from tests.ui.clicking import holds
from tests.ui.conftest import Tab
from tests.ui.node import UI

NARROW = {"width": 820, "height": 900}
_SOURCE = (UI / "node_modules" / "axe-core" / "axe.min.js").read_text
_RUN = "axe.run(document, {resultTypes: ['violations']})"
_RUN_WITHOUT_FRAMES = "axe.run({exclude: ['iframe']}, {resultTypes: ['violations'], iframes: false})"
_SCHEME = "scheme => document.documentElement.style.colorScheme === scheme"
# Colours between two themes are nobody's: those of the other are there at once.
_AT_ONCE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, *::before, *::after { transition: none !important }");
    document.adoptedStyleSheets.push(sheet);
}"""
_STILL = """async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const ends = each => each.effect.getComputedTiming().endTime < Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map(each => each.finished));
}"""


def faults(page: Page, *, frames: bool = True) -> list[str]:
    """What is serious or critical; ``frames`` False: but for the inside of frames."""
    page.evaluate(_SOURCE(encoding="utf-8"))
    result = page.evaluate(_RUN if frames else _RUN_WITHOUT_FRAMES)
    serious = [each for each in result["violations"] if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {node['html'][:300]}" for each in serious for node in each["nodes"][:3]]


def walk(tab: Tab, paths: Iterable[str], *, frames: bool = True, narrow: bool = False) -> None:
    """Open pages in Chinese; fails with what is serious by light or in the dark.

    Every second page is reached in the dark and then changes to light, the others the other way round.
    ``narrow``: nothing is wider than a narrow window, either.
    """
    # Not in the frames of mails, which have no origin.
    tab.page.add_init_script("if (top === window) localStorage.setItem('bihuan.language', 'zh')")
    found: dict[str, list[str]] = {}
    schemes = ["light", "dark"]
    for number, path in enumerate(paths):
        tab.page.emulate_media(color_scheme=schemes[0])
        page = tab.follow(path) if number else tab.open(path)
        page.wait_for_selector("h1")
        expect(page.locator(".ant-progress-status-active, .ant-spin-spinning")).to_have_count(0)
        page.evaluate(_AT_ONCE)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            holds(page, _SCHEME, scheme)
            page.evaluate(_STILL)
            tab.shot(f"{'zh' if scheme == 'light' else 'dark'}_{_name(path)}")
            found[f"{path}, {scheme}"] = faults(page, frames=frames)
        if narrow and (width := _width_when_narrow(page)) > NARROW["width"]:
            found[f"{path}, narrow"] = [f"{width} wide"]
        schemes.reverse()
    assert not any(found.values()), "\n".join(f"{where}: {each}" for where in found for each in found[where])


def _width_when_narrow(page: Page) -> int:
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    page.evaluate(_STILL)
    width: int = page.evaluate("document.scrollingElement.scrollWidth")
    if before is not None:
        page.set_viewport_size(before)
    return width


def _name(path: str) -> str:
    return re.sub(r"\W+", "_", re.sub(r"/\w{26}", "/one", path))
