"""What tests of pages of audiences share: answers of the API, and an audience that others use."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.ui.conftest import PROJECT, Site

LAST_30 = {"kind": "last", "count": 30, "unit": "day", "include_current": True}
BOUGHT_TWICE = {
    "kind": "did",
    "event": {"events": ["buy"]},
    "window": LAST_30,
    "figure": {"kind": "count"},
    "compare": {"operator": "gte", "value": 2},
}


def ask(site: Site, method: str, path: str, body: Any = None) -> Any:
    """An answer of the API itself."""
    with site.process.api() as api:
        answer = api.request(method, f"/api/projects/{PROJECT}/{path}", json=body)
    assert answer.status_code < 400, answer.text
    return answer.json() if answer.content else None


def refreshed(site: Site, kind: str, made: dict[str, Any]) -> dict[str, Any]:
    """An audience or tag once its people were found."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found: dict[str, Any] = ask(site, "GET", f"{kind}/{made['id']}")
        if found["refreshed_at"] or found["error"]:
            assert found["error"] is None
            return found
        time.sleep(0.3)
    raise TimeoutError(made["name"])


@pytest.fixture(scope="module")
def twice(site: Site) -> dict[str, Any]:
    """An audience that other pages use."""
    site.wait_for_catalog("buy")
    people = {"condition": BOUGHT_TWICE}
    made = ask(site, "POST", "audiences", {"name": "Bought twice", "people": people, "refresh": "daily"})
    return refreshed(site, "audiences", made)
