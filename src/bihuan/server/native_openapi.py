"""The description of the native collection routes (``/v1/*``): bodies, answers, and the write key."""

from __future__ import annotations

from typing import Any

WRITE_KEY_SCHEME = "Write key"
SECURITY_SCHEME: dict[str, Any] = {
    "type": "http",
    "scheme": "basic",
    "description": "The write key as the user name, no password; or `writeKey` in the body.",
}
_LETTERS = {"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias"}
_ID = {"type": ["string", "number", "null"], "description": "An id; numbers are taken as text."}
_OBJECT = {"type": ["object", "null"], "additionalProperties": True}
_TIME = {"type": ["string", "number", "null"], "description": "ISO 8601, or Unix time."}
_SHARED: dict[str, Any] = {
    "userId": _ID,
    "anonymousId": _ID,
    "cookieless": {
        "type": ["boolean", "null"],
        "description": "With neither id: the visitor is told apart by address and browser, for a day.",
    },
    "messageId": {**_ID, "description": "Known once ever: sent again, it counts once."},
    "timestamp": _TIME,
    "context": {**_OBJECT, "description": "Page, campaign, device, app, library, ip, userAgent."},
}
_NAMED: dict[str, Any] = {
    "name": {"type": ["string", "null"]},
    "category": {"type": ["string", "null"]},
    "properties": _OBJECT,
}
_OWN: dict[str, dict[str, Any]] = {
    "identify": {"traits": _OBJECT},
    "track": {"event": {"type": "string", "minLength": 1, "maxLength": 255}, "properties": _OBJECT},
    "page": _NAMED,
    "screen": _NAMED,
    "group": {"groupId": _ID, "traits": _OBJECT},
    "alias": {"previousId": _ID},
}
_REQUIRED = {"track": ["event"], "group": ["groupId"], "alias": ["previousId", "userId"]}
_SENDER = {"anyOf": [{"required": ["userId"]}, {"required": ["anonymousId"]}, {"required": ["cookieless"]}]}

SCHEMAS: dict[str, Any] = {
    "Collected": {
        "type": "object",
        "required": ["success"],
        "description": "Everything acceptable is stored.",
        "properties": {
            "success": {"const": True},
            "status": {"const": 1},
            "result": {"const": "Success"},
            "code": {"const": 200},
            "accepted": {"type": "integer", "minimum": 0, "description": "Given when some were not."},
            "rejected": {
                "type": "array",
                "description": "What was set aside in quarantine.",
                "items": {
                    "type": "object",
                    "required": ["path", "reason"],
                    "additionalProperties": False,
                    "properties": {"path": {"type": "string"}, "reason": {"type": "string"}},
                },
            },
        },
        "additionalProperties": False,
    },
    "NotCollected": {
        "type": "object",
        "required": ["code", "message", "error"],
        "additionalProperties": False,
        "description": "Nothing is stored; `code` and `message` are where Segment's SDKs read them.",
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "error": {"$ref": "#/components/schemas/Error/properties/error"},
        },
    },
}


def describe_native(operation: dict[str, Any], path: str, http_method: str) -> dict[str, Any]:
    """``operation`` with what a native route takes and answers."""
    name = path.rpartition("/")[2]
    described = {**operation, "security": [{WRITE_KEY_SCHEME: []}, {}]}
    if http_method == "GET":
        described["parameters"] = [*operation["parameters"], *_PIXEL_PARAMETERS]
        gif = {"image/gif": {"schema": {"type": "string", "format": "binary"}}}
        answer = {"description": "A transparent pixel, whether it was stored or refused.", "content": gif}
        described["responses"] = {"200": answer, "4XX": _refused(), "5XX": _refused()}
        return described
    schema = _batch() if name in ("batch", "b") else _message(_LETTERS.get(name, name))
    described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    collected = {"application/json": {"schema": {"$ref": "#/components/schemas/Collected"}}}
    answer = {"description": "Stored, or set aside one by one.", "content": collected}
    described["responses"] = {"200": answer, "4XX": _refused(), "5XX": _refused()}
    return described


_PIXEL_PARAMETERS = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "schema": {"type": "string"},
        "description": meaning,
    }
    for name, meaning in (
        ("data", "The message in JSON, as base64; instead of the others."),
        ("writeKey", "The write key."),
        ("userId", "Who."),
        ("anonymousId", "Who, before they are known."),
        ("event", "Of a track call: what."),
    )
]


def _message(method: str) -> dict[str, Any]:
    properties = {**_SHARED, **_OWN[method]}
    return {
        "type": "object",
        "properties": {**properties, "sentAt": _TIME, "writeKey": {"type": ["string", "null"]}},
        "required": _REQUIRED.get(method, []),
        **_SENDER,
    }


def _batch() -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        {
            "type": "object",
            "properties": {"type": {"const": method}, **_SHARED, **own},
            "required": ["type", *_REQUIRED.get(method, [])],
            **_SENDER,
        }
        for method, own in _OWN.items()
    ]
    return {
        "type": "object",
        "required": ["batch"],
        "properties": {
            "batch": {"type": "array", "maxItems": 2_500, "items": {"oneOf": kinds}},
            "sentAt": {**_TIME, "description": "The sender's clock; puts wrong times right."},
            "context": _OBJECT,
            "writeKey": {"type": ["string", "null"]},
        },
    }


def _refused() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/NotCollected"}}}
    return {"description": "Refused; nothing is stored.", "content": content}
