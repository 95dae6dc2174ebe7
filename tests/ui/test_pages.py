"""The pages in a real browser: what they show is what the API says."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.ui.axe import walk
from tests.ui.conftest import EMAIL, PASSWORD, PROJECT, Site, Tab, tab_of

TRY_TO_SAVE = """async (project) => {
    const me = await (await fetch("/api/me")).json();
    const answer = await fetch(`/api/projects/${project}/insights`, {
        method: "POST",
        headers: {"content-type": "application/json", "x-csrf-token": me.csrf_token},
        body: JSON.stringify({name: "x", query: {kind: "trend", series: [{}]}}),
    });
    return answer.status;
}"""


def test_a_wrong_password_is_refused_in_words_and_the_right_one_lets_in(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="en-US")
    page = tab_of(context, site).page
    page.goto(f"{site.url}/p/{PROJECT}/insights?kind=trend")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{site.url}/p/{PROJECT}/insights?kind=trend")
    expect(page.get_by_role("heading", name="Insights")).to_be_visible()
    page.get_by_role("button", name="Chen Xiao").click()
    page.get_by_text("Log out").click()
    expect(page).to_have_url(re.compile("/login"))
    page.goto(f"{site.url}/p/{PROJECT}/insights")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    context.close()


def test_an_insight_is_saved_changed_and_brought_back(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    page.get_by_role("button", name=re.compile("Save$")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Looks by day")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Looks by day")).to_be_visible()
    page.get_by_text("Bar", exact=True).click()
    expect(page.get_by_text("Changes are not saved")).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Changes are not saved")).to_be_hidden()
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Restore this version").click()
    expect(page.get_by_text("Version 1 is back")).to_be_visible()
    page.get_by_role("button", name="Name and tags").click()
    dialog = page.get_by_role("dialog", name="Name and tags")
    dialog.get_by_label("Name").fill("Looks, day by day")
    dialog.get_by_label("Tags").fill("weekly")
    dialog.get_by_label("Tags").press("Enter")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Looks, day by day")).to_be_visible()
    page.get_by_role("button", name="Star: Looks, day by day").click()
    expect(page.get_by_role("button", name="Remove the star: Looks, day by day")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Looks, day by day")).to_be_visible()
    expect(page.locator("#content").get_by_text("weekly", exact=True)).to_be_visible()
    page.get_by_role("button", name="Public link").click()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("alert").get_by_text(re.compile("/public/")).first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Insights", exact=True).click()
    expect(page.get_by_role("link", name="Looks, day by day")).to_be_visible()


def test_a_ready_board_is_made_in_a_click_and_shared_by_a_link(
    tab: Tab, site: Site, browser: Browser
) -> None:
    site.wait_for_catalog("buy")
    page = tab.open("dashboards")
    page.get_by_role("button", name="Make it").first.click()
    page.wait_for_url(re.compile(r"/dashboards/\w{20,}"))
    expect(page.locator("canvas").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    tab.shot("dashboard")
    page.get_by_role("button", name="Public link").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("alert").get_by_text(re.compile(r"^http\S+/public/")).first.inner_text()
    stranger = browser.new_context(locale="en-US")
    seen = tab_of(stranger, site)
    seen.page.goto(link.strip())
    expect(seen.page.locator("canvas").first).to_be_visible()
    assert seen.page.get_by_role("button", name=re.compile("Save|Show SQL")).count() == 0
    assert seen.complaints == []
    stranger.close()


def test_everything_is_found_by_keyboard(tab: Tab, site: Site) -> None:
    page = tab.open("dashboards")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Search pages")).fill("tracking")
    expect(page.get_by_role("option", name=re.compile("Tracking plan"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/plan$"))
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Search pages")).fill("user-1")
    expect(page.get_by_role("option", name=re.compile("user-1")).first).to_be_visible()


def test_pages_come_where_the_browser_believes_that_it_is_offline(tab: Tab) -> None:
    """A server in the house is there without the internet."""
    page = tab.open("dashboards")
    page.evaluate("dispatchEvent(new Event('offline'))")
    tab.follow("members")
    expect(page.get_by_role("cell", name=EMAIL)).to_be_visible()


def test_the_language_changes_every_word_of_the_frame(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="未命名的分析")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    expect(page.get_by_role("navigation")).to_contain_text("埋点方案")
    words = page.get_by_role("navigation").inner_text() + page.locator("#content").inner_text()
    names = {word for event in site.events() for word in re.findall("[A-Za-z]+", event)}
    assert set(re.findall(r"[A-Za-z]{3,}", words)) <= names | {"SQL", "RFM", "Asia", "Shanghai"}


PAGES = [
    "dashboards", "insights", "insights/new", "insights/new?kind=funnel", "insights/new?kind=retention",
    "metrics", "people", "audiences", "journeys", "live", "plan", "quarantine", "imports", "sources",
    "members", "audit", "settings",
]  # fmt: skip


def test_no_page_keeps_anyone_out(tab: Tab) -> None:
    """Axe finds nothing serious on any page, light or dark, in Chinese."""
    walk(tab, PAGES)


def test_a_viewer_sees_but_changes_nothing(tab: Tab, site: Site, browser: Browser) -> None:
    page = tab.open("members")
    page.get_by_role("button", name=re.compile("Invite")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("viewer@example.com")
    dialog.get_by_role("button", name="Invite").click()
    shown_once = page.get_by_role("dialog").locator("input[readonly]")
    expect(shown_once).to_have_value(re.compile("/invitation#"))
    link = shown_once.input_value()
    context = browser.new_context(locale="en-US")
    guest = tab_of(context, site).page
    guest.goto(link.strip() if link.strip().startswith("http") else site.url + link.strip())
    guest.get_by_label("Name").fill("Vi")
    guest.get_by_label("New password").fill("a viewer's password")
    guest.get_by_role("button", name="Join").click()
    guest.get_by_role("heading", name="Dashboards", exact=True).wait_for()
    assert guest.get_by_role("button", name="New dashboard").count() == 0
    names = guest.get_by_role("navigation").inner_text()
    assert "Audit log" not in names
    assert "Project settings" not in names
    guest.goto(f"{site.url}/p/{PROJECT}/insights/new")
    expect(guest.get_by_role("button", name="Show SQL")).to_be_visible()
    assert guest.get_by_role("button", name=re.compile("Save$")).count() == 0
    refused = guest.evaluate(TRY_TO_SAVE, PROJECT)
    assert refused == 403
    context.close()


GBK_ROWS = "\n".join(
    [
        "用户,事件,时间,金额,城市",
        *(f"u{number},下单,2026-01-{number:02d} 10:00:00,{number}.5,北京" for number in range(1, 29)),
        "u3,下单,不知道,20,广州",
        "u1,退货,2026-01-06 09:15:00,35.5,北京",
        ",下单,2026-01-07 08:00:00,18,深圳",
    ]
)


def test_a_dirty_gbk_file_is_imported_and_what_cannot_be_read_is_kept_aside(
    tab: Tab, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "订单.csv"
    file.write_bytes(GBK_ROWS.encode("gbk"))
    page = tab.open("imports")
    page.locator("input[type=file]").set_input_files(file)
    start = page.get_by_role("button", name="Start the import")
    expect(start).to_be_visible()
    expect(page.locator("#content")).to_contain_text("北京")
    tab.shot("import_mapping")
    start.click()
    expect(page.locator("#content").get_by_text("Done").first).to_be_visible(timeout=60_000)
    tab.shot("import_done")
    query = {
        "kind": "trend",
        "period": {"kind": "dates", "from_date": "2026-01-01", "to_date": "2026-01-31"},
        "series": [{"selector": {"events": ["下单"]}}, {"selector": {"events": ["退货"]}}],
    }
    assert [line["total"] for line in site.query(query)["lines"]] == [28, 1]
    page = tab.open("quarantine")
    expect(page.locator("#content")).to_contain_text("2")
    tab.shot("quarantine")
    with site.process.api() as api:
        held = api.get(f"/api/projects/{PROJECT}/quarantine").json()["items"]
    assert len(held) == 2
