"""The Mixpanel ingestion API: `/track`, `/engage`, `/groups`, `/import`."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from bihuan.collect.errors import BatchTooLong
from bihuan.collect.incoming import Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import (
    basic_user,
    decode_json,
    form_fields,
    is_form,
    unwrap_json,
)
from bihuan.collect.protocols.mixpanel_records import RecordReader
from bihuan.collect.protocols.rejection import ItemInvalid, read_each
from bihuan.collect.protocols.replies import json_reply, pixel_reply
from bihuan.kernel.errors import BihuanError, Language

MAX_EVENTS = 2_000
_IMPORT = "/import"
_ENDPOINTS = ("/track", "/engage", "/groups", _IMPORT)
_INDEX = re.compile(r"\[(\d+)\]")


class MixpanelProtocol(CollectProtocol):
    """Mixpanel SDKs. 10 MB and 2,000 records a request, fewer than 255 properties an event.

    The write key is ``token`` in an event's properties, ``$token`` in an update, the user of HTTP Basic, or
    ``token`` in the query.
    """

    name: ClassVar[str] = "mixpanel"
    title: ClassVar[str] = "Mixpanel"
    replay_path: ClassVar[str] = "/track"
    paths: ClassVar[tuple[tuple[str, str], ...]] = (
        *(("POST", form) for path in _ENDPOINTS for form in (path, f"{path}/")),
        *(("GET", form) for path in _ENDPOINTS[:3] for form in (path, f"{path}/")),
    )
    max_body_bytes: ClassVar[int] = 10 * 1024 * 1024

    def parse(self, request: Request) -> Parsed:
        """Read one record or a list of them. Raises ``PayloadInvalid``, ``BatchTooLong``."""
        path = _endpoint(request)
        payload = _payload(request)
        reader = RecordReader(time_required=path == _IMPORT)
        read = {"/engage": reader.read_profile, "/groups": reader.read_group}.get(path, reader.read_event)
        parsed = Parsed(write_key=_write_key(payload, request), items=reader.items)
        if isinstance(payload, list):
            if len(payload) > MAX_EVENTS:
                raise BatchTooLong(size=len(payload), limit=MAX_EVENTS)
            read_each(payload, "", read, parsed.rejected)
        else:
            try:
                read(payload, "")
            except ItemInvalid as invalid:
                parsed.rejected.append(invalid.as_rejected("", payload))
        return parsed

    def carrying(self, raw: Any, received_ms: int) -> Request:
        """Events, profiles and groups have paths of their own."""
        request = super().carrying(raw, received_ms)
        if isinstance(raw, dict) and "event" not in raw and "properties" not in raw:
            request.path = "/groups" if "$group_key" in raw else "/engage"
        return request

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """`/import` counts records and lists the failed ones; the others say 1, as JSON if ``verbose``."""
        if _endpoint(request) == _IMPORT:
            return _import_reply(request, outcome)
        if request.query_value("img") == "1":
            return pixel_reply()
        if _option(request, "verbose") == "1":
            return json_reply({"status": 1, "error": None})
        return Reply(body=b"1")

    def refused(self, request: Request, error: BihuanError, language: Language) -> Reply:
        """``status`` 0 and a text ``error``."""
        answer = {"code": error.status, "status": 0, "error": error.message(language)}
        return json_reply({**answer, "problem": error.as_dict(language)["error"]}, error.status)


def _endpoint(request: Request) -> str:
    return request.path.rstrip("/")


def _payload(request: Request) -> Any:
    body = request.body
    if not body:
        return unwrap_json(request.query_value("data") or "")
    if is_form(request.headers) or body.startswith(b"data="):
        data = form_fields(body).get("data", [""])[0]
        return unwrap_json(data)
    if _is_lines(request, body):
        return [decode_json(line) for line in body.splitlines() if line.strip()]
    return decode_json(body)


def _is_lines(request: Request, body: bytes) -> bool:
    if "ndjson" in request.headers.get("content-type", ""):
        return True
    return body.startswith(b"{") and b"}\n{" in body.replace(b"\r\n", b"\n")


def _write_key(payload: Any, request: Request) -> str | None:
    first = payload[0] if isinstance(payload, list) and payload else payload
    if isinstance(first, dict):
        properties = first.get("properties")
        for key in (properties.get("token") if isinstance(properties, dict) else None, first.get("$token")):
            if isinstance(key, str) and key:
                return key
    return basic_user(request.headers) or request.query_value("token")


def _option(request: Request, name: str) -> str | None:
    value = request.query_value(name)
    if value is None and request.body and is_form(request.headers):
        value = form_fields(request.body).get(name, [None])[0]
    return value


def _import_reply(request: Request, outcome: Outcome) -> Reply:
    """The Python SDK sends a form and wants ``status`` 1; everyone else gets the documented words."""
    answer: dict[str, Any] = {"code": 200, "num_records_imported": outcome.accepted}
    if is_form(request.headers):
        return json_reply({**answer, "status": 1, "error": None})
    if not outcome.quarantined or request.query_value("strict") == "0":
        return json_reply({**answer, "status": "OK"})
    failed = [
        {"index": _index(path), "field": path.partition(".")[2], "message": reason}
        for path, reason in outcome.quarantined
    ]
    answer.update(code=400, status="Bad Request", error="some data points in the request failed validation")
    return json_reply({**answer, "failed_records": failed}, 400)


def _index(path: str) -> int:
    found = _INDEX.match(path)
    return int(found.group(1)) if found else 0


PROTOCOL = MixpanelProtocol()
