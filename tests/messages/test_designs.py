"""Designs to start from, samples, versions on request, archived templates, and what channels did today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bihuan.delivery import sms_segments
from bihuan.messages.channels.activity import day_start_ms
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.templates.checking import Known, check
from bihuan.messages.templates.designs import designs
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.scopes import LINKS, scope
from bihuan.warehouse import Engine
from tests.server.running import Running, running_server

PURPOSES = Known(purposes={"marketing": "marketing", "transactional": "transactional"})
SHOP = {"name": "S", "currency": "CNY"}
DESIGNS = {each.key: each for each in designs()}


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.mark.parametrize("key", DESIGNS)
def test_a_design_has_no_fault_and_says_something_for_its_sample_and_for_nobody(key: str) -> None:
    design = DESIGNS[key]
    assert check(design.body, {}, design.purpose, PURPOSES) == []
    made = Rendering(design.body)
    for part in made.parts():
        for person in (design.samples[part.language], {"person": {}}):
            given: dict[str, Any] = {"person": {}, **person}
            values = scope(**given, links=dict.fromkeys(LINKS, "https://example.com/l"), project=SHOP)
            said = str(made.render(values, language=part.language))
            assert "[[" not in said
            assert "{{" not in said
    for name in (design.name, design.about):
        assert sorted(name) == ["en", "zh"]


def test_designs_of_sms_are_one_message_each() -> None:
    for design in DESIGNS.values():
        if design.body.medium == "sms":
            made = Rendering(design.body)
            for part in made.parts():
                values = scope(**{"person": {}, **design.samples[part.language]})
                said: Any = made.render(values, language=part.language)
                length = sms_segments(said.text, said.signature)
                assert (length.segments, length.encoding == "ucs2") == (1, part.language == "zh-CN"), said


def test_designs_are_shown_and_a_template_is_made_of_one(server: Running) -> None:
    shown = server.api.get(server.path("/message-templates/designs")).json()
    assert [each["key"] for each in shown] == list(DESIGNS)
    assert "VIP20" in next(each for each in shown if each["key"] == "coupon")["shown"]["zh-CN"]["html"]
    first = shown[0]
    sent = {"name": "From a design", "purpose": first["purpose"], "body": first["body"]}
    made = server.api.post(server.path("/message-templates"), json=sent).json()
    row = server.api.get(server.path("/message-templates")).json()["items"][0]
    assert (row["languages"], row["variants"], row["sent"]) == (["zh-CN", "en"], ["a"], False)
    assert row["changed_by"] is None
    path = server.path(f"/message-templates/{made['id']}")
    for archived in (True, False):
        server.api.patch(path, json={"archived": archived}).raise_for_status()
        params = {"archived": "true"}
        found = server.api.get(server.path("/message-templates"), params=params).json()["items"]
        assert [each["name"] for each in found] == (["From a design"] if archived else [])
    assert server.api.get(path).json()["changed_by"]["kind"] == "key"


def test_a_version_is_kept_when_somebody_asks_for_it(server: Running) -> None:
    def body(text: str) -> dict[str, Any]:
        return {"default_language": "en", "variants": {"a": {"en": {"medium": "sms", "text": text}}}}

    made = server.api.post(
        server.path("/message-templates"), json={"name": "kept", "body": body("one")}
    ).json()
    path = server.path(f"/message-templates/{made['id']}")
    assert server.api.patch(path, json={"body": body("two")}).json()["version"] == 1
    assert server.api.patch(path, json={"body": body("three"), "keep_version": True}).json()["version"] == 2
    said = [each["body"]["variants"]["a"]["en"]["text"] for each in server.api.get(path + "/versions").json()]
    assert said == ["three", "two"]


def test_a_sample_is_somebody_who_is_made_up(server: Running) -> None:
    text = "{{ person.name }} {{ event.sku }} {{ person.city }}"
    body = {"default_language": "en", "variants": {"a": {"en": {"medium": "sms", "text": text}}}}
    asked = {"body": body, "sample": {"name": "Zoe"}, "event_properties": {"sku": "s1"}}
    (seen,) = server.api.post(server.path("/message-templates/preview"), json=asked).json()["previews"]
    assert (seen["person"], seen["content"]["text"]) == ("", "Zoe s1")
    assert [(each["code"], each["line"]) for each in seen["problems"]] == [("undefined", 1)]
    broken = {
        "default_language": "en",
        "variants": {"a": {"en": {"medium": "sms", "text": "a\n{{ x | }}\nb"}}},
    }
    asked = {"body": broken, "sample": {}}
    (seen,) = server.api.post(server.path("/message-templates/preview"), json=asked).json()["previews"]
    assert (seen["found"], seen["content"], seen["variant"]) == (True, None, "a")
    assert [(each["field"], each["line"]) for each in seen["problems"]] == [("text", 2)]
    refused = server.api.post(server.path("/message-templates/preview"), json={"body": body})
    assert refused.status_code == 422


def test_what_a_channel_did_today_and_what_went_wrong_last(server: Running) -> None:
    body = {"name": "App", "kind": "in_app", "cost_per_message": 0.05}
    made = server.api.post(server.path("/message-channels"), json=body).json()
    assert made["cost_per_message"] == 0.05
    zone = server.project.row.time_zone
    now_ms = round(datetime.now(UTC).timestamp() * 1000)
    today, yesterday = now_ms, day_start_ms(zone, now_ms) - 1
    rows = [
        ("sent", today, None), ("sent", today, None), ("sent", yesterday, None),
        ("rejected", today, "channel_refused"), ("rejected", yesterday, "channel_refused"),
        ("uncertain", today, "worker_lost"), ("queued", None, None), ("held", None, None),
    ]  # fmt: skip
    with server.installation.database.session() as session:
        for number, (state, ended_ms, reason) in enumerate(rows):
            session.add(
                OutboxMessage(
                    project_id=server.project_id, person_id=number + 1, occurrence="o", step="s",
                    state=state, channel_id=made["id"], purpose="marketing", due_ms=now_ms + 10**9,
                    created_ms=now_ms, ended_ms=ended_ms, sent_ms=ended_ms, reason=reason,
                    detail="550 no such user" if reason == "channel_refused" else None,
                )
            )  # fmt: skip
    (found,) = server.api.get(server.path("/message-channels/activity")).json()
    figures = {name: found[name] for name in ("waiting", "sent", "rejected", "uncertain")}
    assert figures == {"waiting": 2, "sent": 2, "rejected": 1, "uncertain": 1}
    assert (found["trouble"]["state"], found["trouble"]["reason"]) == ("uncertain", "worker_lost")
    assert found["last_sent_at"] is not None
    cleared = server.api.patch(
        server.path(f"/message-channels/{made['id']}"), json={"cost_per_message": None}
    )
    assert cleared.json()["cost_per_message"] is None


def test_of_several_passwords_only_those_change_that_are_named(server: Running) -> None:
    servers = [{"host": f"{name}.example.com", "username": "u"} for name in "abc"]
    body = {
        "name": "Three servers",
        "kind": "smtp",
        "settings": {"servers": servers, "sender": "s@example.com"},
        "secrets": {"passwords": {f"{name}.example.com": f"old {name}" for name in "abc"}},
    }
    made = server.api.post(server.path("/message-channels"), json=body).json()
    change = {"secrets": {"passwords": {"b.example.com": "new b", "c.example.com": None}}}
    path = server.path(f"/message-channels/{made['id']}")
    assert server.api.patch(path, json=change).json()["secrets"] == ["passwords"]
    database = server.installation.database
    with database.read_session() as session:
        kept = Seal(database).open(session.get_one(MessageChannel, made["id"]).secrets)
    assert kept == {"passwords": {"a.example.com": "old a", "b.example.com": "new b"}}


def test_the_frame_of_mails_has_a_policy_of_its_own(server: Running) -> None:
    answer = httpx.get(server.url + "/mail-frame")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "x-frame-options" not in answer.headers
