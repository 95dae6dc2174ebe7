"""The PostHog capture API: `/batch/`, `/capture/`, `/e/` and their kin; feature flags are always none."""

from __future__ import annotations

from typing import Any, ClassVar

from bihuan.collect.incoming import Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import (
    GZIP_MAGIC,
    decode_json,
    form_fields,
    gunzip,
    is_form,
    payload_invalid,
    unwrap_json,
)
from bihuan.collect.protocols.posthog_events import EventReader
from bihuan.collect.protocols.rejection import ItemInvalid, read_each
from bihuan.collect.protocols.replies import json_reply, ok_reply
from bihuan.collect.protocols.timestamps import read_sent_at_ms
from bihuan.kernel.errors import BihuanError, Language

_CAPTURE = ("/capture", "/batch", "/e", "/i/v0/e", "/i/v0/ai", "/i/v0/ai/batch", "/track", "/engage")
_FLAGS = ("/flags", "/decide")
_FLAG_DEFINITIONS = ("/flags/definitions", "/api/feature_flag/local_evaluation")
_CONFIGURATION = "/array/{token}/config"
_RECORDINGS = "/s"

_NO_FLAGS: dict[str, Any] = {
    "flags": {},
    "featureFlags": {},
    "featureFlagPayloads": {},
    "errorsWhileComputingFlags": False,
    "config": {"enable_collect_everything": False},
    "supportedCompression": ["gzip", "gzip-js"],
    "sessionRecording": False,
    "surveys": False,
    "toolbarParams": {},
    "isAuthenticated": False,
}
_NO_FLAG_DEFINITIONS: dict[str, Any] = {"flags": [], "group_type_mapping": {}, "cohorts": {}}


def _with_slash(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(form for path in paths for form in (path, f"{path}/"))


class PostHogProtocol(CollectProtocol):
    """PostHog SDKs. 20 MB a request (the limit of `/batch`).

    The write key is ``api_key`` or ``token`` in the body, in the first event or its properties, or
    in the query.
    """

    name: ClassVar[str] = "posthog"
    title: ClassVar[str] = "PostHog"
    replay_path: ClassVar[str] = "/batch"
    replay_member: ClassVar[str] = "batch"
    paths: ClassVar[tuple[tuple[str, str], ...]] = (
        *(
            (method, path)
            for method in ("POST", "GET")
            for path in _with_slash((*_CAPTURE, *_FLAGS, *_FLAG_DEFINITIONS, _RECORDINGS))
        ),
        ("GET", _CONFIGURATION),
    )
    max_body_bytes: ClassVar[int] = 20 * 1024 * 1024

    def parse(self, request: Request) -> Parsed:
        """Read one event, a list of them or a batch. Raises ``PayloadInvalid``."""
        payload = _payload(request)
        reader = EventReader(request.received_ms)
        parsed = Parsed(write_key=_write_key(payload, request), items=reader.items)
        if isinstance(payload, list):
            read_each(payload, "", reader.read, parsed.rejected)
        elif not isinstance(payload, dict):
            raise payload_invalid("it is not an object.", "不是 JSON 对象。")
        elif isinstance(payload.get("batch"), list):
            parsed.sent_at_ms = read_sent_at_ms(payload.get("sent_at"))
            read_each(payload["batch"], "batch", reader.read, parsed.rejected)
        else:
            parsed.sent_at_ms = read_sent_at_ms(payload.get("sent_at"))
            try:
                reader.read(payload, "")
            except ItemInvalid as invalid:
                parsed.rejected.append(invalid.as_rejected("", payload))
        return parsed

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """Exactly 200 with a JSON ``status``."""
        return ok_reply(outcome)

    def refused(self, request: Request, error: BihuanError, language: Language) -> Reply:
        """The error with ``detail`` where the SDKs read it."""
        problem = {"type": "validation_error", "code": error.code, "detail": error.message(language)}
        return json_reply({**problem, **error.as_dict(language)}, error.status)

    def immediate(self, request: Request) -> Reply | None:
        """No flags, no configuration, and thanks for the recording, which is not kept."""
        path = request.path.rstrip("/")
        if path in _FLAG_DEFINITIONS:
            return json_reply(_NO_FLAG_DEFINITIONS)
        if path in _FLAGS or path.startswith("/array/"):
            return json_reply(_NO_FLAGS)
        return ok_reply() if path == _RECORDINGS else None


def _payload(request: Request) -> Any:
    """The JSON of a body, form field or query; plain, base64, gzip without a header (``gzip-js``)."""
    body = request.body
    if body.startswith(GZIP_MAGIC):
        return decode_json(gunzip(body))
    if body.startswith(b"data=") or is_form(request.headers):
        fields = form_fields(body)
        data = fields.get("data", [""])[0]
    else:
        data = (request.query_value("data") or "") if not body else ""
    if data:
        return unwrap_json(data)
    return unwrap_json(body)


def _write_key(payload: Any, request: Request) -> str | None:
    first: Any = payload
    if isinstance(payload, list) and payload:
        first = payload[0]
    elif isinstance(payload, dict) and isinstance(payload.get("batch"), list) and payload["batch"]:
        first = payload["batch"][0]
    properties = first.get("properties") if isinstance(first, dict) else None
    for holder in (payload, first, properties):
        if isinstance(holder, dict):
            for name in ("api_key", "token", "$token"):
                key = holder.get(name)
                if isinstance(key, str) and key:
                    return key
    return request.query_value("api_key") or request.query_value("token")


PROTOCOL = PostHogProtocol()
