"""Personal data at a running server: who sees it, where, and what is on record of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bihuan.access import create_api_key
from bihuan.access.personal import callers
from bihuan.access.roles import Role
from bihuan.warehouse import Engine
from tests.server.contract import Contract
from tests.server.members import member_client
from tests.server.running import Running, running_server

PHONE, MAIL, NAME = "13800138000", "li.lei@example.com", "李雷"
HIDDEN = ("138****8000", "l***@example.com", "李**")


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        traits = {"phone": PHONE, "email": MAIL, "real_name": NAME, "plan": "pro"}
        bodies = [
            ("identify", {"userId": "u1", "traits": traits}),
            ("track", {"userId": "u1", "event": "buy", "properties": {"contact": PHONE, "real_name": NAME}}),
            ("track", {"userId": MAIL, "event": "buy", "properties": {"city": "上海"}}),
            ("track", {"userId": "u1", "event": "", "properties": {"phone": PHONE}, "messageId": "bad"}),
        ]
        for method, body in bodies:
            sent = httpx.post(f"{running.url}/v1/{method}", json=body, auth=(running.write_key, ""))
            assert sent.status_code == 200
        yield running


@pytest.fixture
def seen(server: Running) -> Iterator[dict[str, httpx.Client]]:
    """Clients of a specialist, who may see personal data, an analyst and a viewer, who may not."""
    contract = Contract(httpx.get(f"{server.url}/api/openapi.json").json())
    roles: tuple[Role, ...] = ("owner", "specialist", "analyst", "viewer")
    hooks = {"response": [contract.check]}
    clients = {role: member_client(server, role, event_hooks=hooks) for role in roles}
    yield clients
    for client in clients.values():
        client.close()


def _in_the_clear(text: str) -> list[str]:
    plain = json.dumps(json.loads(text), ensure_ascii=False) if text[0] in "[{" else text
    return [value for value in (PHONE, MAIL, NAME) if value in plain]


TREND = {
    "kind": "trend",
    "period": {"kind": "last", "count": 2, "unit": "day"},
    "series": [{"selector": {"events": ["buy"]}}],
}


def _by(name: str) -> dict[str, Any]:
    return {**TREND, "breakdowns": [{"property": {"name": name}}]}


BY_ID = {**TREND, "breakdowns": [{"property": {"scope": "field", "name": "distinct_id"}}]}
PLACES: list[tuple[str, str, Any]] = [
    ("POST", "/query?by=name", _by("real_name")),
    ("POST", "/query?by=contact", _by("contact")),
    ("POST", "/query?by=id", BY_ID),
    ("POST", "/query/people", {"query": TREND}),
    ("GET", "/events/recent", None),
    ("GET", "/people", None),
    ("GET", "/person?person=u1", None),
    ("GET", "/person/timeline?person=u1", None),
    ("GET", "/quarantine", None),
]


@pytest.mark.parametrize(("method", "path", "body"), PLACES, ids=[path for _, path, _ in PLACES])
def test_it_is_hidden_from_those_who_may_not_see_it(
    seen: dict[str, httpx.Client], method: str, path: str, body: Any
) -> None:
    for role in ("analyst", "viewer"):
        answer = seen[role].request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        assert _in_the_clear(answer.text) == []
        assert any(each in answer.text for each in HIDDEN)
    assert _in_the_clear(seen["specialist"].request(method, path, json=body).text) != []


def test_what_is_hidden_is_found_by_the_whole_of_it_only(seen: dict[str, httpx.Client]) -> None:
    def found(role: str, search: str) -> int:
        return len(seen[role].get("/people", params={"search": search}).json()["items"])

    for part in ("1380013", "LI.LEI@", "example.com"):
        assert (found("viewer", part), found("specialist", part) > 0) == (0, True), part
    for whole in (PHONE, MAIL.upper(), "u1"):
        assert found("viewer", whole) > 0, whole
    assert found("viewer", "u") > 0


def test_answers_kept_for_one_are_not_shown_to_another(seen: dict[str, httpx.Client]) -> None:
    for role, sees in (("owner", True), ("viewer", False), ("specialist", True), ("analyst", False)):
        answer = seen[role].post("/query", json=_by("real_name"))
        assert (NAME in answer.text, "李**" in answer.text) == (sees, not sees), role


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/export/events?property=contact&property=real_name", None),
        ("GET", "/export/people?property=email", None),
        ("POST", "/query/export", _by("contact")),
    ],
)
def test_exports_are_hidden_and_on_record(
    seen: dict[str, httpx.Client], method: str, path: str, body: Any
) -> None:
    answers = {role: seen[role].request(method, path, json=body) for role in ("owner", "analyst")}
    assert _in_the_clear(answers["analyst"].text) == []
    assert any(each in answers["analyst"].text for each in HIDDEN)
    assert _in_the_clear(answers["owner"].text) != []
    assert seen["specialist"].request(method, path, json=body).status_code == 403
    found = seen["owner"].get("/audit", params={"action": "export", "limit": 2}).json()["items"]
    assert [(each["actor_name"], each["after"]["masked"]) for each in found] == [
        ("analyst", True),
        ("owner", False),
    ]


def test_live_events_are_hidden(server: Running, seen: dict[str, httpx.Client]) -> None:
    def first(client: httpx.Client) -> str:
        with client.stream("GET", "/events/live", params={"seconds": 20}, timeout=30) as stream:
            event = {"userId": "u1", "event": "called", "properties": {"contact": PHONE}}
            httpx.post(f"{server.url}/v1/track", json=event, auth=(server.write_key, ""))
            return next(line for line in stream.iter_lines() if "called" in line)

    assert PHONE not in first(seen["viewer"])
    assert PHONE in first(seen["specialist"])


def test_whoever_may_see_it_can_leave_it_hidden_and_nobody_else_can_ask(
    seen: dict[str, httpx.Client],
) -> None:
    assert _in_the_clear(seen["specialist"].get("/people", params={"unmask": False}).text) == []
    assert _in_the_clear(seen["specialist"].get("/people", params={"unmask": True}).text) != []
    refused = seen["viewer"].get("/people", params={"unmask": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "permission_missing")


def test_keys_see_it_as_before_and_narrow_ones_do_not(server: Running) -> None:
    for scope, sees in (("read", True), ("admin", True), ("view", False), ("export", False)):
        with server.installation.database.session() as session:
            _, secret = create_api_key(session, server.project_id, scope, [scope])  # type: ignore[list-item]
        answer = httpx.get(
            f"{server.url}/api/projects/{server.project_id}/person",
            params={"person": "u1"},
            headers={"authorization": f"Bearer {secret}"},
        )
        assert (_in_the_clear(answer.text) != []) is sees, scope


def test_seeing_it_is_on_record_once_for_a_while(
    seen: dict[str, httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def records() -> list[tuple[str, str]]:
        found = seen["owner"].get("/audit", params={"action": "personal_data.shown", "actor": "specialist"})
        return [(each["target_kind"], each["target_id"]) for each in found.json()["items"]]

    before = len(records())
    seen["viewer"].get("/person", params={"person": "u1"})
    seen["specialist"].get("/person", params={"person": "u1", "unmask": False})
    assert len(records()) == before
    person = seen["specialist"].get("/person", params={"person": "u1"}).json()["person_id"]
    seen["specialist"].get("/person", params={"person": "u1"})
    assert records()[0] == ("person", person)
    assert len(records()) == before + 1
    monkeypatch.setattr(callers, "SAME_SECONDS", 0.0)
    seen["specialist"].get("/person", params={"person": "u1"})
    assert len(records()) == before + 2
    assert PHONE not in json.dumps(seen["owner"].get("/audit").json())


def test_a_member_confirms_or_rejects_what_was_guessed(seen: dict[str, httpx.Client]) -> None:
    def shown() -> dict[str, Any]:
        found: dict[str, Any] = seen["viewer"].get("/person", params={"person": "u1"}).json()["properties"]
        return found

    assert (shown()["plan"], shown()["real_name"]) == ("pro", "李**")
    refused = seen["analyst"].put("/personal-data", json={"name": "real_name", "personal": False})
    assert refused.status_code == 403
    for name, personal in (("plan", True), ("real_name", False)):
        done = seen["owner"].put("/personal-data", json={"name": name, "personal": personal})
        assert done.json()["state"] == ("confirmed" if personal else "rejected")
    assert (shown()["plan"], shown()["real_name"]) == ("***", NAME)
    listed = {each["name"]: each["state"] for each in seen["viewer"].get("/personal-data").json()}
    assert (listed["plan"], listed["real_name"]) == ("confirmed", "rejected")
    # Properties that only people have are guessed too, and those that say nothing personal are not.
    assert (listed["email"], listed["phone"]) == ("guessed", "guessed")
    assert "city" not in listed
    for name in ("plan", "real_name"):
        assert seen["owner"].delete("/personal-data", params={"name": name}).status_code == 204
    assert (shown()["plan"], shown()["real_name"]) == ("pro", "李**")


def test_what_was_shown_hidden_cannot_be_sent_back(seen: dict[str, httpx.Client]) -> None:
    (held,) = seen["analyst"].get("/quarantine").json()["items"]
    assert PHONE not in held["raw"]
    path = f"/quarantine/items/{held['item_id']}"
    refused = seen["analyst"].put(path, json={"raw": held["raw"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "permission_missing")
    (kept,) = seen["owner"].get("/quarantine").json()["items"]
    assert PHONE in kept["raw"]
