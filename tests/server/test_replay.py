"""What was set aside comes back in its vendor's own form: after the plan was mended, or the payload."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bihuan.collect.protocols import all_protocols
from tests.server.running import Running

BROWSER = {"user-agent": "Mozilla/5.0 Firefox/140.0"}
NOW_S = int(datetime.now(UTC).timestamp())
NOW_MS = NOW_S * 1000
NOW = datetime.fromtimestamp(NOW_S, UTC).isoformat()


@dataclass(frozen=True)
class Sample:
    """One item of a vendor: how it is sent, how it is broken, and the merge patch that mends it.

    ``send`` makes path and body of a request from a write key and an item.
    """

    send: Any
    item: dict[str, Any]
    broken: dict[str, Any]
    mend: dict[str, Any]
    event: str = "seen"
    person: str | None = "u1"


def _listed(path: str, member: str, key_member: str | None = None) -> Any:
    def send(key: str, item: Any) -> tuple[str, Any]:
        return path.format(key=key), {member: [item], **({key_member: key} if key_member else {})}

    return send


def _bare(path: str) -> Any:
    return lambda key, item: (path.format(key=key), item)


def _ga4(key: str, item: Any) -> tuple[str, Any]:
    body = {"client_id": "c1", "user_id": "u1", "timestamp_micros": NOW_MS * 1000, "events": [item]}
    return f"/in/ga4/mp/collect?api_secret={key}", body


SEGMENT = {"type": "track", "userId": "u1", "event": "seen", "messageId": "m1", "timestamp": NOW}
POSTHOG = {"event": "seen", "distinct_id": "u1", "properties": {"n": 1}, "timestamp": NOW}
SENSORS = {"type": "track", "event": "seen", "distinct_id": "u1", "time": NOW_MS, "properties": {"n": 1}}
MIXPANEL = {"event": "seen", "properties": {"distinct_id": "u1", "time": NOW_S, "$insert_id": "i1"}}
SNOWPLOW = {"e": "se", "se_ac": "seen", "uid": "u1", "eid": "c1b9f8a0-0000-4000-8000-000000000001"}
COUNTLY = {"device_id": "u1", "timestamp": NOW_MS}
SAMPLES: dict[str, Sample] = {
    "segment": Sample(_listed("/v1/batch", "batch", "writeKey"), SEGMENT, {"event": None}, {"event": "seen"}),
    "rudderstack": Sample(
        _listed("/in/rudderstack/v1/batch", "batch", "writeKey"),
        SEGMENT,
        {"userId": None},
        {"userId": "u1"},
    ),
    "posthog": Sample(
        _listed("/in/posthog/batch/", "batch", "api_key"),
        POSTHOG,
        {"distinct_id": None},
        {"distinct_id": "u1"},
    ),
    "sensors": Sample(_bare("/in/sensors/sa?token={key}"), SENSORS, {"type": "unheard"}, {"type": "track"}),
    "mixpanel": Sample(
        _bare("/in/mixpanel/track"),
        MIXPANEL,
        {"properties": {"time": "noon"}},
        {"properties": {"time": NOW_S}},
    ),
    "ga4": Sample(_ga4, {"name": "seen"}, {"name": None}, {"events": [{"name": "seen"}]}),
    "amplitude": Sample(
        _listed("/in/amplitude/2/httpapi", "events", "api_key"),
        {"event_type": "seen", "user_id": "user-1", "insert_id": "a1", "time": NOW_MS},
        {"user_id": None},
        {"user_id": "user-1"},
        person="user-1",
    ),
    "snowplow": Sample(
        _listed("/in/snowplow/{key}/com.snowplowanalytics.snowplow/tp2", "data"),
        SNOWPLOW,
        {"e": "unheard"},
        {"e": "se"},
    ),
    "umami": Sample(
        _bare("/in/umami/{key}/api/send"),
        {"type": "event", "payload": {"website": "w", "name": "seen", "id": "u1"}},
        {"type": "unheard"},
        {"type": "event"},
    ),
    "matomo": Sample(
        _listed("/in/matomo/{key}/matomo.php", "requests"),
        {"uid": "u1", "e_c": "shop", "e_a": "seen", "rand": "7", "rec": "1"},
        {"cdt": "noon"},
        {"cdt": None},
    ),
    "countly": Sample(
        _listed("/in/countly/{key}/i/bulk", "requests"),
        {**COUNTLY, "events": [{"key": "seen", "count": 1}]},
        {"events": [{"key": None}]},
        {"events": [{"key": "seen", "count": 1}]},
    ),
    "plausible": Sample(
        _bare("/in/plausible/{key}/api/event"),
        {"name": "seen", "domain": "d", "url": "https://a.example/"},
        {"name": None},
        {"name": "seen"},
        person=None,
    ),
}
PLANNED = ("segment", "posthog", "sensors", "mixpanel", "ga4", "amplitude", "snowplow")


def test_there_is_a_sample_of_every_protocol() -> None:
    assert set(SAMPLES) == set(all_protocols())


def merged(item: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    deeper = {
        name: merged(item[name], value)
        for name, value in change.items()
        if isinstance(value, dict) and isinstance(item.get(name), dict)
    }
    return {**item, **change, **deeper}


def send(server: Running, sample: Sample, item: dict[str, Any]) -> httpx.Response:
    path, body = sample.send(server.write_key, with_key(item, server.write_key, sample))
    return httpx.post(server.url + path, json=body, headers=BROWSER, timeout=60)


def with_key(item: dict[str, Any], key: str, sample: Sample) -> dict[str, Any]:
    return merged(item, {"properties": {"token": key}}) if sample is SAMPLES["mixpanel"] else item


def held(server: Running) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.api.get(server.path("/quarantine?status=held")).json()["items"]
    return items


def replay(server: Running) -> dict[str, Any]:
    outcome: dict[str, Any] = server.api.post(server.path("/quarantine/replay"), json={}).json()
    return outcome


def plan(server: Running, **settings: str) -> None:
    assert server.api.patch(server.path("/catalog/settings"), json=settings).status_code == 200


def facts(server: Running) -> list[dict[str, Any]]:
    return [
        {**event, "properties": {k: v for k, v in event["properties"].items() if not k.startswith("$lib")}}
        for event in server.events()
    ]


@pytest.mark.parametrize("name", PLANNED)
def test_a_mended_plan_lets_the_same_payload_in(server: Running, name: str) -> None:
    sample = SAMPLES[name]
    event = f"seen_{name}"
    item = json.loads(json.dumps(sample.item).replace('"seen"', f'"{event}"'))
    plan(server, mode="enforce", unknown_events="refuse")
    assert send(server, sample, item).status_code < 300
    mine = [each for each in held(server) if each["protocol"] == name]
    assert [each["reason"] for each in mine] == ["event_unknown"]
    before = mine[0]["raw"]
    failed = {each["item_id"]: each["reason"] for each in replay(server)["failed"]}
    assert failed[mine[0]["item_id"]] == "event_unknown"
    planned = {"name": event, "status": "active"}
    assert server.api.put(server.path("/catalog/event"), json=planned).status_code == 200
    assert replay(server)["stored"] == 1
    after = server.api.get(server.path(f"/quarantine/items/{mine[0]['item_id']}")).json()
    assert (after["status"], after["raw"]) == ("replayed", before)
    stored = [each for each in facts(server) if each["event"] == event]
    assert [each["distinct_id"] for each in stored] == [sample.person]
    # Had it been let in at once, it would be the same row: sent again, it is known already.
    if name in ("segment", "mixpanel", "amplitude", "snowplow"):
        assert send(server, sample, item).status_code < 300
        assert [each for each in facts(server) if each["event"] == event] == stored


@pytest.mark.parametrize("name", SAMPLES)
def test_a_payload_is_mended_in_its_vendors_form(fresh_server: Running, name: str) -> None:
    server, sample = fresh_server, SAMPLES[name]
    send(server, sample, merged(sample.item, sample.broken))
    (item,) = held(server)
    assert item["protocol"] == name
    assert [each["reason"] for each in replay(server)["failed"]] == [item["reason"]]
    assert server.events() == []
    change = {"filter": {}, "patch": sample.mend}
    patched = server.api.post(server.path("/quarantine/patch"), json=change)
    assert patched.json() == {"changed": 1}
    assert replay(server) == {"stored": 1, "failed": []}
    (event,) = server.events()
    # Matomo calls an event by its action and Snowplow a structured event too.
    assert event["event"] == sample.event
    if sample.person is not None:
        assert event["distinct_id"] == sample.person
    # Once more, as after a kill in the middle: the ids are the same.
    send(server, sample, merged(sample.item, sample.broken))
    assert replay(server)["stored"] == 0
    assert server.events() == [event]


def test_a_click_of_matomo_in_a_query_string_is_replayed_too(fresh_server: Running) -> None:
    query = urlencode({"uid": "u1", "e_c": "shop", "e_a": "seen", "cdt": "noon", "rec": "1"})
    body = {"requests": [f"?{query}"]}
    httpx.post(f"{fresh_server.url}/in/matomo/{fresh_server.write_key}/matomo.php", json=body, timeout=60)
    (item,) = held(fresh_server)
    mended = json.dumps(f"?{query.replace('noon', '2026-01-02')}")
    path = fresh_server.path(f"/quarantine/items/{item['item_id']}")
    assert fresh_server.api.put(path, json={"raw": mended}).status_code == 200
    assert replay(fresh_server) == {"stored": 1, "failed": []}
    (event,) = fresh_server.events()
    assert event["time_ms"] == 1_767_312_000_000


def test_an_item_is_received_when_it_was_sent_first(fresh_server: Running) -> None:
    no_time = {name: value for name, value in SEGMENT.items() if name not in ("timestamp", "messageId")}
    send(fresh_server, SAMPLES["segment"], {**no_time, "event": None})
    (item,) = held(fresh_server)
    patch = {"filter": {}, "patch": {"event": "seen"}}
    fresh_server.api.post(fresh_server.path("/quarantine/patch"), json=patch)
    assert replay(fresh_server)["stored"] == 1
    (event,) = fresh_server.events()
    assert event["time_ms"] == round(datetime.fromisoformat(item["received_at"]).timestamp() * 1000)
