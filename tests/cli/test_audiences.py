"""Audiences and tags from the command line, against a running server and without one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Here, RunningServer

CONDITION = """
kind: did
event: {events: [order]}
compare: {operator: gte, value: 2}
"""
RULE = """
kind: rule
cases:
  - value: often
    condition: {kind: did, event: {events: [order]}, compare: {operator: gte, value: 2}}
otherwise: seldom
"""


@pytest.fixture
def shop(running: RunningServer, here: Here, tmp_path: Path) -> tuple[Here, str, Path]:
    """A project of its own with two who ordered: ann twice, bob once."""
    name = f"shop{abs(hash(str(tmp_path))) % 10**8}"
    made = here("project", "create", name, "--json")
    assert made.code == 0, made.err
    with running.api() as api:
        for number, who in enumerate(("ann", "ann", "bob")):
            body = {"userId": who, "event": "order", "messageId": f"{name}{number}"}
            key = made.value["write_key"]
            assert api.post("/v1/track", json=body, auth=(key, "")).status_code == 200
    return here, name, tmp_path


def test_an_audience_is_made_listed_exported_and_deleted(shop: tuple[Here, str, Path]) -> None:
    here, project, where = shop
    (where / "often.yaml").write_text(CONDITION)
    made = here("audience", "create", "Often", "-f", where / "often.yaml", "-p", project, "--json")
    assert made.code == 0, made.err
    assert (made.value["size"], made.value["kind"]) == (1, "condition")
    (where / "ids.txt").write_text("bob\nnobody\n")
    listed = here("audience", "create", "Listed", "--ids", where / "ids.txt", "-p", project, "--json").value
    assert (listed["size"], listed["unknown_ids"]) == (1, ["nobody"])
    names = [each["name"] for each in here("audience", "list", "-p", project, "--json").value]
    assert names == ["Listed", "Often"]
    assert here("audience", "show", "Often", "-p", project, "--json").value["id"] == made.value["id"]
    people = here("audience", "people", made.value["id"], "-p", project, "--json").value
    assert [each["distinct_ids"] for each in people] == [["ann"]]
    changed = here("audience", "refresh", "Often", "-p", project, "--json")
    assert (changed.code, changed.value["people"], changed.value["entered"]) == (0, 1, 0)
    out = where / "often.csv"
    assert here("audience", "export", "Often", "-o", out, "-p", project).code == 0
    (row,) = csv.DictReader(out.open())
    assert json.loads(row["distinct_ids"]) == ["ann"]
    assert here("audience", "delete", "Often", "--yes", "-p", project).code == 0
    gone = here("audience", "show", "Often", "-p", project, "--json")
    assert (gone.code, json.loads(gone.err)["error"]["code"]) == (1, "input_unreadable")


def test_what_makes_no_audience_is_refused(shop: tuple[Here, str, Path]) -> None:
    here, project, where = shop
    assert here("audience", "create", "None", "-p", project).code == 1
    (where / "wrong.yaml").write_text("kind: did\nevent: {events: [order]}\nwindow: {kind: moonlight}\n")
    refused = here("audience", "create", "Wrong", "-f", where / "wrong.yaml", "-p", project, "--json")
    assert refused.code == 1
    assert "moonlight" in refused.err or "window" in refused.err


def test_a_tag_is_defined_refreshed_and_read(shop: tuple[Here, str, Path]) -> None:
    here, project, where = shop
    (where / "rule.yaml").write_text(RULE)
    arguments = ["-f", str(where / "rule.yaml"), "--category", "orders/how often", "-p", project, "--json"]
    made = here("tag", "create", "Buyers", *arguments)
    assert made.code == 0, made.err
    assert (made.value["people"], made.value["kind"]) == (2, "rule")
    sizes = here("tag", "values", "Buyers", "-p", project, "--json").value
    assert {each["value"]: each["people"] for each in sizes} == {"often": 1, "seldom": 1}
    (past,) = here("tag", "values", "Buyers", "--of", "bob", "-p", project, "--json").value
    assert (past["before"], past["value"]) == (None, "seldom")
    assert here("tag", "refresh", "Buyers", "-p", project, "--json").value["changed"] == 0
    below = here("tag", "list", "--category", "orders", "-p", project, "--json").value
    assert [each["name"] for each in below] == ["Buyers"]
    assert here("tag", "list", "--category", "other", "-p", project, "--json").value == []
    said = here("tag", "show", "Buyers", "-p", project, "--lang", "zh")
    assert "更新方式" in said.out


def test_values_are_imported_from_a_file(shop: tuple[Here, str, Path]) -> None:
    here, project, where = shop
    (where / "manual.json").write_text('{"kind": "manual"}')
    made = here("tag", "create", "Level", "-f", where / "manual.json", "-p", project, "--json")
    assert made.code == 0, made.err
    (where / "级别.csv").write_text("id,value\nann,vip\nbob,plain\nnobody,vip\n", encoding="gbk")
    done = here("tag", "import", "Level", where / "级别.csv", "-p", project, "--json").value
    assert (done["changed"], done["unknown_ids"], done["lines"]) == (2, ["nobody"], 3)
    sizes = here("tag", "values", "Level", "-p", project, "--json").value
    assert {each["value"]: each["people"] for each in sizes} == {"vip": 1, "plain": 1}
    missing = here("tag", "import", "Level", where / "absent.csv", "-p", project)
    assert missing.code == 1


def test_without_a_server_the_command_finds_the_people_itself(bihuan: Command, tmp_path: Path) -> None:
    assert bihuan("init").code == 0
    (tmp_path / "all.yaml").write_text("kind: all\nitems: []\n")
    made = bihuan("audience", "create", "All", "-f", "all.yaml", "--json")
    assert made.code == 0, made.err
    assert (made.value["size"], made.value["refreshed_at"] is None) == (0, False)


def test_a_prediction_is_made_as_a_tag_and_says_why_it_is_refused(shop: tuple[Here, str, Path]) -> None:
    here, project, where = shop
    (where / "churn.yaml").write_text("kind: churn\nactive: {events: [order]}\n")
    made = here("tag", "create", "Churn", "-f", where / "churn.yaml", "-p", project)
    assert made.code == 1
    assert "too little data" in made.err
    listed = here("prediction", "list", "-p", project, "--json").value
    assert [(each["name"], each["state"]) for each in listed] == [("Churn", "refused")]
    shown = here("prediction", "show", "Churn", "-p", project)
    assert shown.code == 0
    assert "too little data" in shown.out
    again = here("prediction", "train", "Churn", "-p", project)
    assert again.code == 1
    assert "too little data" in again.err
    assert here("prediction", "people", "Churn", "-p", project, "--json").value == []
    assert here("prediction", "people", "Churn", "--of", "ann", "-p", project).code == 1
