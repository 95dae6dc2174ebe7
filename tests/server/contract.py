"""Checks answers against the OpenAPI description that the server gives of itself."""

from __future__ import annotations

import re
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_ROOT = "urn:openapi"
# The description itself and the page that shows it.
UNDESCRIBED = frozenset({"/api/openapi.json", "/api/docs"})


# A description takes seconds of processor, and is the same for every server that a process starts.
_descriptions: dict[str, dict[str, Any]] = {}


def contract_of(api: FastAPI, kind: str) -> Contract:
    """The contract of ``api``, described once for all servers of this kind, which have the same routes."""
    if kind not in _descriptions:
        _descriptions[kind] = api.openapi()
    api.openapi_schema = _descriptions[kind]
    return Contract(_descriptions[kind])


class Contract:
    """The description, ready to check responses; ``checked`` counts them."""

    def __init__(self, description: dict[str, Any]) -> None:
        resource = Resource.from_contents(description, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)
        self._routes = [
            (re.compile(_pattern(path)), path, item) for path, item in description["paths"].items()
        ]
        self.checked = 0

    def check(self, response: httpx.Response) -> None:
        """Fail unless the route, the status and the body are described."""
        if response.request.url.path in UNDESCRIBED:
            return
        path, method = response.request.url.path, response.request.method.lower()
        found = [(name, item) for pattern, name, item in self._routes if pattern.fullmatch(path)]
        # A literal path is meant before a template that it also fits.
        found.sort(key=lambda route: route[0].count("{"))
        if not found:
            assert response.status_code == 404, f"{method} {path} is not described"
            return
        name, item = found[0]
        if method not in item:
            assert response.status_code == 405, f"{method} {name} is not described"
            return
        responses = item[method]["responses"]
        status = str(response.status_code)
        described = responses.get(status) or responses.get(status[0] + "XX") or responses.get("default")
        assert described is not None, f"{method} {name} answered {status}, which is not described"
        content = described.get("content", {}).get("application/json")
        if content is None or not response.headers.get("content-type", "").startswith("application/json"):
            return
        response.read()
        schema = _absolute(content["schema"])
        Draft202012Validator(schema, registry=self._registry).validate(response.json())
        self.checked += 1


def _pattern(path: str) -> str:
    return re.sub(r"\\\{(\w+)(:path)?\\\}", lambda m: ".+" if m.group(2) else "[^/]+", re.escape(path))


def _absolute(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: f"{_ROOT}{value}" if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(value) for value in schema] if isinstance(schema, list) else schema
