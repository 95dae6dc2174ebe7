"""Journeys, templates and campaigns that two people save: the second is told, and nothing is overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bihuan.warehouse import Engine
from tests.server.running import Running, running_server

REST = {"kind": "wait", "span": {"count": 1}}


def draft(name: str) -> dict[str, Any]:
    return {"unfinished": {"entry": {"kind": "api"}, "start": name, "nodes": {name: REST}}}


def body(name: str) -> dict[str, Any]:
    content = {"medium": "email", "subject": name, "text": "Hello"}
    return {"body": {"default_language": "en", "variants": {"default": {"en": content}}}}


def plan(name: str) -> dict[str, Any]:
    return {"plan": {"hypothesis": {"words": name}}}


KINDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "journeys": draft,
    "message-templates": body,
    "campaigns": plan,
}


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("revisions")) as running:
        yield running


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def made(server: Running, kind: str, name: str) -> str:
    given = {"name": name, **KINDS[kind]("first")}
    answer = server.api.post(server.path(f"/{kind}"), json=given)
    assert (answer.status_code, answer.json().get("revision")) == (201, 1), answer.text
    return server.path(f"/{kind}/{answer.json()['id']}")


def save(server: Running, path: str, kind: str, name: str, **more: Any) -> httpx.Response:
    return server.api.patch(path, json={**KINDS[kind](name), **more})


def test_what_was_saved_meanwhile_is_not_overwritten(server: Running, kind: str) -> None:
    path = made(server, kind, f"Shared {kind}")
    ours = save(server, path, kind, "ours", revision=1)
    assert (ours.status_code, ours.json()["revision"]) == (200, 2), ours.text
    before = server.api.get(path).json()
    theirs = save(server, path, kind, "theirs", revision=1)
    assert theirs.status_code == 409
    said = theirs.json()["error"]
    assert (said["code"], said["path"]) == ("changed_meanwhile", "revision")
    assert said["message"].startswith(f"test saved “Shared {kind}” at 20")
    assert "revision 2" in said["hint"]
    assert server.api.get(path).json() == before
    given = {**KINDS[kind]("theirs"), "revision": 1}
    chinese = server.api.patch(path, json=given, headers={"accept-language": "zh"})
    assert "test 已于 20" in chinese.json()["error"]["message"]
    # Whoever knows of it saves over it; whoever names no revision does not mind.
    assert save(server, path, kind, "theirs", revision=2).json()["revision"] == 3
    assert save(server, path, kind, "anyone").json()["revision"] == 4


def test_a_new_description_is_no_new_draft(server: Running, kind: str) -> None:
    path = made(server, kind, f"Described {kind}")
    described = server.api.patch(path, json={"description": "New words"})
    assert (described.status_code, described.json()["revision"]) == (200, 1)
    assert save(server, path, kind, "ours", revision=1).status_code == 200


def test_of_many_who_save_at_once_one_is_kept(server: Running, kind: str) -> None:
    path = made(server, kind, f"Crowded {kind}")
    names = [f"n{number}" for number in range(8)]
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(lambda name: save(server, path, kind, name, revision=1), names))
    won = [name for name, answer in zip(names, answers, strict=True) if answer.status_code == 200]
    assert [answer.status_code for answer in answers].count(409) == len(names) - 1
    assert len(won) == 1
    kept = server.api.get(path).json()
    assert kept["revision"] == 2
    assert f'"{won[0]}"' in json.dumps(kept)


def test_what_is_published_was_seen(server: Running) -> None:
    path = made(server, "journeys", "Published")
    save(server, path, "journeys", "other", revision=1)
    stale = server.api.post(f"{path}/publish", json={"revision": 1})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "changed_meanwhile")
    assert server.api.get(path).json()["version"] == 0
    assert server.api.post(f"{path}/publish", json={"revision": 2}).json()["version"] == 1
