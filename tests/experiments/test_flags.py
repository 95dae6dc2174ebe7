"""Flags as software asks for them: with OpenFeature's own client, and over HTTP as OFREP writes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openfeature import api as openfeature
from openfeature.client import OpenFeatureClient
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from bihuan.experiments.assignment import Split
from bihuan.kernel.hashing import key64
from tests.insights.shop import ORDERED, VIEWED
from tests.server.running import Running

BULK = "/ofrep/v1/evaluate/flags"


def rule(condition: dict[str, Any] | None, serve: dict[str, Any], name: str = "") -> dict[str, Any]:
    return {"name": name, "condition": condition, "serve": serve}


def always(variant: str) -> dict[str, Any]:
    return {"kind": "always", "variant": variant}


def in_country(*countries: str) -> dict[str, Any]:
    has = {"property": {"scope": "person", "name": "country"}, "operator": "is", "values": countries}
    return {"kind": "has", "filter": {"type": "text", **has}}


def definition(kind: str, variants: dict[str, Any], *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    first = next(iter(variants))
    production = {"default": first, "rules": rules, **more}
    return {"kind": kind, "variants": variants, "off": first, "environments": {"production": production}}


def define(server: Running, key: str, given: dict[str, Any]) -> dict[str, Any]:
    made = server.api.post(server.path("/flags"), json={"key": key, "definition": given})
    assert made.status_code == 201, made.text
    return dict(made.json())


def exposures(server: Running, experiment_id: str) -> list[dict[str, Any]]:
    every = [each for each in server.events() if each["event"] == "$experiment_exposed"]
    return [each for each in every if each["properties"]["$experiment_id"] == experiment_id]


@pytest.fixture(scope="module")
def client(server: Running) -> Iterator[OpenFeatureClient]:
    headers = {"authorization": f"Bearer {server.write_key}"}
    provider = OFREPProvider(server.url, headers_factory=lambda: headers)
    openfeature.set_provider_and_wait(provider)
    yield openfeature.get_client()
    provider.session.close()
    openfeature.clear_providers()


@pytest.fixture(scope="module")
def software(server: Running) -> Iterator[httpx.Client]:
    """Not checked against the API's description: OFREP is described elsewhere."""
    with httpx.Client(base_url=server.url, headers={"x-api-key": server.write_key}) as opened:
        yield opened


def test_every_kind_of_value_reaches_a_client_of_openfeature(
    server: Running, client: OpenFeatureClient
) -> None:
    in_china = rule(in_country("CN"), always("on"), "china")
    define(server, "new-checkout", definition("boolean", {"off": False, "on": True}, in_china))
    define(
        server,
        "headline",
        definition("string", {"a": "Hello", "b": "你好"}, rule(in_country("CN"), always("b"))),
    )
    define(
        server,
        "limit",
        definition("number", {"low": 10, "high": 99.5}, rule(in_country("CN"), always("high"))),
    )
    layout = {"columns": 3, "colours": ["red"]}
    define(
        server,
        "layout",
        definition("object", {"plain": {}, "rich": layout}, rule(in_country("CN"), always("rich"))),
    )
    chinese = EvaluationContext("ann", {"country": "CN"})
    other = EvaluationContext("ann", {"country": "DE"})
    details = client.get_boolean_details("new-checkout", False, chinese)
    assert (details.value, details.variant, details.reason) == (True, "on", Reason.TARGETING_MATCH)
    assert details.flag_metadata["rule"] == "china"
    details = client.get_boolean_details("new-checkout", True, other)
    assert (details.value, details.reason) == (False, Reason.DEFAULT)
    assert client.get_string_value("headline", "", chinese) == "你好"
    assert client.get_float_value("limit", 0.0, chinese) == 99.5
    assert client.get_integer_value("limit", 0, other) == 10
    assert client.get_object_value("layout", {}, chinese) == layout
    missing = client.get_boolean_details("absent", True, chinese)
    assert (missing.value, missing.error_code) == (True, ErrorCode.FLAG_NOT_FOUND)


def test_a_rollout_shows_a_share_and_asks_who_it_is(
    server: Running, client: OpenFeatureClient, software: httpx.Client
) -> None:
    tenth = {"kind": "rollout", "shares": [{"variant": "on", "percent": 10}]}
    define(server, "rollout", definition("boolean", {"off": False, "on": True}, rule(None, tenth)))
    found = {
        f"r{number}": client.get_boolean_value("rollout", False, EvaluationContext(f"r{number}"))
        for number in range(200)
    }
    drawn = Split(f"{server.project_id}/flag/rollout", (("on", 0.1),))
    assert found == {name: drawn.group(key64(name)) == "on" for name in found}
    assert 8 <= sum(found.values()) <= 35
    nobody = client.get_boolean_details("rollout", False, EvaluationContext())
    assert nobody.error_code == ErrorCode.TARGETING_KEY_MISSING
    answer = software.post(f"{BULK}/rollout", json={"context": {}})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "TARGETING_KEY_MISSING")


def test_conditions_on_what_people_did_are_read_from_the_log(
    server: Running, client: OpenFeatureClient
) -> None:
    ordered = {"kind": "did", "event": {"events": [ORDERED]}}
    define(server, "thanks", definition("boolean", {"off": False, "on": True}, rule(ordered, always("on"))))
    found = [
        client.get_boolean_value("thanks", False, EvaluationContext(name))
        for name in ("ann", "eve", "newcomer")
    ]
    assert found == [True, False, False]


def test_all_flags_at_once_have_a_tag_and_change_with_the_flags(
    server: Running, software: httpx.Client
) -> None:
    define(server, "banner", definition("string", {"a": "A", "b": "B"}))
    asked = {"context": {"targetingKey": "ann"}}
    first = software.post(BULK, json=asked)
    assert first.status_code == 200
    flags = {each["key"]: each for each in first.json()["flags"]}
    assert flags["banner"]["value"] == "A"
    assert flags["banner"]["reason"] == "STATIC"
    tagged = {"if-none-match": first.headers["etag"]}
    again = software.post("/v1/flags", json=asked, headers=tagged)
    assert (again.status_code, again.content) == (304, b"")
    changed = definition("string", {"a": "A", "b": "B"}, default="b")
    path = server.path("/flags/banner")
    assert server.api.patch(path, json={"definition": changed}).json()["version"] == 2
    third = software.post(BULK, json=asked, headers=tagged)
    assert third.status_code == 200
    assert {each["key"]: each for each in third.json()["flags"]}["banner"]["value"] == "B"
    staging = software.post("/v1/flags/banner", json=asked, headers={"x-bihuan-environment": "staging"})
    assert (staging.json()["value"], staging.json()["reason"]) == ("A", "DISABLED")
    assert server.api.delete(path).status_code == 204
    gone = software.post("/v1/flags/banner", json=asked)
    assert (gone.status_code, gone.json()["errorCode"]) == (404, "FLAG_NOT_FOUND")


def test_who_has_no_key_and_what_is_no_request_is_refused(server: Running) -> None:
    with httpx.Client(base_url=server.url) as anybody:
        assert anybody.post(BULK, json={}).status_code == 401
        assert anybody.post(BULK, json={}, headers={"x-api-key": "wk_wrong"}).status_code == 401
        # A key of the API is no write key.
        assert anybody.post(BULK, json={}, headers={"x-api-key": server.api_key}).status_code == 401
        mine = {"x-api-key": server.write_key}
        assert anybody.get(BULK, headers=mine).status_code == 405
        for body, code in ((b"{", "PARSE_ERROR"), (b'{"context": 1}', "INVALID_CONTEXT")):
            answer = anybody.post(BULK, content=body, headers=mine)
            assert (answer.status_code, answer.json()["errorCode"]) == (400, code)
        huge = anybody.post(BULK, content=b" " * (300 << 10), headers=mine)
        assert huge.status_code == 413


def test_an_experiment_is_shown_counted_once_and_decided(server: Running, client: OpenFeatureClient) -> None:
    metric = {"kind": "proportion", "event": {"events": [VIEWED]}}
    plan = {
        "variants": [{"key": "off"}, {"key": "on"}],
        "control": "off",
        "metrics": [{"key": "view", "name": "View", "role": "primary", "measure": metric}],
        "respects_holdout": False,
    }
    made = server.api.post(server.path("/experiments"), json={"name": "Button", "plan": plan}).json()
    mine = server.path(f"/experiments/{made['id']}")
    serve = {"kind": "experiment", "experiment_id": made["id"]}
    define(server, "button", definition("boolean", {"off": False, "on": True}, rule(None, serve)))
    assert client.get_boolean_details("button", True, EvaluationContext("x1")).reason == Reason.DEFAULT
    server.api.post(f"{mine}/start").raise_for_status()
    shown: dict[str, str] = {}
    for name in ("x1", "x2", "x3", "x4", "x5", "x6", "x1", "x2"):
        details = client.get_boolean_details("button", False, EvaluationContext(name))
        assert details.reason == Reason.SPLIT
        assert details.flag_metadata["experimentId"] == made["id"]
        assert shown.setdefault(name, details.variant or "") == details.variant
    exposed = exposures(server, made["id"])
    assert {each["distinct_id"]: each["properties"]["$variant"] for each in exposed} == shown
    assert len(exposed) == 6
    assert {each["source"] for each in exposed} == {"bihuan"}
    reading = server.api.post(f"{mine}/read").json()["reading"]
    assert {each["variant"]: each["people"] for each in reading["groups"]} == {
        variant: list(shown.values()).count(variant) for variant in ("off", "on")
    }
    assert reading["verdict"]["outcome"] in ("too_early", "not_attributable")
    refused = server.api.delete(mine)
    assert refused.json()["error"]["code"] == "experiment_status_wrong"
    server.api.post(f"{mine}/stop").raise_for_status()
    assert client.get_boolean_details("button", True, EvaluationContext("x1")).reason == Reason.DEFAULT
    server.api.post(f"{mine}/decide", json={"variant": "on"}).raise_for_status()
    assert client.get_boolean_value("button", False, EvaluationContext("anybody")) is True
    assert server.api.delete(mine).json()["error"]["code"] == "experiment_in_use"
    assert len(exposures(server, made["id"])) == 6


def test_what_does_not_fit_is_refused(server: Running) -> None:
    path = server.path("/flags")
    wrong = [
        definition("boolean", {"on": "yes"}),
        definition("number", {"on": True}),
        {**definition("string", {"a": "A"}), "off": "absent"},
        definition("string", {"a": "A"}, rule(None, always("absent"))),
    ]
    for given in wrong:
        answer = server.api.post(path, json={"key": "wrong", "definition": given})
        assert answer.status_code == 422, given
    serve = {"kind": "experiment", "experiment_id": "absent"}
    unknown = definition("string", {"a": "A"}, rule(None, serve))
    answer = server.api.post(path, json={"key": "wrong", "definition": unknown})
    assert answer.json()["error"]["code"] == "experiment_not_found"
    twice = definition("string", {"a": "A"})
    define(server, "twice", twice)
    answer = server.api.post(path, json={"key": "twice", "definition": twice})
    assert answer.json()["error"]["code"] == "experiment_name_taken"
    tried = server.api.post(f"{path}/twice/try", json={"context": {}}).json()
    assert (tried["value"], tried["reason"]) == ("A", "STATIC")


def test_one_flag_is_answered_quickly(server: Running, software: httpx.Client) -> None:
    half = {"kind": "rollout", "shares": [{"variant": "a", "percent": 50}]}
    define(server, "quick", definition("string", {"a": "A"}, rule(None, half)))
    took = []
    for number in range(50):
        begun = time.perf_counter()
        software.post(f"{BULK}/quick", json={"context": {"targetingKey": f"q{number}"}}).raise_for_status()
        took.append(time.perf_counter() - begun)
    assert sorted(took)[25] < 0.1
