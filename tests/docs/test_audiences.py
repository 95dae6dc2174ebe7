"""The examples of the guide to audiences work, and are the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.warehouse import Engine
from tests.insights.shop import fill, send
from tests.server.running import Running, running_server

GUIDES = [Path(__file__).parents[2] / "docs" / name for name in ("audiences.md", "audiences.zh-CN.md")]


def examples(guide: Path) -> list[tuple[str, str]]:
    return re.findall(r"```json (\w+)\n(.*?)```", guide.read_text(), re.S)


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        send(running, [{"type": "identify", "userId": "ann", "traits": {"birthday": "1990-05-03"}}])
        fill(running)
        yield running


def test_every_example_is_taken(server: Running) -> None:
    manual = {"name": "Level", "definition": {"kind": "manual"}}
    tag_id = server.api.post(server.path("/tags"), json=manual).raise_for_status().json()["id"]
    listed = {"name": "Some", "people": {"distinct_ids": ["ann"]}}
    audience_id = server.api.post(server.path("/audiences"), json=listed).raise_for_status().json()["id"]
    found = examples(GUIDES[0])
    assert len(found) >= 19
    for number, (kind, text) in enumerate(found):
        filled = text.replace("AUDIENCE_ID", audience_id).replace("TAG_ID", tag_id)
        if kind == "condition":
            path, body = "/audiences/estimate", f'{{"condition": {filled}}}'
        elif kind == "tag":
            path, body = "/tags", f'{{"name": "tag {number}", "refresh": "never", "definition": {filled}}}'
        else:
            path = {"rule": "/warnings/rules", "sync": "/audience-syncs", "persona": "/persona"}[kind]
            body = filled
        headers = {"content-type": "application/json"}
        answer = server.api.post(server.path(path), content=body, headers=headers)
        assert answer.is_success, f"{text}\n{answer.text}"


def test_all_kinds_of_conditions_and_windows_are_shown() -> None:
    text = "".join(body for kind, body in examples(GUIDES[0]) if kind == "condition")
    shown = set(re.findall(r'"kind": "(\w+)"', text))
    kinds = {"did", "occurrence", "sequence", "has", "anniversary", "listed", "share", "all", "any", "not"}
    assert kinds <= shown
    assert {"rolling", "ago", "last", "since", "dates", "active", "in_a_row", "property"} <= shown


def test_both_languages_show_the_same() -> None:
    assert examples(GUIDES[0]) == examples(GUIDES[1])
