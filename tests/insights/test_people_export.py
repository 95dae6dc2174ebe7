"""The people behind a number as a file: everybody, with or without a profile, and no more."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.insights.shop import ORDERED, SIGNED_UP, VIEWED, send
from tests.server.running import Running

PERIOD = {"kind": "last", "count": 7}


def exported(
    client: httpx.Client, server: Running, body: dict[str, Any], **more: Any
) -> list[dict[str, str]]:
    answer = client.post(server.path("/query/people/export"), json=body, params=more)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def ids(rows: list[dict[str, str]]) -> list[str]:
    return sorted(json.loads(row["distinct_ids"])[0] for row in rows)


def funnel(step: int, outcome: str) -> dict[str, Any]:
    steps = [{"selector": {"events": [event]}} for event in (SIGNED_UP, VIEWED, ORDERED)]
    query = {"kind": "funnel", "period": PERIOD, "steps": steps}
    return {"query": query, "selection": {"step": step, "outcome": outcome}}


@pytest.mark.parametrize(
    ("step", "outcome", "expected"), [(3, "reached", ["ann", "bob", "cai"]), (3, "dropped", ["dan", "eve"])]
)
def test_a_file_has_who_the_list_has(server: Running, step: int, outcome: str, expected: list[str]) -> None:
    body = funnel(step, outcome)
    assert ids(exported(server.api, server, body)) == expected
    listed = server.api.post(server.path("/query/people"), json=body).json()["items"]
    assert sorted(each["distinct_ids"][0] for each in listed) == expected


def test_properties_have_columns_even_with_the_names_of_others(server: Running) -> None:
    send(server, [{"type": "track", "anonymousId": "stranger", "event": "alone", "messageId": "alone"}])
    send(server, [{"type": "identify", "userId": "ann", "traits": {"event": "party"}}])
    series = [{"selector": {"events": ["alone", ORDERED]}}]
    body = {"query": {"kind": "trend", "period": PERIOD, "series": series}, "selection": {"series": 0}}
    rows = exported(server.api, server, body, property=["city", "event"])
    found = {json.loads(row["distinct_ids"])[0]: (row["city"], row["properties.event"]) for row in rows}
    beijing = ("Beijing", "")
    assert found == {"ann": ("Beijing", "party"), "bob": beijing, "cai": beijing, "stranger": ("", "")}


def test_metrics_are_put_in_and_wrong_selections_refused(server: Running) -> None:
    query = {"kind": "trend", "period": PERIOD, "series": [{"selector": {"events": [ORDERED]}}]}
    metric = server.api.post(server.path("/metrics"), json={"name": "Orders", "query": query}).json()
    asked = {"kind": "trend", "period": PERIOD, "series": [{"metric": metric["id"]}]}
    assert ids(exported(server.api, server, {"query": asked, "selection": {"series": 0}})) == [
        "ann",
        "bob",
        "cai",
    ]
    wrong = {"query": asked, "selection": {"series": 5}}
    answer = server.api.post(server.path("/query/people/export"), json=wrong)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "selection_invalid")


def test_who_may_export_and_sees_what(server: Running, caller: Callable[..., httpx.Client]) -> None:
    body = funnel(3, "reached")
    with caller("view") as viewer, caller("export") as exporter:
        assert viewer.post(server.path("/query/people/export"), json=body).status_code == 403
        rows = exported(exporter, server, body, property=["email"])
    assert sorted(row["email"] for row in rows) == [f"{letter}***@example.com" for letter in "abc"]
