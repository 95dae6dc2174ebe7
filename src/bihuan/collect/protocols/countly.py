"""Countly: ``/i``, ``/i/bulk`` and ``/o/sdk`` (https://api.count.ly/reference/i).

Write key: ``app_key``, or the path. The checksum that a salt adds is not checked: the salt stays between
the SDK and a Countly server. Query, form and multipart bodies are read.

Ids: ``device_id``; after ``old_device_id`` that one is linked to it. Message ids: events of newer SDKs have
one; else it is derived from device and time in milliseconds, which Countly's SDKs never use twice and
which a retry repeats. Requests without such a time have none. Whatever is accepted or set aside is
answered ``Success``, for a refused request stays first in the SDK's queue and stalls it.
"""

from __future__ import annotations

from typing import Any

from bihuan.collect.incoming import IdentityLink, Item, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.countly_items import CountlyRequest, read_items
from bihuan.collect.protocols.encoding import decode_json, form_fields, payload_invalid
from bihuan.collect.protocols.multipart import multipart_fields
from bihuan.collect.protocols.rejection import (
    ItemInvalid,
    distinct_id_missing,
    object_or_empty,
    read_id,
)
from bihuan.collect.protocols.replies import json_reply
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.collect.protocols.visitor import request_ip, request_user_agent
from bihuan.collect.protocols.write_keys import OneWriteKey, key_in_path, with_key_in_path

_WRITE, _BULK, _READ = "/i", "/i/bulk", "/o/sdk"
_PATHS = tuple((method, path) for path in (_BULK, _READ, _WRITE) for method in ("GET", "POST"))


class CountlyProtocol(CollectProtocol):
    """Countly's write API and the SDK's questions to the read API."""

    name = "countly"
    title = "Countly"
    replay_path = "/i/bulk"
    replay_member = "requests"
    paths = with_key_in_path(_PATHS)

    def parse(self, request: Request) -> Parsed:
        """One request, or each of a bulk request."""
        fields = _fields(request)
        key = OneWriteKey(key_in_path(request.path, _PATHS))
        bulk = request.path.endswith(_BULK)
        entries = _bulk_entries(fields) if bulk else [fields]
        parsed = Parsed()
        for index, raw in enumerate(entries):
            position = f"requests[{index}]" if bulk else ""
            try:
                entry = object_or_empty(raw, "")
                app_key = entry.get("app_key") or fields.get("app_key")
                key.check(read_id(app_key, "app_key"), "app_key")
                parsed.items.extend(_read(entry, request, position, parsed))
            except ItemInvalid as error:
                parsed.rejected.append(error.as_rejected(position, raw))
        parsed.write_key = key.value
        return parsed

    def immediate(self, request: Request) -> Reply | None:
        """Answers to ``/o/sdk``: empty server configuration, remote configuration and lists of surveys."""
        if not request.path.endswith(_READ):
            return None
        method = request.query_value("method") or _fields(request).get("method")
        if method == "sc":
            return json_reply({"v": 1, "t": request.received_ms, "c": {}})
        return json_reply({"result": []} if method == "feedback" else {})

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """``{"result": "Success"}``."""
        return json_reply({"result": "Success"})


def _fields(request: Request) -> dict[str, Any]:
    fields: dict[str, Any] = {name: values[-1] for name, values in request.query.items() if values}
    if request.method != "POST" or not request.body:
        return fields
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        fields.update(multipart_fields(request.body, content_type))
    elif request.body.lstrip()[:1] == b"{":
        fields.update(object_or_empty_body(decode_json(request.body)))
    else:
        fields.update((name, values[-1]) for name, values in form_fields(request.body).items())
    return fields


def object_or_empty_body(body: object) -> dict[str, Any]:
    """``body`` as an object. Raises ``PayloadInvalid`` if it is none."""
    if not isinstance(body, dict):
        raise payload_invalid("the body is an object.", "请求体必须是对象。")
    return body


def _bulk_entries(fields: dict[str, Any]) -> list[Any]:
    requests = fields.get("requests")
    if isinstance(requests, str):
        requests = decode_json(requests)
    if not isinstance(requests, list):
        raise payload_invalid("requests is a list.", "requests 必须是列表。", "requests")
    return requests


def _read(entry: dict[str, Any], request: Request, position: str, parsed: Parsed) -> list[Item]:
    device_id = read_id(entry.get("device_id"), "device_id")
    if device_id is None:
        raise distinct_id_missing("device_id")
    time_ms = read_time_ms(entry.get("timestamp"), "timestamp")
    old_id = read_id(entry.get("old_device_id"), "old_device_id")
    items: list[Item] = []
    if old_id is not None and old_id != device_id:
        items.append(
            IdentityLink(anonymous_id=old_id, known_id=device_id, time_ms=time_ms, position=position)
        )
    read = CountlyRequest(
        fields=entry,
        device_id=device_id,
        time_ms=time_ms,
        position=position,
        user_agent=request_user_agent(request),
        ip=read_id(entry.get("ip_address"), "ip_address") or request_ip(request),
    )
    items.extend(read_items(read, parsed.rejected))
    return items


PROTOCOL = CountlyProtocol()
