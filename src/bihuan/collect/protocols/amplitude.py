"""The Amplitude HTTP V2 and batch APIs."""

from __future__ import annotations

from typing import Any, ClassVar

from bihuan.collect.errors import (
    BatchTooLong,
    BodyTooLarge,
    WriteKeyMissing,
    WriteKeyUnknown,
)
from bihuan.collect.incoming import Parsed
from bihuan.collect.protocols.amplitude_events import DEFAULT_MIN_ID_CHARACTERS, EventReader
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import decode_json, form_fields, is_form, payload_invalid
from bihuan.collect.protocols.rejection import read_each
from bihuan.collect.protocols.replies import json_reply
from bihuan.collect.protocols.timestamps import read_sent_at_ms
from bihuan.kernel.errors import BihuanError, Language

MAX_EVENTS = 2_000
_HTTP_API_BYTES = 1024 * 1024
_HTTP_API = "/2/httpapi"
# Form endpoints: path, the field with the JSON, and the event type it implies.
_FORMS: dict[str, tuple[str, str | None]] = {
    "/httpapi": ("event", None),
    "/identify": ("identification", "$identify"),
    "/groupidentify": ("identification", "$groupidentify"),
}


class AmplitudeProtocol(CollectProtocol):
    """Amplitude SDKs. 2,000 events; 1 MB for `/2/httpapi`, 20 MB for `/batch`; ids of 5 characters and more.

    ``options.min_id_length`` lowers the last. The write key is ``api_key`` in the body.
    """

    name: ClassVar[str] = "amplitude"
    title: ClassVar[str] = "Amplitude"
    replay_path: ClassVar[str] = "/2/httpapi"
    replay_member: ClassVar[str] = "events"
    paths: ClassVar[tuple[tuple[str, str], ...]] = tuple(
        ("POST", path) for path in (_HTTP_API, "/batch", *_FORMS)
    )
    max_body_bytes: ClassVar[int] = 20 * 1024 * 1024

    def parse(self, request: Request) -> Parsed:
        """Read the events. Raises ``PayloadInvalid``, ``BatchTooLong``, ``BodyTooLarge``."""
        if request.path == _HTTP_API and len(request.body) > _HTTP_API_BYTES:
            raise BodyTooLarge(size_bytes=len(request.body), limit_bytes=_HTTP_API_BYTES)
        payload = _payload(request)
        events = payload.get("events")
        if not isinstance(events, list):
            raise payload_invalid("`events` is not a list.", "`events` 不是列表。", "events")
        if len(events) > MAX_EVENTS:
            raise BatchTooLong(size=len(events), limit=MAX_EVENTS)
        reader = EventReader(_min_id_characters(payload.get("options")))
        key = payload.get("api_key")
        parsed = Parsed(
            write_key=key if isinstance(key, str) and key else None,
            sent_at_ms=read_sent_at_ms(payload.get("client_upload_time")),
            items=reader.items,
        )
        read_each(events, "events", reader.read, parsed.rejected)
        return parsed

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """Status 200 with ``code`` 200, which is what the SDKs count as delivered."""
        answer: dict[str, Any] = {
            "code": 200,
            "events_ingested": outcome.accepted,
            "payload_size_bytes": len(request.body),
            "server_upload_time": request.received_ms,
        }
        if outcome.quarantined:
            answer["rejected"] = [{"path": path, "reason": reason} for path, reason in outcome.quarantined]
        return json_reply(answer)

    def refused(self, request: Request, error: BihuanError, language: Language) -> Reply:
        """``code`` and a text ``error``; its start tells the SDKs that the key is wrong."""
        message = error.message(language)
        if isinstance(error, WriteKeyUnknown | WriteKeyMissing):
            message = f"Invalid API key: {message}"
        answer = {"code": error.status, "error": message, "problem": error.as_dict(language)["error"]}
        return json_reply(answer, error.status)


def _payload(request: Request) -> dict[str, Any]:
    form = _FORMS.get(request.path)
    if form is None or not is_form(request.headers):
        payload = decode_json(request.body)
        if not isinstance(payload, dict):
            raise payload_invalid("it is not an object.", "不是 JSON 对象。")
        return payload
    field, event_type = form
    fields = form_fields(request.body)
    events = decode_json(fields.get(field, [""])[0])
    events = events if isinstance(events, list) else [events]
    if event_type is not None:
        events = [_typed(event, event_type) for event in events]
    return {"api_key": fields.get("api_key", [""])[0], "events": events}


def _typed(event: Any, event_type: str) -> Any:
    """An entry of the identify APIs as an event; the group API names group and type flatly."""
    if not isinstance(event, dict):
        return event
    typed = {**event, "event_type": event_type}
    if event_type == "$groupidentify" and isinstance(event.get("group_type"), str):
        stand_in = f"${event['group_type']}_{event.get('group_value')}"
        typed = {"user_id": stand_in, **typed, "groups": {event["group_type"]: event.get("group_value")}}
    return typed


def _min_id_characters(options: object) -> int:
    length = options.get("min_id_length") if isinstance(options, dict) else None
    if isinstance(length, int) and not isinstance(length, bool) and length > 0:
        return length
    return DEFAULT_MIN_ID_CHARACTERS


PROTOCOL = AmplitudeProtocol()
