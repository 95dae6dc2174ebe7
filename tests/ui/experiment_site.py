"""What tests of pages of experiments share: events, and experiments made by the API."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page

from bihuan.database import Database, utc_now
from bihuan.experiments.models import Weighing
from bihuan.experiments.service import get_experiment
from tests.ui.audience_site import ask
from tests.ui.clicking import comes_to_show, figure
from tests.ui.conftest import PROJECT, Site

BOUGHT = {"kind": "proportion", "event": {"events": ["buy"]}}
DRAWN = "Drawn by region"


def send(site: Site, batch: list[dict[str, Any]]) -> None:
    """Send events, and wait until they are stored."""
    event = batch[-1]["event"]
    before = stored(site, event)
    body = {"batch": batch}
    key = site.process.write_key()
    httpx.post(f"{site.url}/v1/batch", json=body, auth=(key, ""), timeout=60).raise_for_status()
    wanted = before + sum(each["event"] == event for each in batch)
    comes_to_show(lambda: stored(site, event), wanted)


def stored(site: Site, event: str) -> int:
    series = [{"selector": {"events": [event]}, "measure": {"kind": "count"}}]
    period = {"kind": "last", "count": 2, "unit": "day", "include_current": True}
    return int(site.query({"kind": "trend", "period": period, "series": series})["lines"][0]["total"] or 0)


def plan(**changes: Any) -> dict[str, Any]:
    metric = {"key": "bought", "name": "Bought", "role": "primary", "measure": BOUGHT}
    variants = [{"key": "control"}, {"key": "treatment"}]
    return {"variants": variants, "control": "control", "metrics": [metric], "pre_days": 0, **changes}


def made(site: Site, name: str, **changes: Any) -> str:
    return str(ask(site, "POST", "experiments", {"name": name, "plan": plan(**changes)})["id"])


def last_look(site: Site, experiment_id: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(site, "GET", f"experiments/{experiment_id}/looks")["items"][0]["reading"]
    return found


def points(value: float) -> str:
    return f"{'+' if value > 0 else ''}{figure(value * 100)} pts"


def confirm(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def weighed(site: Site, experiment_id: str, weights: dict[str, float]) -> None:
    """As the hourly job leaves it."""
    database = Database.open(f"sqlite:///{site.process.data / 'control.sqlite3'}")
    try:
        with database.session() as session:
            held = get_experiment(session, PROJECT, experiment_id, for_update=True)
            held.weights = weights
            session.add(Weighing(experiment_id=experiment_id, at=utc_now(), weights=weights, successes={}))
    finally:
        database.dispose()


def drawn_by_region(site: Site) -> str:
    """A started experiment whose treatment helps in the north alone; returns its id."""
    # In the north every second person of the treatment buys, elsewhere and without it every tenth.
    people = [
        (f"g{number}", ("control", "treatment")[number % 2], ("north", "south")[number // 2 % 2], number // 4)
        for number in range(400)
    ]
    drawn = [
        {"type": "track", "userId": name, "event": DRAWN, "properties": {"arm": arm, "region": region}}
        for name, arm, region, _ in people
    ]
    send(site, drawn)
    often = {("treatment", "north"): 2}
    buyers = [name for name, arm, region, nth in people if nth % often.get((arm, region), 10) == 0]
    send(site, [{"type": "track", "userId": name, "event": "buy"} for name in buyers])
    comes_to_show(lambda: DRAWN in site.events(), True)
    source = {"kind": "event", "event": {"events": [DRAWN]}, "variant": {"name": "arm"}}
    experiment_id = made(site, "North and south", source=source, segments=[{"name": "region"}])
    ask(site, "POST", f"experiments/{experiment_id}/start")
    return experiment_id
