"""The description is true: generated requests of every route get described answers and no server error."""

from __future__ import annotations

import base64
import re

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server.running import Running

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES_PER_ROUTE = 4
# Each of its answers lasts a second, whatever was asked.
EXAMPLES_OF_STREAMS = 3
GENERATED = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


# As many routes as there are, on a machine as busy as it is.
@pytest.mark.timeout(900)
def test_generated_requests_get_described_answers(fresh_server: Running) -> None:
    schema = schemathesis.openapi.from_url(f"{fresh_server.url}/api/openapi.json")
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        examples = EXAMPLES_OF_STREAMS if operation.path.endswith("/events/live") else EXAMPLES_PER_ROUTE

        @settings(GENERATED, max_examples=examples, phases=[Phase.explicit, Phase.generate])
        def check(case: schemathesis.Case) -> None:
            nonlocal called
            deletes_the_project = case.method == "DELETE" and case.path.endswith("{project_id}")
            if "project_id" in (case.path_parameters or {}) and not deletes_the_project:
                case.path_parameters["project_id"] = fresh_server.project_id
            if case.path.endswith("/events/live"):
                case.query["seconds"] = 1  # it has no end of its own
            called += 1
            headers = {"Authorization": authorization(fresh_server, case.path)}
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)

        given(case=operation.as_strategy())(check)()
    assert called > 100


def authorization(server: Running, path: str) -> str:
    """API routes take the API key; collection routes a write key, as HTTP Basic has it."""
    if path.startswith("/api/"):
        return f"Bearer {server.api_key}"
    return f"Basic {base64.b64encode(f'{server.write_key}:'.encode()).decode()}"


NATIVE = ("identify", "track", "page", "screen", "group", "alias", "batch")


@pytest.mark.parametrize("method", NATIVE)
def test_native_collection_takes_every_body_that_it_describes(server: Running, method: str) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json")
    operation = schema[f"/v1/{method}"]["POST"]
    before, sent, aside = len(server.events()), 0, 0

    @GENERATED
    def check(case: schemathesis.Case) -> None:
        nonlocal sent, aside
        headers = {"Authorization": authorization(server, case.path)}
        answer = case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)
        assert answer.status_code == 200, answer.text
        sent += len(case.body["batch"]) if method == "batch" else 1
        aside += len(answer.json().get("rejected", ()))

    given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))(check)()
    stored = len(server.events()) - before
    assert sent > 10
    if method in ("track", "page", "screen", "batch"):
        # A message is one event at most: a repeated id counts once, and what is set aside is told.
        assert 0 < stored <= sent
        assert aside < sent
    else:
        assert stored <= sent


@pytest.mark.parametrize("method", NATIVE)
def test_native_collection_refuses_or_sets_aside_what_it_does_not_describe(
    server: Running, method: str
) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json")
    statuses: set[int] = set()

    @GENERATED
    def check(case: schemathesis.Case) -> None:
        headers = {"Authorization": authorization(server, case.path)}
        answer = case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)
        statuses.add(answer.status_code)

    operation = schema[f"/v1/{method}"]["POST"]
    given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))(check)()
    assert 400 in statuses


def test_the_page_of_the_description_needs_nothing_from_other_servers(server: Running) -> None:
    page = httpx.get(f"{server.url}/", follow_redirects=True)
    needed = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert any(address.endswith(".js") for address in needed)
    assert "http" not in page.text.replace("http-equiv", "")
    for address in needed:
        assert httpx.get(server.url + address).status_code == 200, address


def test_every_error_of_the_description_has_the_one_shape(server: Running) -> None:
    description = server.api.get("/api/openapi.json").json()
    for path, item in description["paths"].items():
        if path.startswith("/api/"):
            for method, operation in item.items():
                refused = operation["responses"]["422"]["content"]["application/json"]["schema"]
                assert refused == {"$ref": "#/components/schemas/Error"}, f"{method} {path}"


def test_every_route_has_a_summary_and_a_description(server: Running) -> None:
    description = server.api.get("/api/openapi.json").json()
    bare = [
        f"{method} {path}"
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if not operation.get("summary") or not operation.get("description")
    ]
    assert bare == []
