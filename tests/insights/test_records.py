"""What the audit log says of insights, boards, metrics, links and audiences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.insights.shop import ORDERED
from tests.server.running import Running

TREND = {"kind": "trend", "series": [{"selector": {"events": [ORDERED]}}]}


def made(server: Running, path: str, **body: Any) -> dict[str, Any]:
    answer = server.api.post(server.path(path), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_what_is_deleted_and_what_leaves_the_project_is_on_record(server: Running) -> None:
    insight = made(server, "/insights", name="Kept on record", query=TREND)
    board = made(server, "/dashboards", name="Board on record")
    metric = made(server, "/metrics", name="Metric on record", query=TREND)
    audience = made(server, "/audiences", name="Audience on record", people={"distinct_ids": ["ann"]})
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    link = made(server, f"/insights/{insight['id']}/links", expires_at=at)
    server.api.put(server.path("/embedding"), json={"origins": ["https://wiki.example.com"]})
    for path in (
        f"/insights/{insight['id']}/links/{link['id']}",
        f"/insights/{insight['id']}",
        f"/dashboards/{board['id']}",
        f"/metrics/{metric['id']}",
        f"/audiences/{audience['id']}",
    ):
        assert server.api.delete(server.path(path)).status_code == 204
    page = server.api.get(server.path("/audit"), params={"limit": 50})
    assert page.status_code == 200, page.text
    records = [(each["action"], each["target_id"]) for each in page.json()["items"]]
    assert records[:7] == [
        ("audience.deleted", audience["id"]),
        ("metric.deleted", metric["id"]),
        ("dashboard.deleted", board["id"]),
        ("insight.deleted", insight["id"]),
        ("public_link.withdrawn", link["id"]),
        ("embedding.changed", server.project_id),
        ("public_link.created", link["id"]),
    ]
    assert link["token"] not in page.text
