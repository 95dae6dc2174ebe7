"""What journeys have others do: signed webhooks, rewards, tasks for members; with a real receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bihuan.access.members.models import Member, Membership
from bihuan.journeys import forget_erased
from bihuan.journeys.graph.nodes import CreateTask
from bihuan.journeys.models import JourneyDeed
from bihuan.journeys.ports import Origin, Wanted
from bihuan.warehouse import Engine
from tests.delivery.servers.listening import Reply, Request, listening
from tests.insights.shop import send
from tests.journeys.test_routes import api_entry, make, track
from tests.server.running import Running, running_server

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@dataclass
class Receiver:
    """Keeps what comes signed as Standard Webhooks has it; ``replies`` are given first."""

    url: str = ""
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        headers = request.headers
        said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
        mac = base64.b64encode(hmac.new(KEY, said, hashlib.sha256).digest()).decode()
        if headers["webhook-signature"] != f"v1,{mac}":
            return Reply(401)
        self.taken.append((headers["webhook-id"], request.json))
        return self.replies.pop(0) if self.replies else Reply()


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("services")
    with running_server(engine, folder, private_webhooks=True) as running:
        send(running, [track(who, "Joined") for who in ("ann", "bob")])
        send(running, [track("old", "Paid")])
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    held = Receiver()
    with listening(held.answer) as server:
        held.url = server.url
        yield held


def channel(server: Running, url: str, **more: Any) -> str:
    body = {
        "name": f"Receiver {time.time_ns()}",
        "kind": "webhook",
        "settings": {"url": url, "answer_seconds": 2},
        "secrets": {"secret": SECRET},
        **more,
    }
    made = server.api.post(server.path("/message-channels"), json=body)
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found


def run(server: Running, node: dict[str, Any], *people: str) -> str:
    """A journey of one node through which these people are led; its id."""
    journey = make(server, api_entry({"it": node}, "it"), f"Of {node['kind']}")
    path = server.path(f"/journeys/{journey}")
    started = server.api.post(f"{path}/start")
    assert started.status_code == 200, started.text
    sent = [{"distinct_id": who, "key": who} for who in people]
    server.api.post(f"{path}/people", json={"people": sent}).raise_for_status()
    server.installation.journeys.tick()
    return journey


def due_again(server: Running, journey: str) -> None:
    """As if the time until the next try had passed."""
    with server.installation.database.session() as session:
        for row in session.query(JourneyDeed).filter_by(journey_id=journey):
            row.due_ms = 0
    server.installation.journeys.tick()


def deeds(server: Running, journey: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.api.get(server.path(f"/journeys/{journey}/deeds")).json()["items"]
    return found


def given(server: Running, journey: str) -> list[dict[str, Any]]:
    return [
        each
        for each in server.events()
        if each["event"] == "$reward_given" and each["properties"]["$journey_id"] == journey
    ]


def test_a_webhook_is_signed_and_repeats_its_id_until_it_is_taken(
    server: Running, receiver: Receiver
) -> None:
    receiver.replies = [Reply(503), Reply(drop=True)]
    node = {"kind": "webhook", "channel": channel(server, receiver.url + "/hook")}
    journey = run(server, node, "ann", "bob")
    assert [each["state"] for each in deeds(server, journey)] == ["waiting"] * 2
    due_again(server, journey)
    assert deeds(server, journey) == []
    ids = [key for key, _ in receiver.taken]
    assert (len(ids), len(set(ids))) == (4, 2)
    assert sorted(ids[:2]) == sorted(ids[2:])
    key, payload = receiver.taken[-1]
    assert payload["key"] == key
    assert (payload["type"], payload["journey_id"], payload["node"]) == ("journey.webhook", journey, "it")
    assert sorted(each["distinct_ids"][0] for _, each in receiver.taken[2:]) == ["ann", "bob"]


def test_a_channel_that_is_off_waits_and_one_that_wants_nothing_fails(
    server: Running, receiver: Receiver
) -> None:
    off = channel(server, receiver.url)
    path = server.path(f"/message-channels/{off}")
    server.api.patch(path, json={"enabled": False}).raise_for_status()
    journey = run(server, {"kind": "webhook", "channel": off}, "ann")
    due_again(server, journey)
    assert [(each["state"], each["attempts"]) for each in deeds(server, journey)] == [("waiting", 0)]
    receiver.replies = [Reply(410)]
    server.api.patch(path, json={"enabled": True}).raise_for_status()
    due_again(server, journey)
    assert [(each["state"], each["attempts"]) for each in deeds(server, journey)] == [("failed", 1)]
    assert "410" in deeds(server, journey)[0]["reason"]


def test_a_webhook_never_goes_into_the_own_network(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, receiver: Receiver
) -> None:
    folder = tmp_path_factory.mktemp("guarded")
    with running_server(engine, folder) as guarded:
        send(guarded, [track("ann", "Joined")])
        port = receiver.url.rpartition(":")[2]
        body = {
            "name": "Inside",
            "kind": "webhook",
            "settings": {"url": f"https://localhost:{port}/"},
            "secrets": {"secret": SECRET},
        }
        made = guarded.api.post(guarded.path("/message-channels"), json=body)
        assert made.status_code == 201, made.text
        journey = run(guarded, {"kind": "webhook", "channel": made.json()["id"]}, "ann")
        [deed] = deeds(guarded, journey)
        assert deed["state"] != "done"
        assert "not an address on the internet" in deed["reason"]
        assert receiver.taken == []


def test_a_reward_is_in_the_log_once(server: Running) -> None:
    journey = run(server, {"kind": "give", "reward": "points", "quantity": 50}, "ann", "nobody-known")
    rewards = server.installation.journeys.services.rewards
    assert rewards is not None
    server.installation.journeys.tick()
    events = given(server, journey)
    assert [each["distinct_id"] for each in events] == ["ann"]
    properties = events[0]["properties"]
    assert (properties["$reward"], properties["$quantity"]) == ("points", 50)
    assert (events[0]["source"], properties["$node_id"]) == ("bihuan", "it")
    failed = [each for each in deeds(server, journey) if each["state"] == "failed"]
    assert len(failed) == 1


def test_a_reward_is_given_by_whoever_the_project_names(server: Running, receiver: Receiver) -> None:
    settings = server.path("/journeys/settings")
    assert server.api.get(settings).json() == {"reward_channel_id": None}
    refused = server.api.put(settings, json={"reward_channel_id": "none"})
    assert (refused.status_code, refused.json()["error"]["path"]) == (422, "reward_channel_id")
    named = {"reward_channel_id": channel(server, receiver.url)}
    assert server.api.put(settings, json=named).json() == named
    receiver.replies = [Reply(500)]
    journey = run(server, {"kind": "give", "reward": "coupon"}, "ann")
    # What was not taken was not given.
    assert given(server, journey) == []
    due_again(server, journey)
    [event] = given(server, journey)
    ids = {key for key, _ in receiver.taken}
    assert ids == {event["properties"]["$key"]}
    payload = receiver.taken[-1][1]
    assert (payload["type"], payload["reward"], payload["quantity"]) == ("reward.given", "coupon", 1)
    assert payload["distinct_ids"] == ["ann"]
    server.api.put(settings, json={"reward_channel_id": None}).raise_for_status()


def test_a_task_is_seen_and_ticked_off(server: Running) -> None:
    with server.installation.database.session() as session:
        member = Member(name="Li Hua", email="lihua@example.com", password_hash=None)
        session.add(member)
        session.flush()
        session.add(Membership(member_id=member.id, project_id=server.project_id, role="editor"))
        member_id = member.id
    unknown = {"kind": "task", "title": "Call", "member": "sales"}
    checked = server.api.post(
        server.path("/journeys/check"), json={"definition": api_entry({"it": unknown}, "it")}
    ).json()
    assert [(each["code"], each["path"]) for each in checked["problems"]] == [
        ("member_unknown", "nodes.it.member")
    ]
    node = {"kind": "task", "title": "Call about the order", "member": member_id, "due": {"count": 1}}
    journey = run(server, node, "ann", "bob")
    tasks = server.path("/journeys/tasks")
    found = server.api.get(tasks, params={"member": member_id, "state": "open"}).json()["items"]
    assert sorted(each["person"]["distinct_ids"][0] for each in found) == ["ann", "bob"]
    one = found[0]
    assert (one["title"], one["journey_id"], one["member_name"]) == (
        "Call about the order",
        journey,
        "Li Hua",
    )
    assert not one["overdue"]
    done = server.api.patch(f"{tasks}/{one['id']}", json={"state": "done"}).json()
    assert (done["state"], done["done_by"]["name"]) == ("done", "test")
    assert len(server.api.get(tasks, params={"state": "open"}).json()["items"]) == 1
    assert server.api.patch(f"{tasks}/nothing", json={"state": "done"}).status_code == 404
    erased = server.project.people.get("bob").summary.person_id
    forget_erased(server.installation.database, server.project_id, [erased])
    left = server.api.get(tasks).json()["items"]
    assert [each["person"]["distinct_ids"] for each in left] == [["ann"]]


def test_tasks_are_made_once_for_a_key(server: Running) -> None:
    services = server.installation.journeys.services
    assert services.tasks is not None
    origin = Origin(server.project_id, "01J", "call")
    with server.installation.database.read_session() as session:
        member_id = session.query(Membership).filter_by(project_id=server.project_id).one().member_id
    node = CreateTask(title="Twice", member=member_id)
    wanted = [Wanted("same", 7, 1_800_000_000_000)]
    for _ in range(2):
        assert [each.state for each in services.tasks.create(origin, node, wanted)] == ["done"]
    titles = [each["title"] for each in server.api.get(server.path("/journeys/tasks")).json()["items"]]
    assert titles.count("Twice") == 1


def test_the_week_of_all_journeys(server: Running) -> None:
    journey = make(
        server,
        {
            **api_entry({"rest": {"kind": "wait", "span": {"count": 2}}}, "rest"),
            "goal": {"event": {"events": ["Paid"]}, "within": {"count": 3}, "leave": False},
        },
        "Weekly",
    )
    path = server.path(f"/journeys/{journey}")
    server.api.post(f"{path}/start").raise_for_status()
    sent = [{"distinct_id": who, "key": who} for who in ("ann", "cid")]
    server.api.post(f"{path}/people", json={"people": sent}).raise_for_status()
    server.installation.journeys.tick()
    time.sleep(0.01)
    send(server, [track("cid", "Paid")])
    time.sleep(0.01)
    server.installation.journeys.tick()
    weeks = server.api.get(server.path("/journeys/week")).json()
    week = next(each for each in weeks if each["journey_id"] == journey)
    assert week["inside"] == 2
    assert len(week["days"]) == 7
    assert (week["days"][-1]["entered"], week["days"][-1]["converted"]) == (2, 1)
    shown = server.api.get(f"{path}/people").json()["items"]
    assert sorted(each["person"]["distinct_ids"][0] for each in shown) == ["ann", "cid"]


def test_the_log_tells_of_people_who_come_after_others_were_deleted(server: Running) -> None:
    definition = api_entry({"rest": {"kind": "wait", "span": {"count": 2}}}, "rest")
    for name in ("First", "Second"):
        journey = make(server, definition, name)
        path = server.path(f"/journeys/{journey}")
        server.api.post(f"{path}/start").raise_for_status()
        sent = [{"distinct_id": "ann", "key": "ann"}]
        server.api.post(f"{path}/people", json={"people": sent}).raise_for_status()
        server.installation.journeys.tick()
        told = [each["properties"] for each in server.events() if each["event"] == "$journey_entered"]
        assert [each["$journey_id"] for each in told].count(journey) == 1
        server.api.delete(path)


def test_who_moves_to_a_new_version_came_in_once(server: Running) -> None:
    nodes = {
        "rest": {"kind": "wait", "span": {"count": 2}, "next": "more"},
        "more": {"kind": "wait", "span": {"count": 1}},
    }
    journey = make(server, api_entry(nodes, "rest"), "Moving on")
    path = server.path(f"/journeys/{journey}")
    server.api.post(f"{path}/start").raise_for_status()
    sent = [{"distinct_id": who, "key": who} for who in ("ann", "cid")]
    server.api.post(f"{path}/people", json={"people": sent}).raise_for_status()
    server.installation.journeys.tick()
    nodes["rest"]["label"] = "Rest"
    server.api.patch(path, json={"definition": api_entry(nodes, "rest")}).raise_for_status()
    server.api.post(f"{path}/publish", json={"running": "move"}).raise_for_status()
    server.installation.journeys.tick()
    counts = server.api.get(f"{path}/counts").json()
    assert (counts["entered"], counts["inside"], counts["left"]) == (2, 2, {})
    assert counts["nodes"][0] == {"node": "rest", "came": 2, "inside": 2}
    newest = server.api.get(f"{path}/counts", params={"version": 2}).json()
    assert (newest["entered"], newest["inside"]) == (2, 2)
    before = server.api.get(f"{path}/counts", params={"version": 1}).json()
    assert (before["entered"], before["inside"], before["left"]) == (2, 0, {"moved": 2})


def test_what_is_unfinished_is_kept_and_its_faults_are_told_with_lines(server: Running) -> None:
    unfinished = api_entry({"mail": {"kind": "send", "channels": []}, "rest": {"kind": "wait"}}, "mail")
    cannot_be_kept = {"name": "Begun", "unfinished": {"nodes": "\x00"}}
    assert server.api.post(server.path("/journeys"), json=cannot_be_kept).status_code == 422
    made = server.api.post(server.path("/journeys"), json={"name": "Begun", "unfinished": unfinished})
    assert made.status_code == 201, made.text
    path = server.path(f"/journeys/{made.json()['id']}")
    assert server.api.get(path).json()["draft"] == unfinished
    text = server.api.get(f"{path}/yaml").json()["yaml"]
    checked = server.api.post(server.path("/journeys/check"), json={"yaml": text}).json()
    faults = {each["path"]: (each["code"], each["line"]) for each in checked["problems"]}
    lines = text.splitlines()
    assert set(faults) == {"nodes.mail.template", "nodes.mail.channels", "nodes.rest.span"}
    assert faults["nodes.mail.template"][0] == "field_missing"
    assert "send" in lines[faults["nodes.mail.template"][1] - 1]
    assert "channels" in lines[faults["nodes.mail.channels"][1] - 1]
    assert checked["definition"] == unfinished
    refused = server.api.post(f"{path}/publish", json={})
    assert refused.json()["error"]["path"] == "draft.nodes.mail.template"
    assert server.api.get(path).json()["version"] == 0
    broken = server.api.post(server.path("/journeys/check"), json={"yaml": "entry: [\nnodes"}).json()
    assert (broken["definition"], len(broken["problems"])) == (None, 1)
    assert broken["problems"][0]["line"] == 2
