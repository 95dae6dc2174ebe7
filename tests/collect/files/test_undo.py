"""An import is taken back as one deed: what it stored goes, what was there stays, and it can come again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.insights import roll_up
from bihuan.people import squash
from bihuan.warehouse import Engine
from tests.collect.files.working import Working
from tests.server.running import running_server

MAPPING = {
    "event": {"column": "event"},
    "distinct_id": {"columns": ["user"], "anonymous": "device"},
    "time": {"columns": ["time"], "timezone": "UTC"},
    "message_id": {"columns": ["id"]},
    "properties": [{"name": "amount", "column": "amount", "type": "number"}],
    "person": [{"name": "level", "column": "level"}],
}
HEAD = "id,event,user,device,time,amount,level\n"
FIRST = (
    HEAD
    + "1,pay,ann,d-ann,2026-05-01 10:00:00,10,gold\n"
    + "2,pay,bob,,2026-05-02 10:00:00,20,silver\n"
    + "3,pay,bob,,2026-05-03 10:00:00,oops,silver\n"
)
# Shares row 2 with the first; says more of ann, links a device that was seen alive, and names a new event.
SECOND = (
    HEAD
    + "2,pay,bob,,2026-05-02 10:00:00,20,silver\n"
    + "4,pay,ann,d-ann,2026-06-01 10:00:00,30,platinum\n"
    + "5,refund,cid,d-live,2026-06-02 10:00:00,5,bronze\n"
    + "6,pay,cid,,2026-06-03 10:00:00,never,bronze\n"
    + "7,pay,cid,,2026-07-03 10:00:00,7,bronze\n"
)


@pytest.fixture(scope="module")
def working(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    with running_server(engine, tmp_path_factory.mktemp("installation"), work=True) as server:
        yield Working(server)


def _send(working: Working, **message: Any) -> None:
    server = working.server
    answer = server.api.post(
        "/v1/track", json=message, headers={"authorization": ""}, auth=(server.write_key, "")
    )
    assert answer.status_code == 200, answer.text


def _state(working: Working) -> dict[str, Any]:
    """What members can see of the project: rows, answers, people, catalog."""
    trend = {
        "kind": "trend",
        "period": {"kind": "dates", "from_date": "2026-05-01", "to_date": "2026-07-31"},
        "interval": "month",
        "series": [
            {"selector": {"events": ["pay"]}},
            {"selector": {"events": ["pay"]}, "measure": {"kind": "people"}},
            {"selector": {"events": ["refund"]}},
        ],
    }
    answer = working.post("/query", trend)
    people = working.get("/people")["items"]
    return {
        "events": working.rows(
            "SELECT event_id, event, distinct_id, source, toString(properties.amount) "
            "FROM {events} ORDER BY event_id"
        ),
        "answer": [line["values"] for line in answer["lines"]],
        "people": sorted((each["distinct_ids"], each["properties"]) for each in people),
        "persons": {
            name: working.server.project.people.get(name).events.count for name in ("ann", "bob", "d-live")
        },
        "links": working.rows(
            "SELECT from_id, to_id, status FROM {identity_links} FINAL ORDER BY from_id, to_id"
        ),
        "quarantine": working.rows("SELECT reason, path, raw FROM {quarantine} FINAL ORDER BY path"),
        "catalog": [
            (
                each["name"],
                each["seen"],
                [
                    (one["name"], one["seen"]["count"], one["seen_types"])
                    for one in working.get("/catalog/event", event=each["name"])["properties"]
                ],
            )
            for each in working.get("/catalog/events")["items"]
            if each["name"] != "seen"
        ],
    }


def test_undoing_an_import_leaves_everything_as_it_was_before(working: Working) -> None:
    _send(working, event="seen", anonymousId="d-live", messageId="live-1")
    first = working.imported(FIRST, mapping=MAPPING, source="shop")
    assert (first["state"], first["totals"]["accepted"] > 0, first["can_undo"]) == ("succeeded", True, True)
    before = _state(working)
    second = working.imported(SECOND, name="more.csv", mapping=MAPPING, source="shop")
    assert (second["totals"]["duplicates"], second["totals"]["rejected"]) == (1, 1)
    during = _state(working)
    assert during != before
    # Persons written into the rows, and bitmaps built of them, are put right too.
    project = working.server.project
    squash(project.people.identities, settle_seconds=0, linger_seconds=0)
    roll_up(project.store, "Asia/Shanghai", [], [])
    assert _state(working) == during
    # Of bob's change, which both files have, the first copy is the one that counts.
    store = project.store
    store.engine.command(f"OPTIMIZE TABLE {store.table('profile_changes')} FINAL")
    gone = working.undone(second["id"])
    assert gone == {"events": 3, "profile_changes": 2, "links": 1, "quarantined": 1}
    assert _state(working) == before
    shown = working.get(f"/imports/{second['id']}")
    assert (shown["state"], shown["undone"], shown["can_undo"]) == ("undone", gone, False)
    again = working.imported(SECOND, name="more.csv", mapping=MAPPING, source="shop")
    assert {**again["totals"], "seconds": 0} == {**second["totals"], "seconds": 0}
    assert _state(working) == during
    answer = working.server.api.post(working.server.path(f"/imports/{second['id']}/undo"), json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "import_undone")


def test_live_rows_of_the_same_source_and_moment_stay(working: Working) -> None:
    """Traffic of a source may be received at any millisecond; an import takes one of its own."""
    store = working.server.project.store
    upload_id = working.upload(FIRST.replace("pay", "visit"))
    at_ms = working.server.installation.imports.uploads(working.server.project_id).get(upload_id).created_ms
    rows = [(at_ms - back, "web") for back in range(50)]
    for received_ms, source in rows:
        store.engine.command(
            f"INSERT INTO {store.table('events')} (event_id, event, time, received_at, person_id, "
            f"distinct_key, distinct_id, source) SELECT generateUUIDv4(), 'visit', now64(3), "
            f"fromUnixTimestamp64Milli({received_ms}, 'UTC'), 1, 1, 'x', '{source}'"
        )
    job = working.wait(working.start(upload_id, mapping=MAPPING, source="web"))
    count = "SELECT count() FROM {events} WHERE event = 'visit'"
    assert working.rows(count) == [(52,)]
    found = next(each for each in working.imports() if each["job_id"] == job["id"])
    working.undone(found["id"])
    assert working.rows(count) == [(50,)]


def test_an_import_that_was_cancelled_is_continued_from_what_was_uploaded(working: Working) -> None:
    lines = "".join(f"r{n},long,u{n % 50},,2026-05-01 10:00:00,{n},x\n" for n in range(30_000))
    job = working.start(working.upload(HEAD + lines, "long.csv"), mapping=MAPPING, source="long")
    deadline = time.monotonic() + 60
    while working.get(f"/jobs/{job['id']}")["done"] == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    server = working.server
    server.api.delete(server.path(f"/jobs/{job['id']}"))
    stopped = working.imports()[0]
    assert (stopped["state"], stopped["totals"], stopped["can_resume"]) == ("cancelled", None, True)
    resumed = working.wait(working.post(f"/imports/{stopped['id']}/resume", {}, 202))
    assert (resumed["state"], resumed["result"]["rows"]) == ("succeeded", 30_000)
    assert working.rows("SELECT count() FROM {events} WHERE event = 'long'") == [(30_000,)]
    ended = working.imports()[0]
    assert (ended["id"], ended["state"], ended["can_resume"]) == (stopped["id"], "succeeded", False)
    working.undone(ended["id"])
    assert working.rows("SELECT count() FROM {events} WHERE event = 'long'") == [(0,)]


def test_the_same_file_begun_again_continues_what_stopped_and_is_undone_whole(working: Working) -> None:
    lines = "".join(f"s{n},twice,u{n % 50},,2026-05-01 10:00:00,{n},x\n" for n in range(30_000))
    job = working.start(working.upload(HEAD + lines, "twice.csv"), mapping=MAPPING, source="twice")
    deadline = time.monotonic() + 60
    while working.get(f"/jobs/{job['id']}")["done"] == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    server = working.server
    server.api.delete(server.path(f"/jobs/{job['id']}"))
    ended = working.imported(HEAD + lines, "twice.csv", mapping=MAPPING, source="twice")
    assert ended["totals"]["rows"] == 30_000
    assert [each["source"] for each in working.imports()].count("twice") == 1
    assert working.undone(ended["id"])["events"] == 30_000
    assert working.rows("SELECT count() FROM {events} WHERE event = 'twice'") == [(0,)]


def test_a_half_import_is_undone_too_and_then_imported_whole(working: Working) -> None:
    lines = "".join(f"t{n},half,u{n % 50},,2026-05-01 10:00:00,{n},x\n" for n in range(30_000))
    job = working.start(working.upload(HEAD + lines, "half.csv"), mapping=MAPPING, source="half")
    deadline = time.monotonic() + 60
    while working.get(f"/jobs/{job['id']}")["done"] == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    server = working.server
    running = server.api.post(server.path(f"/imports/{working.imports()[0]['id']}/undo"), json={})
    assert running.json()["error"]["code"] == "import_under_way"
    server.api.delete(server.path(f"/jobs/{job['id']}"))
    working.undone(working.imports()[0]["id"])
    assert working.rows("SELECT count() FROM {events} WHERE event = 'half'") == [(0,)]
    assert (
        working.imported(HEAD + lines, "half.csv", mapping=MAPPING, source="half")["totals"]["accepted"]
        >= 30_000
    )
    assert working.rows("SELECT count() FROM {events} WHERE event = 'half'") == [(30_000,)]


def test_who_undid_what_is_in_the_audit_log(working: Working) -> None:
    done = working.imported(FIRST.replace("pay", "sold"), mapping=MAPPING, source="audited")
    working.undone(done["id"])
    records = working.get("/audit")["items"]
    acts = [(each["action"], each["target_id"]) for each in records if each["target_id"] == done["id"]]
    assert acts == [("import.undone", done["id"]), ("import.started", done["id"])]


def test_a_preview_over_http_stores_nothing(working: Working) -> None:
    before = working.rows("SELECT count() FROM {events}")
    upload_id = working.upload(FIRST)
    shown = working.post("/imports/preview", {"upload_id": upload_id, "mapping": MAPPING})
    assert [row["line"] for row in shown["rows"]] == [2, 3, 4]
    assert [(item["line"], item["kind"], item["distinct_id"]) for item in shown["items"]] == [
        (2, "event", "ann"),
        (3, "event", "bob"),
        (2, "link", "ann"),
        (2, "profile", "ann"),
        (3, "profile", "bob"),
    ]
    assert [(fault["line"], fault["column"], fault["reason"]) for fault in shown["faults"]] == [
        (4, "amount", "number_invalid")
    ]
    guessed = working.post("/imports/preview", {"upload_id": upload_id})
    assert guessed["mapping"]["distinct_id"]["columns"] == ["user"]
    assert working.rows("SELECT count() FROM {events}") == before


def test_a_new_name_is_in_the_catalog_within_seconds(working: Working) -> None:
    name = "never heard of"
    _send(working, event=name, userId="ann", messageId="new-1", properties={"weight": 3})
    deadline = time.monotonic() + 20
    found: list[dict[str, Any]] = []
    while not found and time.monotonic() < deadline:
        found = [each for each in working.get("/catalog/events")["items"] if each["name"] == name]
    assert found
    properties = working.get("/catalog/event", event=name)["properties"]
    assert ("weight", {"number": 0}) in [(each["name"], each["seen_types"]) for each in properties]
