"""Collection over HTTP: what is kept, what is set aside, what is refused, and in whose words."""

from __future__ import annotations

import base64
import gzip
import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.server.running import Running


def send(server: Running, path: str, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"content-type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return server.api.post(path, content=content, headers=given, auth=(server.write_key, ""))


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_good_events_are_stored_and_bad_ones_beside_them_kept_aside(fresh_server: Running) -> None:
    batch = [
        {"type": "track", "userId": "u1", "event": "paid", "messageId": "m1"},
        {"type": "track", "userId": "u1", "messageId": "m2"},
        {"type": "track", "event": "nobody", "messageId": "m3"},
        {"type": "track", "userId": "u2", "event": "paid", "messageId": "m4", "properties": {"revenue": 5}},
    ]
    assert send(fresh_server, "/v1/batch", {"batch": batch}).status_code == 200
    stored = sorted((e["event"], e["distinct_id"]) for e in fresh_server.events())
    assert stored == [("paid", "u1"), ("paid", "u2")]
    held = fresh_server.quarantined()
    assert [(reason, path) for reason, path, _ in held] == [
        ("distinct_id_missing", "batch[2].userId"),
        ("event_name_missing", "batch[1].event"),
    ]
    assert [json.loads(raw)["messageId"] for _, _, raw in held] == ["m3", "m2"]


def test_the_same_event_counts_once_whenever_it_comes_again(fresh_server: Running) -> None:
    event = {"userId": "u1", "event": "paid", "messageId": "same"}
    for _ in range(3):
        assert send(fresh_server, "/v1/track", event).status_code == 200
    twice = [{"type": "track", **event}, {"type": "track", **event, "timestamp": "2026-01-01T00:00:00Z"}]
    assert send(fresh_server, "/v1/batch", {"batch": twice}).status_code == 200
    query = {"kind": "trend", "series": [{"selector": {"events": ["paid"]}}]}
    answer = fresh_server.api.post(fresh_server.path("/query"), json=query).json()
    assert len(fresh_server.events()) == 1
    assert answer["lines"][0]["total"] == 1


def test_a_wrong_clock_is_corrected_by_sent_at(fresh_server: Running) -> None:
    now = datetime.now(UTC)
    wrong = now - timedelta(days=400)
    body = {
        "sentAt": iso(wrong),
        "batch": [
            {"type": "track", "userId": "u", "event": "e", "timestamp": iso(wrong - timedelta(hours=2))}
        ],
    }
    assert send(fresh_server, "/v1/batch", body).status_code == 200
    stored = fresh_server.events()[0]["time_ms"]
    assert abs(stored - ms(now - timedelta(hours=2))) < 5_000


def test_a_right_clock_is_left_alone(fresh_server: Running) -> None:
    now = datetime.now(UTC)
    moment = now - timedelta(hours=2)
    body = {
        "sentAt": iso(now - timedelta(seconds=1)),
        "batch": [{"type": "track", "userId": "u", "event": "e", "timestamp": iso(moment)}],
    }
    send(fresh_server, "/v1/batch", body)
    assert fresh_server.events()[0]["time_ms"] == ms(moment)


def test_times_far_in_the_future_are_set_aside(fresh_server: Running) -> None:
    future = iso(datetime.now(UTC) + timedelta(days=2))
    event = {"userId": "u", "event": "e", "timestamp": future, "messageId": "m"}
    assert send(fresh_server, "/v1/track", event).status_code == 200
    assert fresh_server.events() == []
    assert [row[0] for row in fresh_server.quarantined()] == ["time_in_future"]


def test_what_is_said_of_people_before_all_times_is_set_aside(fresh_server: Running) -> None:
    said = [
        {"type": "identify", "userId": "u", "traits": {"name": "U"}, "messageId": "m1"},
        {"type": "alias", "userId": "u", "previousId": "v", "messageId": "m2"},
        {"type": "track", "userId": "u", "event": "e", "messageId": "m3"},
    ]
    batch = [{**each, "timestamp": "0001-01-01T00:00:00Z"} for each in said]
    answer = send(fresh_server, "/v1/batch", {"sentAt": "9999-01-01T00:00:00Z", "batch": batch})
    assert answer.status_code == 200
    assert fresh_server.events() == []
    assert {row[0] for row in fresh_server.quarantined()} == {"time_out_of_range"}
    assert len(fresh_server.quarantined()) == 3


def test_an_event_beyond_a_limit_is_set_aside_with_the_path(fresh_server: Running) -> None:
    context = {"page": {"url": "https://x.example/"}}
    good = {"type": "track", "userId": "u", "event": "ok", "context": context}
    deep: Any = 1
    for _ in range(12):
        deep = {"in": deep}
    bad = {"type": "track", "userId": "u", "event": "bad", "properties": {"deep": deep}}
    send(fresh_server, "/v1/batch", {"batch": [bad, good]})
    assert [e["event"] for e in fresh_server.events()] == ["ok"]
    (reason, path, _raw) = fresh_server.quarantined()[0]
    assert reason == "properties_too_deep"
    assert path.startswith("batch[0].properties.deep.in.in")


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_compressed_bodies(server: Running, encoding: str, encode: Any) -> None:
    body = encode(json.dumps({"userId": encoding, "event": "zipped"}).encode())
    assert send(server, "/v1/track", body, content_encoding=encoding).status_code == 200
    assert encoding in {e["distinct_id"] for e in server.events()}


def test_a_small_body_cannot_fill_memory(server: Running) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    response = send(server, "/v1/track", bomb, content_encoding="gzip")
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "body_too_large"


def test_refusals_speak_the_callers_language(server: Running) -> None:
    answers = {}
    for language in ("en", "zh-CN,zh;q=0.9"):
        response = httpx.post(
            f"{server.url}/v1/track",
            json={"userId": "u", "event": "e"},
            auth=("wk_unknown", ""),
            headers={"accept-language": language},
        )
        assert response.status_code == 401
        answers[language[:2]] = response.json()["error"]
    assert answers["en"]["code"] == answers["zh"]["code"] == "write_key_unknown"
    assert "write key" in answers["en"]["message"]
    assert "写入密钥" in answers["zh"]["message"]


def test_damaged_json_is_refused_and_nothing_is_stored(fresh_server: Running) -> None:
    response = send(fresh_server, "/v1/batch", b'{"batch": [')
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "payload_invalid"
    assert fresh_server.events() == []


def test_browsers_may_send_from_other_origins(server: Running) -> None:
    preflight = httpx.options(
        f"{server.url}/v1/track",
        headers={
            "origin": "https://shop.example",
            "access-control-request-headers": "content-type,authorization",
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://shop.example"
    assert "authorization" in preflight.headers["access-control-allow-headers"]


def test_the_pixel_answers_with_a_picture(fresh_server: Running) -> None:
    payload = {"userId": "u9", "event": "Opened", "writeKey": fresh_server.write_key}
    data = base64.b64encode(json.dumps(payload).encode()).decode()
    response = httpx.get(f"{fresh_server.url}/v1/pixel/track", params={"data": data})
    assert (response.status_code, response.headers["content-type"]) == (200, "image/gif")
    assert [(e["event"], e["distinct_id"]) for e in fresh_server.events()] == [("Opened", "u9")]


def test_identify_joins_what_the_visitor_did_before(fresh_server: Running) -> None:
    send(fresh_server, "/v1/track", {"anonymousId": "a1", "event": "seen"})
    send(fresh_server, "/v1/identify", {"anonymousId": "a1", "userId": "known", "traits": {"city": "上海"}})
    send(fresh_server, "/v1/track", {"userId": "known", "event": "paid"})
    person = fresh_server.api.get(fresh_server.path("/person"), params={"person": "a1"}).json()
    assert person["event_count"] == 2
    assert person["properties"]["city"] == "上海"
    assert sorted(person["distinct_ids"]) == ["a1", "known"]


def test_many_concurrent_senders_all_get_their_events_stored(fresh_server: Running) -> None:
    def one(number: int) -> int:
        event = {"userId": f"u{number % 7}", "event": "burst", "messageId": f"burst-{number}"}
        return send(fresh_server, "/v1/track", event).status_code

    started = time.time()
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(one, range(300))) == {200}
    stored = [e for e in fresh_server.events() if e["event"] == "burst"]
    assert len(stored) == 300
    assert all(e["time_ms"] >= (started - 1) * 1000 for e in stored)
