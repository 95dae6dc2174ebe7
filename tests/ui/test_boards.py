"""A board that is arranged by hand, shown on a wall, and pictures and files that are taken away."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.ui.clicking import LAST_30, comes_to_show, holds
from tests.ui.conftest import PROJECT, Site, Tab

Tile = dict[str, Any]


def make_board(site: Site) -> str:
    """A board of two insights side by side; its id."""
    with site.process.api() as api:
        tiles = []
        for place, event in enumerate(("view", "buy")):
            query = {"kind": "trend", "period": LAST_30, "series": [{"selector": {"events": [event]}}]}
            body = {"name": f"{event} by day", "query": query, "chart": "line"}
            made = api.post(f"/api/projects/{PROJECT}/insights", json=body).raise_for_status().json()
            tiles.append({"insight_id": made["id"], "x": 4 * place, "y": 0, "w": 4, "h": 6})
        board = {"name": "By hand", "tiles": tiles}
        return str(
            api.post(f"/api/projects/{PROJECT}/dashboards", json=board).raise_for_status().json()["id"]
        )


def tiles_of(site: Site, board: str) -> list[Tile]:
    with site.process.api() as api:
        answer = api.get(f"/api/projects/{PROJECT}/dashboards/{board}").raise_for_status()
    tiles: list[Tile] = answer.json()["tiles"]
    return tiles


def drag(page: Page, x: float, y: float, *, right: float, down: float) -> None:
    """Press, move in steps as a hand does, let go."""
    page.mouse.move(x, y)
    page.mouse.down()
    for part in range(1, 11):
        page.mouse.move(x + right * part / 10, y + down * part / 10)
    page.mouse.up()


def test_tiles_are_dragged_and_resized_and_stay_so(tab: Tab, site: Site) -> None:
    board = make_board(site)
    page = tab.open(f"dashboards/{board}")
    tile = page.locator(".react-grid-item").filter(has_text="buy by day")
    expect(tile.locator("canvas")).to_be_visible()
    page.get_by_role("button", name="Edit layout").click()
    before = tile.bounding_box()
    assert before
    column = before["width"] / 4
    drag(page, before["x"] + 60, before["y"] + 18, right=4 * column, down=0)
    comes_to_show(lambda: round(((tile.bounding_box() or before)["x"] - before["x"]) / column), 4)
    handle = tile.locator(".react-resizable-handle").bounding_box()
    assert handle
    drag(page, handle["x"] + 8, handle["y"] + 8, right=-column, down=110)
    expect(tile).not_to_have_class("resizing")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Done").click()
    kept = tiles_of(site, board)[1]
    assert (kept["x"], kept["w"], kept["h"]) == (8, 3, 8)
    shown = tile.bounding_box()
    page.reload()
    expect(tile.locator("canvas")).to_be_visible()
    comes_to_show(tile.bounding_box, shown)


def test_a_board_fills_the_screen(tab: Tab, site: Site) -> None:
    page = tab.open(f"dashboards/{make_board(site)}")
    expect(page.locator("canvas").first).to_be_visible()
    page.get_by_role("button", name="Full screen").click()
    holds(page, "document.fullscreenElement !== null")
    expect(page.get_by_role("heading", name="By hand")).to_be_in_viewport()
    everywhere = """() => {
        const {left, top, right, bottom} = document.fullscreenElement.getBoundingClientRect();
        return left <= 0 && top <= 0 && right >= innerWidth && bottom >= innerHeight;
    }"""
    comes_to_show(lambda: page.evaluate(everywhere), True)
    tab.shot("full_screen")
    page.evaluate("document.exitFullscreen()")


def test_a_chart_is_kept_as_a_picture(tab: Tab, tmp_path: Path) -> None:
    page = tab.open("insights/new")
    expect(page.locator("#content canvas")).to_be_visible()
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="Picture (PNG)").click()
    file = tmp_path / kept.value.suggested_filename
    kept.value.save_as(file)
    content = file.read_bytes()
    assert (file.suffix, content[:8]) == (".png", b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 500
    assert height > 300
    assert len(content) > 4_000  # an empty one has a few hundred


def test_the_tracking_plan_goes_out_and_comes_in_as_a_workbook(tab: Tab, tmp_path: Path) -> None:
    page = tab.open("plan")
    page.get_by_role("button", name="New event").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Event name").fill("refund")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("#content").get_by_text("refund", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="Excel (XLSX)").click()
    file = tmp_path / "plan.xlsx"
    kept.value.save_as(file)
    workbook = openpyxl.load_workbook(file)
    named = [cell for row in workbook["events"].iter_rows() for cell in row if cell.value == "refund"]
    assert len(named) == 1
    named[0].value = "return"
    workbook.save(file)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(re.compile(r"Updated: \d+ events"))).to_be_visible()
    expect(page.locator("#content").get_by_text("return", exact=True).first).to_be_visible()
