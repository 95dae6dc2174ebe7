"""A file is previewed as it will be read, imported, seen from another browser, and taken back."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.ui.conftest import Site, Tab, tab_of

ROWS = (
    "订单号,用户ID,事件,下单时间,金额,城市\n"
    "1,u1,returned,2026-02-01 10:00:00,12.5,杭州\n"
    "2,u2,returned,2026-02-02 10:00:00,20,成都\n"
    "3,u3,returned,不详,20,成都\n"
    "4,u4,returned,2026-02-04 10:00:00,30,杭州\n"
    "5,u5,returned,2026-02-05 10:00:00,31,杭州\n"
    "6,u6,returned,2026-02-06 10:00:00,32,杭州\n"
)
COUNT = {
    "kind": "trend",
    "period": {"kind": "dates", "from_date": "2026-02-01", "to_date": "2026-02-28"},
    "series": [{"selector": {"events": ["returned"]}}],
}


def test_an_import_is_previewed_run_and_undone_from_another_browser(
    browser: Browser, tab: Tab, site: Site, tmp_path: Path
) -> None:
    def stored() -> float:
        return float(site.query(COUNT)["lines"][0]["total"])

    file = tmp_path / "退货.csv"
    file.write_bytes(ROWS.encode("gbk"))
    page = tab.open("imports")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("tab", name="Preview").click()
    expect(page.get_by_text("1 of the first 6 rows go to quarantine")).to_be_visible()
    faults = page.get_by_role("region", name="Rows with problems")
    expect(faults.get_by_role("row").nth(1)).to_contain_text("下单时间")
    items = page.get_by_role("region", name="As stored")
    expect(items.get_by_role("row").nth(1)).to_contain_text("杭州")
    assert stored() == 0
    tab.shot("import_preview")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("button", name="Import another file")).to_be_visible(timeout=60_000)
    assert stored() == 5
    other = browser.new_context(locale="en-US", storage_state=site.state)
    try:
        second = tab_of(other, site)
        page = second.open("imports")
        row = page.get_by_role("row").filter(has_text="退货.csv")
        expect(row).to_contain_text("Done")
        row.get_by_role("button", name="Undo").click()
        page.get_by_role("tooltip").get_by_role("button", name="Undo").click()
        expect(row).to_contain_text("Undone", timeout=60_000)
        expect(row).to_contain_text("5 events deleted")
        expect(row.get_by_role("button", name="Undo")).to_have_count(0)
        assert stored() == 0
    finally:
        other.close()
