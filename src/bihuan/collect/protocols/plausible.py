"""Plausible: ``/api/event`` (https://plausible.io/docs/events-api).

Write key: ``domain`` (of several domains, separated by commas, the first), or the path,
``/in/plausible/<write key>`` as host. Message ids: the protocol has none, a repeated request counts again.

Ids: Plausible has no ids of people. A visitor is a hash of domain, address and user agent that changes
every day (UTC), so nobody is recognised across days. Servers that report for visitors name the address in
``X-Plausible-IP`` or ``X-Forwarded-For``, which is believed here: it decides nothing but the visitor and
the place. Bots are answered 202 with ``x-plausible-dropped: 1`` and not stored, as Plausible does.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from bihuan.collect.enrichment import is_bot
from bihuan.collect.incoming import IncomingEvent, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import decode_json, payload_invalid
from bihuan.collect.protocols.fields import json_member, put_text
from bihuan.collect.protocols.mapping import COMMERCE_NAMES, as_number, names_table, put_standard, translate
from bihuan.collect.protocols.rejection import ItemInvalid, object_or_empty, read_id, read_name
from bihuan.collect.protocols.visitor import request_ip, request_user_agent, visitor_id
from bihuan.collect.protocols.write_keys import key_in_path, with_key_in_path
from bihuan.kernel.vocabulary import PAGE_VIEW

_PATHS = (("POST", "/api/event"),)
_NAMES = names_table(COMMERCE_NAMES)
_EVENT_NAMES = {"pageview": PAGE_VIEW}


class PlausibleProtocol(CollectProtocol):
    """Plausible's events API; long and short field names."""

    name = "plausible"
    title = "Plausible"
    replay_path = "/api/event"
    paths = with_key_in_path(_PATHS)

    def parse(self, request: Request) -> Parsed:
        """The one event of the request."""
        body = decode_json(request.body)
        if not isinstance(body, dict):
            raise payload_invalid("an event is an object.", "事件必须是对象。")
        parsed = Parsed(write_key=key_in_path(request.path, _PATHS))
        try:
            domain = (read_id(_member(body, "domain", "d"), "domain") or "").partition(",")[0].strip()
            parsed.write_key = parsed.write_key or domain or None
            parsed.items.append(_read(body, request, domain))
        except ItemInvalid as error:
            parsed.rejected.append(error.as_rejected("", body))
        return parsed

    def immediate(self, request: Request) -> Reply | None:
        """A bot's event is dropped."""
        return _reply(dropped=True) if is_bot(request_user_agent(request)) else None

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """202, with a header when the event was set aside."""
        return _reply(dropped=bool(outcome.quarantined))


def _reply(*, dropped: bool) -> Reply:
    headers = {"x-plausible-dropped": "1"} if dropped else {}
    return Reply(status=202, body=b"ok", media_type="text/plain", headers=headers)


def _read(body: dict[str, Any], request: Request, domain: str) -> IncomingEvent:
    name = read_name(_member(body, "name", "n"), "name")
    sent = _member(body, "props", "p")
    if sent is None:
        sent = _member(body, "meta", "m")
    props = object_or_empty(json_member(sent, "props"), "props")
    properties = translate(props, _NAMES)
    put_text(properties, "$url", _member(body, "url", "u"))
    put_text(properties, "$referrer", _member(body, "referrer", "r"))
    put_text(properties, "$screen_width", _member(body, "screen_width", "w"))
    _add_revenue(
        properties, object_or_empty(json_member(_member(body, "revenue", "$"), "revenue"), "revenue")
    )
    _add_engagement(properties, body)
    user_agent, ip = request_user_agent(request), _ip(request)
    return IncomingEvent(
        event=_EVENT_NAMES.get(name, name),
        distinct_id=visitor_id(domain, ip, user_agent, request.received_ms, "day"),
        properties=properties,
        user_agent=user_agent,
        ip=ip,
    )


def _add_revenue(properties: dict[str, Any], revenue: dict[str, Any]) -> None:
    put_standard(properties, "$revenue", revenue.get("amount"))
    put_standard(properties, "$currency", revenue.get("currency"))


def _add_engagement(properties: dict[str, Any], body: dict[str, Any]) -> None:
    """``e`` and ``sd`` of the tracker's ``engagement`` event: milliseconds in view, scrolling depth in %."""
    milliseconds = as_number(body.get("e"))
    if milliseconds is not None:
        properties["$duration_seconds"] = milliseconds / 1000
    if body.get("sd") is not None:
        properties["scroll_depth"] = body["sd"]


def _ip(request: Request) -> str | None:
    for header in ("x-plausible-ip", "x-forwarded-for"):
        first = request.headers.get(header, "").partition(",")[0].strip()
        try:
            return str(ip_address(first))
        except ValueError:
            continue
    return request_ip(request)


def _member(body: dict[str, Any], long_name: str, short_name: str) -> Any:
    value = body.get(long_name)
    return body.get(short_name) if value is None else value


PROTOCOL = PlausibleProtocol()
