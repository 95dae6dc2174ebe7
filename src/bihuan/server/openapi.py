"""The API's description: the routes FastAPI knows, the collection routes, and the one error shape."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI

from bihuan.collect.protocols import CollectProtocol, all_protocols
from bihuan.server import native_openapi

ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "path", "hint"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "string", "description": "Stable; for programs."},
                "message": {"type": "string", "description": "What is wrong, in the language asked for."},
                "path": {"type": ["string", "null"], "description": "The field at fault."},
                "hint": {"type": ["string", "null"], "description": "How to mend it."},
            },
        }
    },
}
_ERROR_RESPONSE = {
    "description": "Refused; the body says why.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
_ERRORS = ("400", "401", "403", "404", "405", "409", "413", "422", "429", "500", "503")


def describe(api: FastAPI) -> None:
    """Make ``api`` answer ``/api/openapi.json`` with the whole server's description."""
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = generate()
            schema["components"]["schemas"]["Error"] = ERROR_SCHEMA
            for path in schema["paths"].values():
                for operation in path.values():
                    for status in _ERRORS:
                        if status == "422" or status not in operation["responses"]:
                            operation["responses"][status] = _ERROR_RESPONSE
            schema["components"]["schemas"].pop("HTTPValidationError", None)
            schema["components"]["schemas"].pop("ValidationError", None)
            schema["components"]["schemas"].update(native_openapi.SCHEMAS)
            schemes = schema["components"].setdefault("securitySchemes", {})
            schemes[native_openapi.WRITE_KEY_SCHEME] = native_openapi.SECURITY_SCHEME
            schema["paths"].update(_collection_paths())
            api.openapi_schema = schema
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]


def _collection_paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for name, protocol in all_protocols().items():
        for method, path in protocol.paths:
            mount = f"/in/{name}{path}"
            for place in (mount, path) if name == "segment" else (mount,):
                operation = _operation(name, protocol, place)
                if name == "segment":
                    operation = native_openapi.describe_native(operation, path, method)
                paths.setdefault(place, {})[method.lower()] = operation
    return paths


def _operation(name: str, protocol: CollectProtocol, path: str) -> dict[str, Any]:
    parameters = [
        {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
        for parameter in re.findall(r"\{(\w+)(?::\w+)?\}", path)
    ]
    refused = {"description": "Refused, in the form the vendor's SDKs expect."}
    return {
        "tags": ["collection"],
        "summary": f"{protocol.title} protocol",
        "description": f"Takes what the SDKs of {protocol.title} send; see docs/collection.md.",
        "operationId": re.sub(r"\W+", "_", f"collect_{name}_{path}"),
        "parameters": parameters,
        "responses": {
            "2XX": {"description": "Stored; the body is what the vendor's SDKs expect."},
            "3XX": {"description": "Redirected to the address that was asked for, after storing."},
            "4XX": refused,
            "5XX": refused,
        },
    }
