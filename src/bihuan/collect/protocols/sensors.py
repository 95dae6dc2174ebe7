"""Sensors Analytics 神策: `/sa` by form, query or image, and its debug mode."""

from __future__ import annotations

from typing import Any, ClassVar

from bihuan.collect.incoming import Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import form_fields, is_form, payload_invalid, unwrap_json
from bihuan.collect.protocols.rejection import ItemInvalid, read_each
from bihuan.collect.protocols.replies import json_reply, ok_reply, pixel_reply
from bihuan.collect.protocols.sensors_records import RecordReader
from bihuan.collect.protocols.timestamps import read_sent_at_ms
from bihuan.kernel.errors import BihuanError

_RECORDS = ("/sa", "/sa.gif", "/debug")


class SensorsProtocol(CollectProtocol):
    """Sensors Analytics SDKs. Event names up to 100 characters, ids 255, texts 8,191.

    The write key is ``token`` in the query or in a record, else ``project`` in the same places.
    """

    name: ClassVar[str] = "sensors"
    title: ClassVar[str] = "Sensors Analytics 神策"
    replay_path: ClassVar[str] = "/sa"
    paths: ClassVar[tuple[tuple[str, str], ...]] = tuple(
        (method, path) for method in ("POST", "GET") for path in _RECORDS
    )

    def parse(self, request: Request) -> Parsed:
        """Read ``data`` (one record or several) or ``data_list``. Raises ``PayloadInvalid``."""
        payload = _payload(request)
        reader = RecordReader()
        parsed = Parsed(items=reader.items)
        records = payload if isinstance(payload, list) else [payload]
        first = next((record for record in records if isinstance(record, dict)), {})
        parsed.write_key = _write_key(request, first)
        parsed.sent_at_ms = read_sent_at_ms(first.get("_flush_time"))
        if isinstance(payload, list):
            read_each(payload, "data_list", reader.read, parsed.rejected)
        else:
            try:
                reader.read(payload, "")
            except ItemInvalid as invalid:
                parsed.rejected.append(invalid.as_rejected("", payload))
        return parsed

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """An image for GET, else 200 with JSON; in debug mode 400 with the reasons for refused records."""
        if request.path == "/debug" and outcome.quarantined:
            reasons = [{"path": path, "reason": reason} for path, reason in outcome.quarantined]
            return json_reply({"code": 400, "status": 0, "rejected": reasons}, 400)
        return pixel_reply() if request.method == "GET" else ok_reply(outcome)

    def immediate(self, request: Request) -> Reply | None:
        """Debug mode with ``Dry-Run``: the records are checked and not kept."""
        if request.path != "/debug" or request.headers.get("dry-run", "").lower() != "true":
            return None
        try:
            rejected = self.parse(request).rejected
        except BihuanError as error:
            return json_reply({"code": error.status, **error.as_dict("en")}, error.status)
        return self.accepted(request, Outcome(quarantined=[(bad.path, bad.reason) for bad in rejected]))


def _payload(request: Request) -> Any:
    fields = request.query
    if request.body and (is_form(request.headers) or request.body.startswith((b"data=", b"data_list="))):
        fields = form_fields(request.body)
    elif request.body:
        return unwrap_json(request.body)
    for name in ("data_list", "data"):
        values = fields.get(name)
        if values and values[0]:
            return unwrap_json(values[0])
    raise payload_invalid("it has neither `data` nor `data_list`.", "缺少 `data` 或 `data_list`。", "data")


def _write_key(request: Request, record: dict[str, Any]) -> str | None:
    for name in ("token", "project"):
        own = record.get(name)
        key = request.query_value(name) or (own if isinstance(own, str) else None)
        if key:
            return key
    return None


PROTOCOL = SensorsProtocol()
