"""Templates, snippets, look-up tables and previews over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from bihuan.database import Database
from bihuan.messages.templates.service import rendering, seal
from bihuan.people import Change, change_uuid
from bihuan.warehouse import Engine
from tests.insights.conftest import caller
from tests.server.running import Running, running_server

__all__ = ["caller"]


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        ann = {"name": "Ann", "email": "ann@example.com", "language": "en", "level": "gold"}
        bao = {"name": "宝", "email": "bao@example.com", "language": "zh-CN"}
        changes = [
            Change(change_uuid(each, "set"), each, 1_700_000_000_000, 1_700_000_000_000, "set", values)
            for each, values in (("ann", ann), ("bao", bao))
        ]
        running.project.people.record([], changes, received_ms=1_700_000_000_000)
        yield running


def _body(text: str = "Hi {{ person.name }}", **languages: str) -> dict[str, Any]:
    contents = {"en": {"medium": "sms", "text": text}}
    contents |= {key: {"medium": "sms", "text": each} for key, each in languages.items()}
    return {"default_language": "en", "variants": {"a": contents}}


def _make(server: Running, name: str, body: dict[str, Any]) -> dict[str, Any]:
    sent = {"name": name, "body": body}
    answer = server.api.post(server.path("/message-templates"), json=sent)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _database(server: Running) -> Database:
    return server.installation.database


def test_a_version_that_was_sent_with_stays_as_it_is(server: Running) -> None:
    api, project = server.api, server.project_id
    foot = {"name": "foot", "texts": {"": "bye"}}
    snippet = api.post(server.path("/message-snippets"), json=foot).raise_for_status().json()
    made = _make(server, "versions", _body("one {% render 'foot' %}"))
    path = server.path(f"/message-templates/{made['id']}")
    changed = api.patch(path, json={"body": _body("two {% render 'foot' %}")}).json()
    assert (changed["version"], changed["sealed"]) == (1, False)
    with _database(server).session() as session:
        assert seal(session, project, made["id"]) == 1
    api.patch(
        server.path(f"/message-snippets/{snippet['id']}"), json={"texts": {"": "ciao"}}
    ).raise_for_status()
    again = api.patch(path, json={"body": _body("three {% render 'foot' %}")}).json()
    assert (again["version"], again["sealed"]) == (2, False)
    with _database(server).read_session() as session:
        said = [rendering(session, project, made["id"], each).render({"person": {}}).text for each in (1, 2)]  # type: ignore[union-attr]
    assert said == ["two bye", "three ciao"]
    kept = [(each["version"], bool(each["sealed_at"])) for each in api.get(path + "/versions").json()]
    assert kept == [(2, False), (1, True)]
    restored = api.post(path + "/versions/1/restore").json()
    assert (restored["version"], restored["body"]["variants"]["a"]["en"]["text"]) == (
        2,
        "two {% render 'foot' %}",
    )
    assert api.delete(path).json()["error"]["code"] == "template_sealed"
    used = api.get(server.path(f"/message-snippets/{snippet['id']}")).json()["used_in"]
    assert [(each["kind"], each["name"]) for each in used] == [("template", "versions")]
    refused = api.delete(server.path(f"/message-snippets/{snippet['id']}"))
    assert refused.json()["error"]["code"] == "snippet_used"


def test_what_cannot_be_read_is_refused_with_its_place_and_nothing_is_kept(server: Running) -> None:
    sent = {"name": "broken", "body": _body("a\n{{ x | }}")}
    answer = server.api.post(server.path("/message-templates"), json=sent)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["path"]) == (
        422,
        "template_invalid",
        "body.variants.a.en.text",
    )
    assert "a/en/text:2:" in error["message"]
    assert (
        server.api.get(server.path("/message-templates"), params={"search": "broken"}).json()["items"] == []
    )
    made = _make(server, "medium", _body())
    mail = {"variants": {"a": {"en": {"medium": "email", "subject": "s", "text": "t"}}}}
    path = server.path(f"/message-templates/{made['id']}")
    assert server.api.patch(path, json={"body": mail}).json()["error"]["code"] == "template_medium_fixed"
    taken = server.api.post(server.path("/message-templates"), json={"name": "medium", "body": _body()})
    assert taken.json()["error"]["code"] == "template_exists"
    assert server.api.delete(path).status_code == 204
    actions = [each["action"] for each in server.api.get(server.path("/audit")).json()["items"]]
    assert "message_template.deleted" in actions


def test_a_preview_shows_real_people_and_masks_what_the_caller_may_not_see(
    server: Running, caller: Callable[..., httpx.Client]
) -> None:
    table = {"file": ("p.csv", b"sku,name\ns1,Shoe\n")}
    put = server.api.put(server.path("/message-lookups/products"), files=table)
    assert put.json() == {"name": "products", "rows": 1}
    english = "{{ person.name }} {{ person.email | slice: 0, 3 }} {{ person.level }} {{ event.sku }}"
    chinese = "{{ person.name }}：{{ catalog.products[event.sku].name }} {{ person.level }}"
    body = _body(english, **{"zh-CN": chinese})
    asked = {"body": body, "people": ["ann", "bao", "nobody"], "event_properties": {"sku": "s1"}}
    ann, bao, nobody = server.api.post(server.path("/message-templates/preview"), json=asked).json()[
        "previews"
    ]
    assert ann["content"]["text"] == "Ann ann gold s1"
    assert (ann["language"], ann["problems"], ann["sms"]["segments"]) == ("en", [], 1)
    assert bao["content"]["text"] == "宝：Shoe"
    assert [(each["code"], each["line"], each["column"]) for each in bao["problems"]] == [
        ("undefined", 1, chinese.index("person.level") + 1)
    ]
    assert nobody["found"] is False
    with caller("view") as viewer:
        answer = viewer.post(server.path("/message-templates/preview"), json=asked).json()
    assert answer["masked"] is True
    assert answer["previews"][0]["content"]["text"] == "A** a** gold s1"


def test_a_check_knows_the_properties_of_the_project(server: Running) -> None:
    made = _make(server, "check", _body("{{ person.nmae }} {{ person.name }} 回T退订"))
    path = server.path(f"/message-templates/{made['id']}/check")
    (problem,) = server.api.get(path).json()
    assert (problem["code"], problem["severity"], problem["column"]) == ("unknown_property", "warning", 4)
    sent = {"body": _body("{{ nope }} 退订"), "purpose": "marketing"}
    found = server.api.post(server.path("/message-templates/check"), json=sent).json()
    assert [each["code"] for each in found] == ["unknown_variable"]


def test_look_up_tables_are_replaced_whole(server: Running) -> None:
    path = server.path("/message-lookups/shops")
    for content, rows in (("no,name\n1,A\n2,B\n", 2), ("no,name\n2,C\n", 1)):
        put = server.api.put(path, files={"file": ("p.csv", content.encode("gb18030"))})
        assert put.json()["rows"] == rows
    assert server.api.get(path).json() == [{"key": "2", "values": {"name": "C"}}]
    refused = server.api.put(path, files={"file": ("p.csv", b"no,name\n1,A\n1,B\n")})
    assert refused.status_code == 422
    assert server.api.get(path).json() == [{"key": "2", "values": {"name": "C"}}]
    assert server.api.delete(path).status_code == 204
    assert server.api.get(path).json()["error"]["code"] == "lookup_not_found"
