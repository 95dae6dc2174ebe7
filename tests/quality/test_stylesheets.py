"""No section of pages has its look from the stylesheet of another."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "ui" / "src"
PAGES = SOURCES / "pages"
STARTS = re.compile(r"^(?:  )?\.([\w-]+)", re.M)
NAMES = re.compile(r'className=(?:"([^"]+)"|\{`([^`$]+))')


def section_of(path: Path) -> str:
    """``audiences`` of a file of its pages; empty elsewhere."""
    return path.relative_to(PAGES).parts[0] if path.is_relative_to(PAGES) else ""


def owners() -> dict[str, set[str]]:
    """The sections whose stylesheets speak of each class first."""
    found: dict[str, set[str]] = {}
    for sheet in SOURCES.rglob("*.css"):
        for name in STARTS.findall(sheet.read_text()):
            found.setdefault(name, set()).add(section_of(sheet))
    return found


def test_what_pages_share_stands_in_the_shared_stylesheet() -> None:
    of, borrowed = owners(), []
    assert all("" in of[name] for name in ("form-grid", "two-columns", "sr-only"))
    for page in PAGES.rglob("*.tsx"):
        mine, text = section_of(page), page.read_text()
        for plain, templated in NAMES.findall(text):
            names = (plain or templated).split()
            borrowed += [f"{page}: {each}" for each in names if each in of and not of[each] & {mine, ""}]
        for imported in re.findall(r'^import "([^"]+\.css)";', text, re.M):
            sheet = (
                SOURCES / imported[2:] if imported.startswith("@/") else (page.parent / imported).resolve()
            )
            if section_of(sheet) not in (mine, ""):
                borrowed.append(f"{page}: {imported}")
    assert not borrowed, "\n".join(borrowed)


def test_no_two_sections_mean_different_things_by_one_name() -> None:
    assert {name: sections for name, sections in owners().items() if len(sections - {""}) > 1} == {}
