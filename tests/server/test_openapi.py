"""The description is true: generated requests of every route get described answers and no server error."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server.running import Running

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES_PER_ROUTE = 12


def test_generated_requests_get_described_answers(fresh_server: Running) -> None:
    schema = schemathesis.openapi.from_url(f"{fresh_server.url}/api/openapi.json")
    headers = {"Authorization": f"Bearer {fresh_server.api_key}"}
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES_PER_ROUTE,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: schemathesis.Case) -> None:
            nonlocal called
            deletes_the_project = case.method == "DELETE" and case.path.endswith("{project_id}")
            if "project_id" in (case.path_parameters or {}) and not deletes_the_project:
                case.path_parameters["project_id"] = fresh_server.project_id
            called += 1
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)

        given(case=operation.as_strategy())(check)()
    assert called > 100


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
