"""Umami: ``/api/send`` and ``/api/batch`` (https://umami.is/docs/api/sending-stats).

Write key: the website id (or pixel or link id), which Umami's trackers pass on as it is; or the path,
``/in/umami/<write key>`` as host. Message ids: the protocol has none, a repeated request counts again.

Ids: ``payload.id`` is the known person. Without it the person is Umami's session, a hash of address and
user agent that changes every month, or the session that the ``x-umami-cache`` header names. ``identify``
links the two. An event with ``id`` does not: a server that reports for many people has one address.
Requests of bots are answered ``{"beep": "boop"}`` and not stored, as Umami does.
"""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from bihuan.collect.enrichment import is_bot
from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent, Item, Parsed, ProfileChange
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import decode_json, payload_invalid
from bihuan.collect.protocols.fields import absolute_url, put_screen, put_text
from bihuan.collect.protocols.mapping import COMMERCE_NAMES, names_table, translate
from bihuan.collect.protocols.rejection import ItemInvalid, object_or_empty, read_id, read_name, type_invalid
from bihuan.collect.protocols.replies import json_reply
from bihuan.collect.protocols.timestamps import seconds_to_ms
from bihuan.collect.protocols.visitor import hashed_uuid, request_ip, request_user_agent, visitor_id
from bihuan.collect.protocols.write_keys import OneWriteKey, key_in_path, with_key_in_path
from bihuan.kernel.vocabulary import PAGE_VIEW

_PATHS = (("POST", "/api/send"), ("POST", "/api/batch"))
_NAMES = names_table(COMMERCE_NAMES)
_WEB_VITALS = ("lcp", "inp", "cls", "fcp", "ttfb")
_SOURCES = {"website": PAGE_VIEW, "pixel": "pixel_view", "link": "link_visit"}
_VISIT_TIMEOUT_MS = 30 * 60 * 1000
_HOUR_MS = 60 * 60 * 1000


class _Visit(msgspec.Struct, rename="camel"):
    """What the ``cache`` of the answer holds: unsigned, since an id is all that it claims."""

    website: str
    session_id: str
    visit_id: str
    seen_ms: int


class UmamiProtocol(CollectProtocol):
    """Umami's collection API."""

    name = "umami"
    title = "Umami"
    replay_path = "/api/send"
    paths = with_key_in_path(_PATHS)

    def parse(self, request: Request) -> Parsed:
        """One event, or for ``/api/batch`` a list of them."""
        parsed = Parsed()
        key = OneWriteKey(key_in_path(request.path, _PATHS))
        body = decode_json(request.body)
        batch = request.path.endswith("/api/batch")
        if batch and not isinstance(body, list):
            raise payload_invalid("a batch is a list of events.", "批量请求必须是事件列表。")
        for index, raw in enumerate(body if batch else [body]):
            position = f"[{index}]" if batch else ""
            try:
                parsed.items.extend(_read(raw, request, key, position))
            except ItemInvalid as error:
                parsed.rejected.append(error.as_rejected(position, raw))
        parsed.write_key = key.value
        return parsed

    def immediate(self, request: Request) -> Reply | None:
        """``beep: boop`` for bots."""
        if not is_bot(request_user_agent(request)):
            return None
        if not request.path.endswith("/api/batch"):
            return json_reply({"beep": "boop"})
        try:
            size = len(decode_json(request.body))
        except (PayloadInvalid, TypeError):
            size = 0
        return json_reply({"size": size, "processed": size, "errors": 0, "details": []})

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """The session and visit, and the cache that trackers send back; 400 if the only event was bad."""
        body = decode_json(request.body)
        if request.path.endswith("/api/batch"):
            details = [
                {"index": _index_of(position), "response": {"error": {"code": reason}}}
                for position, reason in outcome.quarantined
            ]
            answer: dict[str, Any] = {
                "size": len(body),
                "processed": len(body) - len(details),
                "errors": len(details),
                "details": details,
            }
            last = next((item for item in reversed(body) if isinstance(item, dict)), {})
            return json_reply({**answer, "cache": _cache(_visit_of(last, request))})
        if outcome.quarantined:
            position, reason = outcome.quarantined[0]
            return json_reply({"error": {"code": reason, "path": position}}, status=400)
        visit = _visit_of(body, request)
        return json_reply({"cache": _cache(visit), "sessionId": visit.session_id, "visitId": visit.visit_id})


def _read(raw: object, request: Request, key: OneWriteKey, position: str) -> list[Item]:
    message = object_or_empty(raw, "")
    payload = object_or_empty(message.get("payload"), "payload")
    source = _source(payload)
    key.check(read_id(payload.get(source), f"payload.{source}"), f"payload.{source}")
    visit = _visit_of(message, request)
    known_id = read_id(payload.get("id"), "payload.id")
    time_ms = seconds_to_ms(payload.get("timestamp"), "payload.timestamp")
    distinct_id = known_id or visit.session_id
    kind = message.get("type")
    if kind == "identify":
        return _identify(payload, visit, known_id, time_ms, position)
    if kind not in ("event", "performance"):
        raise ItemInvalid(
            reason="type_unknown",
            path="type",
            detail_en=f"{kind!r} is no type of message.",
            detail_zh=f"未知的消息类型 {kind!r}。",
        )
    properties = _properties(payload)
    if kind == "performance":
        event = "performance"
        properties.update({name: payload[name] for name in _WEB_VITALS if payload.get(name) is not None})
    elif payload.get("name"):
        event = read_name(payload["name"], "payload.name")
    else:
        event = _SOURCES[source]
    return [
        IncomingEvent(
            event=event,
            distinct_id=distinct_id,
            time_ms=time_ms,
            properties=properties,
            session_id=visit.visit_id,
            user_agent=_user_agent(payload, request),
            ip=_ip(payload, request),
            position=position,
        )
    ]


def _identify(
    payload: dict[str, Any], visit: _Visit, known_id: str | None, time_ms: int | None, position: str
) -> list[Item]:
    items: list[Item] = []
    if known_id is not None:
        items.append(
            IdentityLink(anonymous_id=visit.session_id, known_id=known_id, time_ms=time_ms, position=position)
        )
    values = object_or_empty(payload.get("data"), "payload.data")
    if values:
        items.append(
            ProfileChange(
                operation="set",
                distinct_id=known_id or visit.session_id,
                values=values,
                time_ms=time_ms,
                position=position,
            )
        )
    return items


def _properties(payload: dict[str, Any]) -> dict[str, Any]:
    data = payload.get("data")
    if data is not None and not isinstance(data, dict):
        raise type_invalid("payload.data", "an object", "对象")
    properties = translate(data or {}, _NAMES)
    host = payload.get("hostname")
    url = absolute_url(payload.get("url"), host)
    put_text(properties, "$url", url)
    put_text(properties, "$host", host)
    put_text(properties, "$title", payload.get("title"))
    put_text(properties, "$referrer", absolute_url(payload.get("referrer"), host))
    put_text(properties, "$language", payload.get("language"))
    put_screen(properties, payload.get("screen"))
    if payload.get("tag"):
        properties["tag"] = payload["tag"]
    return properties


def _source(payload: dict[str, Any]) -> str:
    return next((name for name in _SOURCES if payload.get(name)), "website")


def _ip(payload: dict[str, Any], request: Request) -> str | None:
    ip = payload.get("ip")
    return ip if isinstance(ip, str) and ip else request_ip(request)


def _user_agent(payload: dict[str, Any], request: Request) -> str | None:
    user_agent = payload.get("userAgent")
    return user_agent if isinstance(user_agent, str) and user_agent else request_user_agent(request)


def _visit_of(message: object, request: Request) -> _Visit:
    """The visit that the cache header names if it is of the same website, else the one the hash gives."""
    raw = message.get("payload") if isinstance(message, dict) else None
    payload = raw if isinstance(raw, dict) else {}
    website = str(payload.get(_source(payload)) or "")
    now_ms = request.received_ms
    cached = _read_cache(request.headers.get("x-umami-cache"))
    if cached is not None and cached.website == website:
        if 0 <= now_ms - cached.seen_ms <= _VISIT_TIMEOUT_MS:
            return msgspec.structs.replace(cached, seen_ms=now_ms)
        session_id, visit_of = cached.session_id, cached.visit_id
    else:
        ip, user_agent = _ip(payload, request), _user_agent(payload, request)
        session_id = visitor_id(website, ip, user_agent, now_ms, "month")
        visit_of = str(now_ms // _HOUR_MS)  # without a cache a visit lasts until the hour ends, as in Umami
    visit_id = hashed_uuid(session_id, "visit", visit_of)
    return _Visit(website=website, session_id=session_id, visit_id=visit_id, seen_ms=now_ms)


def _cache(visit: _Visit) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(visit)).decode().rstrip("=")


def _read_cache(header: str | None) -> _Visit | None:
    if not header:
        return None
    try:
        visit = msgspec.json.decode(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)), type=_Visit)
    except ValueError:  # also binascii.Error and msgspec's errors
        return None
    return visit if visit.session_id and len(visit.session_id) <= 36 and len(visit.visit_id) <= 36 else None


def _index_of(position: str) -> int:
    digits = position.removeprefix("[").partition("]")[0]
    return int(digits) if digits.isdecimal() else 0


PROTOCOL = UmamiProtocol()
