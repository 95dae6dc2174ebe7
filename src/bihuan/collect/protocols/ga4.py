"""GA4 Measurement Protocol: ``/mp/collect`` and ``/debug/mp/collect``.

Source: https://developers.google.com/analytics/devguides/collection/protocol/ga4. Write key:
``api_secret`` in the query, or the path, ``/in/ga4/<write key>`` as host.

Ids: ``user_id`` is the known person, ``client_id`` or ``app_instance_id`` the anonymous one; with both the
two are linked. ``user_properties`` are set on the profile.

Message ids: the protocol has none. A purchase with ``transaction_id`` counts once a person, as in GA4;
other events have an id where the request gives ``timestamp_micros``, which a retry repeats.
"""

from __future__ import annotations

from typing import Any

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.changes import profile_changes
from bihuan.collect.protocols.encoding import decode_json, payload_invalid
from bihuan.collect.protocols.fields import put_screen, put_text
from bihuan.collect.protocols.ga4_validation import validation_messages
from bihuan.collect.protocols.mapping import (
    CAMPAIGN_NAMES,
    as_text,
    names_table,
    put_standard,
    translate,
)
from bihuan.collect.protocols.message_ids import derived_message_id
from bihuan.collect.protocols.rejection import (
    ItemInvalid,
    distinct_id_missing,
    object_or_empty,
    read_id,
    read_name,
    type_invalid,
)
from bihuan.collect.protocols.replies import json_reply
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.collect.protocols.visitor import request_ip, request_user_agent
from bihuan.collect.protocols.write_keys import key_in_path, with_key_in_path
from bihuan.kernel.vocabulary import PAGE_VIEW, SCREEN_VIEW, SESSION_START

_COLLECT, _DEBUG = "/mp/collect", "/debug/mp/collect"
_PATHS = (("POST", _DEBUG), ("POST", _COLLECT))

_EVENT_NAMES = {"page_view": PAGE_VIEW, "screen_view": SCREEN_VIEW, "session_start": SESSION_START}
_PARAMETER_NAMES = {
    "page_location": "$url",
    "page_path": "$path",
    "page_title": "$title",
    "page_referrer": "$referrer",
    "screen_name": "$screen_name",
    "firebase_screen": "$screen_name",
    "language": "$language",
    "app_version": "$app_version",
    "currency": "$currency",
    "transaction_id": "$order_id",
    "coupon": "$coupon",
    "search_term": "$search_query",
    "item_id": "$product_id",
    "item_name": "$product_name",
    "item_category": "$category",
    "price": "$price",
    "quantity": "$quantity",
}
_NAMES = names_table(CAMPAIGN_NAMES, _PARAMETER_NAMES)
# Only in campaign_details do these words mean a campaign.
_CAMPAIGN_EVENT_NAMES = names_table(
    CAMPAIGN_NAMES,
    _PARAMETER_NAMES,
    {
        "source": "$utm_source",
        "medium": "$utm_medium",
        "campaign": "$utm_campaign",
        "term": "$utm_term",
        "content": "$utm_content",
    },
)
# In these ``value`` is money that came in; in add_to_cart and others it is money that may.
_REVENUE_EVENTS = frozenset(("purchase", "in_app_purchase", "ecommerce_purchase", "ad_impression"))
_ITEM_NAMES = {
    name: _PARAMETER_NAMES[name] for name in ("item_id", "item_name", "item_category", "price", "quantity")
}
_DEVICE_NAMES = {
    "category": "$device_type",
    "language": "$language",
    "operating_system": "$os",
    "operating_system_version": "$os_version",
    "brand": "$device_brand",
    "model": "$device_model",
    "browser": "$browser",
    "browser_version": "$browser_version",
}
_LOCATION_NAMES = {"country_id": "$country", "region_id": "$region", "city": "$city"}


class Ga4Protocol(CollectProtocol):
    """GA4's Measurement Protocol for web and app streams."""

    name = "ga4"
    title = "GA4 Measurement Protocol"
    replay_path = _COLLECT
    paths = with_key_in_path(_PATHS)

    def parse(self, request: Request) -> Parsed:
        """The events and user properties of the request."""
        body = _body(request)
        parsed = Parsed(write_key=key_in_path(request.path, _PATHS) or request.query_value("api_secret"))
        try:
            shared = _Shared(body, request)
        except ItemInvalid as error:
            parsed.rejected.append(error.as_rejected("", body))
            return parsed
        if shared.anonymous_id and shared.known_id:
            parsed.items.append(
                IdentityLink(
                    anonymous_id=shared.anonymous_id, known_id=shared.known_id, time_ms=shared.time_ms
                )
            )
        try:
            parsed.items.extend(shared.changes())
        except ItemInvalid as error:
            alone = {**body, "events": []}
            parsed.rejected.append(error.as_rejected("", alone))
        events = body.get("events") or []
        # ga4mp sends a single postponed event without the list around it.
        for index, raw in enumerate(events if isinstance(events, list) else [events]):
            position = f"events[{index}]"
            try:
                parsed.items.append(shared.event(raw, index, position))
            except ItemInvalid as error:
                # With what the events of a request share, so that it can be replayed.
                shared_fields = {name: value for name, value in body.items() if name != "user_properties"}
                parsed.rejected.append(error.as_rejected(position, {**shared_fields, "events": [raw]}))
        return parsed

    def immediate(self, request: Request) -> Reply | None:
        """What is wrong with a request to the validation server; nothing of it is stored."""
        if not request.path.endswith(_DEBUG):
            return None
        try:
            messages = validation_messages(_body(request))
        except PayloadInvalid as error:
            messages = [
                {"fieldPath": "", "description": error.message("en"), "validationCode": "VALUE_INVALID"}
            ]
        return json_reply({"validationMessages": messages})

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """204, whatever became of the events, as GA4 answers."""
        return Reply(status=204)


def _body(request: Request) -> dict[str, Any]:
    body = decode_json(request.body)
    if not isinstance(body, dict):
        raise payload_invalid("the body is an object.", "请求体必须是对象。")
    return body


class _Shared:
    """What all events of a request have in common. Raises ``ItemInvalid`` when it cannot be read."""

    def __init__(self, body: dict[str, Any], request: Request) -> None:
        self.known_id = read_id(body.get("user_id"), "user_id")
        self.anonymous_id = read_id(body.get("client_id"), "client_id") or read_id(
            body.get("app_instance_id"), "app_instance_id"
        )
        distinct_id = self.known_id or self.anonymous_id
        if distinct_id is None:
            raise distinct_id_missing("client_id")
        self.distinct_id = distinct_id
        self.time_ms = read_time_ms(body.get("timestamp_micros"), "timestamp_micros")
        self._body = body
        self._context = self._read_context()
        self._user_agent = as_text(body.get("user_agent")) or request_user_agent(request)
        self._ip = as_text(body.get("ip_override")) or request_ip(request)

    def changes(self) -> list[Any]:
        """Profile changes of ``user_properties``; an empty value removes the property."""
        wanted: dict[str, Any] = {}
        removed: dict[str, Any] = {}
        for name, entry in object_or_empty(self._body.get("user_properties"), "user_properties").items():
            value = entry.get("value") if isinstance(entry, dict) else entry
            if value is None or value == "":
                removed[name] = True
            else:
                wanted[name] = value
        return list(
            profile_changes(
                self.distinct_id,
                (("set", wanted), ("unset", removed)),
                time_ms=self.time_ms,
                message_id=None,
                position="user_properties",
            )
        )

    def event(self, raw: object, index: int, position: str) -> IncomingEvent:
        """One event. Raises ``ItemInvalid``."""
        if not isinstance(raw, dict):
            raise type_invalid("", "an object", "对象")
        name = read_name(raw.get("name"), "name")
        params = dict(object_or_empty(raw.get("params"), "params"))
        own_time_ms = read_time_ms(raw.get("timestamp_micros"), "timestamp_micros")
        session_id = read_id(params.pop("session_id", None), "params.session_id") or ""
        names = _CAMPAIGN_EVENT_NAMES if name == "campaign_details" else _NAMES
        properties = translate(params, names, self._context)
        if name in _REVENUE_EVENTS:
            put_standard(properties, "$revenue", properties.get("value"))
        _add_single_item(properties)
        return IncomingEvent(
            event=_EVENT_NAMES.get(name, name),
            distinct_id=self.distinct_id,
            time_ms=own_time_ms or self.time_ms,
            message_id=self._message_id(name, params, raw, index),
            properties=properties,
            session_id=session_id,
            user_agent=self._user_agent,
            ip=self._ip,
            position=position,
        )

    def _message_id(self, name: str, params: dict[str, Any], raw: dict[str, Any], index: int) -> str | None:
        transaction_id = params.get("transaction_id")
        if name == "purchase" and transaction_id:
            return derived_message_id("ga4", self.distinct_id, name, transaction_id)
        micros = raw.get("timestamp_micros") or self._body.get("timestamp_micros")
        return derived_message_id("ga4", self.distinct_id, name, micros, index, params) if micros else None

    def _read_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {}
        device = object_or_empty(self._body.get("device"), "device")
        location = object_or_empty(self._body.get("user_location"), "user_location")
        for names, values in ((_DEVICE_NAMES, device), (_LOCATION_NAMES, location)):
            for name, standard in names.items():
                put_text(context, standard, values.get(name))
        put_screen(context, device.get("screen_resolution"))
        return context


def _add_single_item(properties: dict[str, Any]) -> None:
    items = properties.get("items")
    if isinstance(items, list) and len(items) == 1 and isinstance(items[0], dict):
        for name, standard in _ITEM_NAMES.items():
            if standard not in properties:
                put_text(properties, standard, items[0].get(name))


PROTOCOL = Ga4Protocol()
