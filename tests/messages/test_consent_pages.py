"""What people do on their own pages, and what members do with consent, over HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from bihuan.kernel.hashing import key64
from bihuan.messages.consent.tokens import Link, Links
from bihuan.messages.consent.upkeep import keep_up
from bihuan.people import Change, change_uuid
from bihuan.warehouse import Engine
from tests.insights.conftest import caller
from tests.server.running import Running, running_server

__all__ = ["caller"]


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        changes = [
            Change(
                change_uuid(each, "set"), each, 1_700_000_000_000, 1_700_000_000_000, "set", {"name": each}
            )
            for each in ("ann", "bob", "eve", "kim")
        ]
        running.project.people.record([], changes, received_ms=1_700_000_000_000)
        yield running


def _token(server: Running, use: str, person: str, **more: Any) -> str:
    link = Link(use, server.project_id, key64(person), "marketing", "email", **more)  # type: ignore[arg-type]
    return Links.of(server.installation.database).token(link)


def _given(server: Running, *people: str, **more: Any) -> httpx.Response:
    sent = {"people": people, "purpose": "marketing", "medium": "email", "action": "given", "source": "form"}
    return server.api.post(server.path("/consent/consents"), json={**sent, **more})


def _state(server: Running, person: str) -> dict[str, str]:
    answer = server.api.get(server.path("/consent/person"), params={"person": person}).json()
    return {f"{each['purpose']}:{each['medium']}": each["state"] for each in answer["consents"]}


def _events(server: Running, person: str) -> list[tuple[str, str | None]]:
    found = [each for each in server.events() if each["distinct_id"] == person]
    return [(each["event"], each["properties"].get("$message_id")) for each in found]


def test_one_click_unsubscribes_as_rfc_8058_has_it(server: Running) -> None:
    assert _given(server, "ann", wording="I agree").json() == {"recorded": 1, "pending": 0}
    url = f"{server.url}/m/unsubscribe/{_token(server, 'unsubscribe', 'ann', message_id='77')}"
    looked = httpx.get(url)
    # Programs that look into mails open every link.
    assert (looked.status_code, _state(server, "ann")) == (200, {"marketing:email": "given"})
    done = httpx.post(url, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert _state(server, "ann") == {"marketing:email": "withdrawn"}
    assert httpx.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert set(_events(server, "ann")) == {
        ("$consent_given", None),
        ("$consent_withdrawn", "77"),
        ("$message_unsubscribed", "77"),
    }
    proofs = server.api.get(server.path("/consent/person"), params={"person": "ann"}).json()["proofs"]
    assert [(each["action"], each["source"]) for each in proofs[-2:]] == [
        ("withdrawn", "one_click"),
        ("given", "form"),
    ]
    assert proofs[0]["address"] == "127.0.0.1"
    counted = server.api.post(
        server.path("/consent/allowed"),
        json={"people": ["ann", "bob"], "purpose": "marketing", "medium": "email"},
    )
    assert counted.json() == {"allowed": 0, "refused": {"consent_withdrawn": 1, "consent_missing": 1}}


def test_the_page_of_preferences_needs_no_script_and_keeps_what_is_ticked(server: Running) -> None:
    path = f"/m/preferences/{_token(server, 'preferences', 'bob')}"
    chinese = httpx.get(server.url + path, headers={"accept-language": "zh-CN"})
    english = httpx.get(server.url + path + "?lang=en")
    assert "消息偏好设置" in chinese.text
    assert "What we may write to you" in english.text
    policy = english.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in english.text
    assert english.headers["x-frame-options"] == "DENY"
    boxes = re.findall(r'name="allow" value="([^"]+)"( checked)?', english.text)
    assert boxes == [("marketing:email", "")]
    origin = {"origin": server.url}
    saved = httpx.post(server.url + path, data={"allow": "marketing:email", "lang": "en"}, headers=origin)
    assert "Saved." in saved.text
    assert 'value="marketing:email" checked' in saved.text
    proof = server.api.get(server.path("/consent/person"), params={"person": "bob"}).json()["proofs"][0]
    assert proof["wording"] == "I agree to get “News and offers” by: E-mail."
    assert (proof["language"], proof["source"]) == ("en", "preference_page")
    # What is not offered cannot be ticked, and nothing changes twice.
    again = httpx.post(
        server.url + path, data={"allow": ["marketing:email", "transactional:sms"]}, headers=origin
    )
    assert again.status_code == 200
    assert _state(server, "bob") == {"marketing:email": "given"}
    forged = httpx.post(server.url + path, data={}, headers={"origin": "https://evil.example"})
    assert forged.status_code == 403
    assert httpx.post(server.url + path, data={}, headers=origin).status_code == 200
    assert _state(server, "bob") == {"marketing:email": "withdrawn"}
    assert [name for name, _ in _events(server, "bob")] == ["$consent_given", "$consent_withdrawn"]


def test_links_of_others_are_refused_with_a_page(server: Running) -> None:
    token = _token(server, "unsubscribe", "eve")
    for path in (
        f"/m/preferences/{token}",
        "/m/unsubscribe/x",
        f"/m/unsubscribe/{token[:-3]}aaa",
        "/m/confirm/é",
    ):
        for answer in (httpx.get(server.url + path), httpx.post(server.url + path)):
            assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert _state(server, "eve") == {}


def test_double_opt_in_waits_for_the_person(server: Running, caller: Callable[..., httpx.Client]) -> None:
    rules = {"*": "with_confirmed_consent"}
    body = {"name_en": "Digest", "name_zh": "周报", "rules": rules}
    purpose = server.path("/consent/purposes/digest")
    with caller("write") as writer:
        assert writer.put(purpose, json=body).status_code == 403
    assert server.api.put(purpose, json=body).json()["rules"] == rules
    assert _given(server, "eve", purpose="digest").json() == {"recorded": 1, "pending": 1}
    assert _state(server, "eve") == {"digest:email": "pending"}
    with server.installation.database.read_session() as session:
        from bihuan.messages.consent import service

        (row,) = service.states_of(session, server.project_id, key64("eve")).values()
    link = Link("confirm", server.project_id, key64("eve"), "digest", "email", proof_id=row.proof_id)
    url = f"{server.url}/m/confirm/{Links.of(server.installation.database).token(link)}"
    assert "Digest" in httpx.get(url, params={"lang": "en"}).text
    assert _state(server, "eve") == {"digest:email": "pending"}
    assert httpx.post(url).status_code == 200
    answer = server.api.get(server.path("/consent/person"), params={"person": "eve"}).json()
    assert (answer["consents"][0]["state"], answer["consents"][0]["confirmed"]) == ("given", True)
    assert [name for name, _ in _events(server, "eve")] == ["$consent_requested", "$consent_given"]
    assert server.api.delete(purpose).status_code == 204
    refused = server.api.delete(server.path("/consent/purposes/marketing"))
    assert refused.json()["error"]["code"] == "purpose_fixed"


def test_suppressions_are_kept_listed_imported_and_lifted(
    server: Running, caller: Callable[..., httpx.Client]
) -> None:
    path = server.path("/consent/suppressions")
    sent = {"medium": "email", "address": "Max@Example.com", "detail": "asked by phone"}
    with caller("read") as reader:
        assert reader.post(path, json=sent).status_code == 403
    made = server.api.post(path, json=sent).json()
    assert (made["shown"], made["reason"]) == ("m***@example.com", "manual")
    found = server.api.get(path, params={"address": "max@example.com"}).json()["items"]
    assert [each["id"] for each in found] == [made["id"]]
    file = {"file": ("s.csv", b"address\na@x.cn\n\nb@x.cn\n")}
    done = server.api.post(path + "/import", params={"medium": "email"}, files=file).json()
    assert (done["lines"], done["added"]) == (2, 2)
    report = {"medium": "email", "address": "c@x.cn", "kind": "hard", "report_id": "r"}
    returns = server.path("/consent/returns")
    counts = [server.api.post(returns, json={"reports": [report]}).json()["recorded"] for _ in range(2)]
    assert counts == [1, 0]
    assert len(server.api.get(path, params={"reason": "hard_bounce"}).json()["items"]) == 1
    assert server.api.delete(f"{path}/{made['id']}").status_code == 204
    assert server.api.delete(f"{path}/{made['id']}").status_code == 404
    actions = {each["action"] for each in server.api.get(server.path("/audit")).json()["items"]}
    assert {"suppression.added", "suppression.imported", "suppression.lifted", "returns.recorded"} <= actions


def test_an_erased_person_leaves_nothing_personal(server: Running) -> None:
    _given(server, "kim", address="10.9.8.7")
    assert _state(server, "kim") == {"marketing:email": "given"}
    server.api.delete(server.path("/person"), params={"person": "kim"}).raise_for_status()
    answer = server.api.get(server.path("/consent/person"), params={"person": "kim"}).json()
    assert (answer["consents"], answer["proofs"]) == ([], [])
    assert _events(server, "kim") == []
    kept = keep_up(server.installation.database, server.project, now_ms=time.time_ns() // 1_000_000)
    assert kept == {"asked": 0, "moved": 0, "forgotten": 0, "expired": 0, "told": 0}
