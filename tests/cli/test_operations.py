from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Command, Here, RunningServer

ORDERS = (
    "user_id,event,time,amount,city\n"
    "u1,purchase,2026-03-01 10:00:00,12.5,上海\n"
    "u2,purchase,2026-03-02 11:00:00,8,北京\n"
    "u1,refund,2026-03-03 12:00:00,3,上海\n"
    "u3,purchase,2026-03-03 13:00:00,5,广州\n"
)
PERIOD = ("--from", "2026-03-01", "--to", "2026-03-04")


@pytest.fixture(scope="module")
def shop(running: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A project with four imported events."""
    here = Here(running.data)
    made = here("project", "create", "shop", "--time-zone", "Asia/Shanghai", "--json")
    assert made.code == 0, made.err
    file = tmp_path_factory.mktemp("files") / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    done = here("import", file, "--project", "shop", "--json")
    assert done.code == 0, done.err
    (totals,) = done.value
    kept = {name: totals[name] for name in ("rows", "accepted", "duplicates", "rejected", "skipped")}
    assert kept == {"rows": 4, "accepted": 4, "duplicates": 0, "rejected": 0, "skipped": 0}
    return "shop"


def test_projects_are_made_changed_and_deleted(here: Here) -> None:
    made = here("project", "create", "short_lived", "--name", "Short", "--json").value
    assert (made["id"], made["name"], made["write_key"][:3]) == ("short_lived", "Short", "wk_")
    again = here("project", "create", "short_lived", "--json")
    assert (again.code, json.loads(again.err)["error"]["code"]) == (1, "project_exists")
    changed = here("project", "change", "short_lived", "--time-zone", "Asia/Tokyo", "--json").value
    assert (changed["name"], changed["time_zone"]) == ("Short", "Asia/Tokyo")
    assert here("project", "show", "short_lived", "--json").value["sources"] == ["default"]
    assert here("project", "delete", "short_lived", "--yes").code == 0
    assert "short_lived" not in [each["id"] for each in here("project", "list", "--json").value]


def test_a_project_must_be_named_when_there_are_several(here: Here, shop: str) -> None:
    asked = here("export", "events", "--json")
    assert asked.code == 1
    error = json.loads(asked.err)["error"]
    assert error["code"] == "project_not_named"
    assert shop in error["message"]


def test_keys_are_made_listed_and_revoked(here: Here, shop: str) -> None:
    write = here("key", "create", "write", "--source", "app", "-p", shop, "--json").value["key"]
    made = here("key", "create", "api", "--name", "reports", "--scope", "read", "-p", shop, "--json").value
    listed = here("key", "list", "-p", shop, "--json").value
    assert write in [each["key"] for each in listed["write_keys"] if each["source"] == "app"]
    assert [each["scopes"] for each in listed["api_keys"] if each["id"] == made["id"]] == [["read"]]
    assert made["secret"] not in json.dumps(listed)
    assert here("project", "show", shop, "--key", made["secret"]).code == 0
    denied = here("project", "change", shop, "--name", "x", "--key", made["secret"], "--json")
    assert (denied.code, json.loads(denied.err)["error"]["code"]) == (1, "permission_missing")
    assert here("key", "revoke", write, "-p", shop, "--json").value["revoked_at"] is not None
    assert here("key", "revoke", made["id"], "-p", shop, "--json").value["revoked_at"] is not None
    assert here("project", "show", shop, "--key", made["secret"]).code == 1


def test_importing_again_stores_nothing_twice(here: Here, shop: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    done = here("import", file, "-p", shop, "--json")
    assert done.code == 0, done.err
    assert (done.value[0]["accepted"], done.value[0]["duplicates"]) == (0, 4)


def test_an_import_is_listed_and_undone_and_can_come_again(here: Here, tmp_path: Path) -> None:
    here("project", "create", "undoing")
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    where = ("-p", "undoing", "--json")
    assert here("import", file, *where).value[0]["accepted"] == 4
    (listed,) = here("imports", "list", *where).value
    assert (listed["file"], listed["state"]) == ("orders.csv", "succeeded")
    gone = here("imports", "undo", listed["id"], "--yes", *where)
    assert gone.code == 0, gone.err
    assert gone.value == {"events": 4, "profile_changes": 0, "links": 0, "quarantined": 0}
    again = here("imports", "undo", listed["id"], "--yes", *where)
    assert (again.code, json.loads(again.err)["error"]["code"]) == (1, "import_undone")
    resumed = here("imports", "resume", listed["id"], *where)
    assert (resumed.code, json.loads(resumed.err)["error"]["code"]) == (1, "import_undone")
    assert here("import", file, *where).value[0]["accepted"] == 4


def test_a_guessed_mapping_is_written_edited_and_used(here: Here, tmp_path: Path) -> None:
    here("project", "create", "mapped")
    file, mapping = tmp_path / "orders.csv", tmp_path / "orders.csv.mapping.yaml"
    file.write_text(ORDERS + "u4,purchase,never,1,深圳\n", encoding="utf-8")
    clean = tmp_path / "clean.csv"
    clean.write_text(ORDERS, encoding="utf-8")
    guessed = here("import", clean, "--guess-only", "--map", mapping, "-p", "mapped", "--json").value[0]
    roles = {each["column"]: each["role"] for each in guessed["columns"]}
    assert (roles["user_id"], roles["event"], roles["time"]) == ("distinct_id", "event", "time")
    assert here("export", "events", "-p", "mapped").out.count("\n") == 1
    edited = re.sub(r"(?m)^event:\n(  .*\n)+", "event:\n  constant: order\n", mapping.read_text("utf-8"))
    mapping.write_text(edited, encoding="utf-8")
    done = here("import", file, "--map", mapping, "-p", "mapped", "--json").value[0]
    assert (done["rows"], done["accepted"], done["rejected"]) == (5, 4, 1)
    rows = list(csv.DictReader(io.StringIO(here("export", "events", "-p", "mapped").out)))
    assert {row["event"] for row in rows} == {"order"}
    (held,) = here("quarantine", "list", "-p", "mapped", "--json").value
    assert "line 6" in held["path"]
    assert "never" in held["raw"]


def test_a_payload_is_fixed_and_replayed(here: Here, running: RunningServer, tmp_path: Path) -> None:
    key = here("project", "create", "mending", "--json").value["write_key"]
    mending = replace(running, write_key=key)
    mending.track("", "nameless", "u9", number=1)
    (held,) = here("quarantine", "list", "-p", "mending", "--json").value
    assert held["reason"] == "event_name_missing"
    assert json.loads(here("quarantine", "replay", "-p", "mending", "--json").out)["stored"] == 0
    file = tmp_path / "fixed.json"
    file.write_text(json.dumps({**json.loads(held["raw"]), "event": "named"}))
    fixed = here("quarantine", "fix", held["item_id"], file, "-p", "mending")
    assert fixed.code == 0, fixed.err
    assert here("quarantine", "replay", "-p", "mending", "--json").value["stored"] == 1
    rows = list(csv.DictReader(io.StringIO(here("export", "events", "-p", "mending").out)))
    assert [(row["event"], row["distinct_id"]) for row in rows] == [("named", "u9")]
    again = here("quarantine", "fix", held["item_id"], file, "-p", "mending", "--json")
    assert json.loads(again.err)["error"]["code"] == "quarantine_item_done"
    missing = here("quarantine", "fix", held["item_id"], tmp_path / "none", "-p", "mending", "--json")
    assert json.loads(missing.err)["error"]["code"] == "input_unreadable"


def test_an_import_that_stores_nothing_exits_with_4(here: Here, shop: str, tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "event: {constant: x}\ndistinct_id: {columns: [user]}\ntime: {columns: [time], format: iso}\n"
    )
    file = tmp_path / "bad.csv"
    file.write_text("user,time\nu1,never\nu2,later\n")
    done = here("import", file, "--map", mapping, "-p", shop, "--json")
    assert done.code == 4
    assert (done.value[0]["accepted"], done.value[0]["rejected"]) == (0, 2)


def test_faults_of_file_and_mapping_are_found_before_anything_is_stored(
    here: Here, shop: str, tmp_path: Path
) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "event: {constant: x}\ndistinct_id: {columns: [nobody]}\ntime: {columns: [time], format: iso}\n"
    )
    file = tmp_path / "one.csv"
    file.write_text("user,time\nu1,2026-01-01\n")
    missing = here("import", file, "--map", mapping, "-p", shop, "--json")
    assert (missing.code, json.loads(missing.err)["error"]["code"]) == (1, "column_missing")
    absent = here("import", tmp_path / "no*.csv", "-p", shop, "--json")
    assert (absent.code, json.loads(absent.err)["error"]["code"]) == (1, "input_unreadable")


def test_events_are_exported_with_filters_and_columns(here: Here, shop: str, tmp_path: Path) -> None:
    out = tmp_path / "events.parquet"
    wanted = ("--event", "purchase", "--from", "2026-03-02", "--to", "2026-03-03", "--property", "amount")
    assert here("export", "events", "-o", out, *wanted, "-p", shop).code == 0
    rows = sorted(pq.read_table(out).to_pylist(), key=lambda row: row["distinct_id"])
    assert [(row["distinct_id"], row["event"], row["amount"]) for row in rows] == [
        ("u2", "purchase", "8"),
        ("u3", "purchase", "5"),
    ]
    assert [json.loads(row["properties"])["$city"] for row in rows] == ["北京", "广州"]


def test_no_events_are_a_table_with_columns_only(here: Here, shop: str) -> None:
    exported = here("export", "events", "--event", "nothing", "-p", shop)
    assert exported.out.splitlines() == [
        "event_id,event,time,received_at,person_id,distinct_id,session_id,source,properties"
    ]


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet", "arrow", "jsonl"])
def test_every_format_is_written(here: Here, shop: str, tmp_path: Path, format: str) -> None:
    from bihuan.collect.files import FileReader

    out = tmp_path / f"events.{format}"
    assert here("export", "events", "-o", out, "-p", shop, "--event", "purchase").code == 0
    with FileReader(out) as reader:
        assert reader.sample().rows == 3


def test_a_question_is_answered_as_table_json_sql_and_file(here: Here, shop: str) -> None:
    ask = ("query", "trend", *PERIOD, "--set", "series.0.selector.events=[purchase]", "-p", shop)
    assert here(*ask, "--json").value["lines"][0]["values"] == [1.0, 1.0, 1.0, 0.0]
    printed = here(*ask)
    assert "███▁" in printed.out
    assert "2026-03-01 – 2026-03-04 (Asia/Shanghai)" in printed.out
    assert here(*ask, "--sql").out.startswith("SELECT")
    rows = list(csv.DictReader(io.StringIO(here(*ask, "--format", "csv").out)))
    assert [(row["bucket"], row["values"]) for row in rows] == [
        ("2026-03-01", "1.0"),
        ("2026-03-02", "1.0"),
        ("2026-03-03", "1.0"),
        ("2026-03-04", "0.0"),
    ]


def test_questions_come_from_files_too(here: Here, shop: str, tmp_path: Path) -> None:
    file = tmp_path / "q.yaml"
    file.write_text("kind: trend\nseries:\n- selector: {events: [refund]}\n")
    found = here("query", file, *PERIOD, "-p", shop, "--json").value
    assert (found["lines"][0]["total"], found["rows_read"] > 0, found["bytes_read"] > 0) == (1, True, True)
    wrong = here("query", "no_such_kind", "-p", shop, "--json")
    assert (wrong.code, json.loads(wrong.err)["error"]["code"]) == (1, "request_invalid")
    assert "trend" in here("query", "kinds", "-p", shop, "--json").value


def test_doctor_finds_all_well_and_shows_no_secret(here: Here, running: RunningServer, shop: str) -> None:
    done = here("doctor", "--json")
    assert done.code == 0, done.out
    checks = {check["name"]: check for check in done.value}
    assert {"server", "versions", "settings", "disk_write", "clock", "event_store", "queue"} <= checks.keys()
    assert checks["project shop"]["detail"] == "4 events"
    assert checks["event_store"]["state"] == checks["control_database"]["state"] == "ok"
    assert (running.data / "admin.key").read_text().strip() not in done.out


def test_doctor_hides_passwords_and_fails_when_a_store_is_away(bihuan: Command, tmp_path: Path) -> None:
    database = "postgresql://someone:hush@127.0.0.1:9/nothing"
    done = bihuan(
        "doctor", "--data", tmp_path / "d", "--json", BIHUAN_DATABASE=database, LC_ALL="zh_CN.UTF-8"
    )
    assert done.code == 4
    checks = {check["name"]: check for check in done.value}
    assert (checks["installation"]["state"], checks["versions"]["state"]) == ("fail", "ok")
    assert "someone:***@127.0.0.1" in checks["settings"]["detail"]
    assert "hush" not in done.out + done.err
