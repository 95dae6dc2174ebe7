"""What one Countly request holds: events, session beats, user details, crashes, consent, performance traces.

``[CLY]_view`` becomes ``$screen`` (``$pageview`` from the web SDK); its second sending, when the view is
left, becomes ``view_ended`` with ``$duration_seconds``. Session beats become ``$session_start``,
``heartbeat`` and ``$session_end``. Countly's other own events keep their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from bihuan.collect.incoming import IncomingEvent, Item, Rejected
from bihuan.collect.protocols.countly_profile import user_detail_changes
from bihuan.collect.protocols.fields import json_member, put_screen, put_text
from bihuan.collect.protocols.mapping import (
    CAMPAIGN_NAMES,
    COMMERCE_NAMES,
    as_number,
    as_text,
    names_table,
    translate,
)
from bihuan.collect.protocols.message_ids import derived_message_id
from bihuan.collect.protocols.rejection import (
    ItemInvalid,
    join_path,
    object_or_empty,
    read_id,
    read_name,
    type_invalid,
)
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.kernel.vocabulary import PAGE_VIEW, SCREEN_VIEW, SESSION_END, SESSION_START

_NAMES = names_table(COMMERCE_NAMES, CAMPAIGN_NAMES)
_WEB_SDK = "javascript_native_web"
_MILLISECONDS_FROM = 10**11
_METRIC_NAMES = {
    "_os": "$os",
    "_os_version": "$os_version",
    "_device": "$device_model",
    "_device_type": "$device_type",
    "_manufacturer": "$device_brand",
    "_manufacture": "$device_brand",
    "_browser": "$browser",
    "_browser_version": "$browser_version",
    "_app_version": "$app_version",
    "_locale": "$language",
}
_VIEW_MEMBERS = frozenset(("name", "visit", "view"))


class CountlyRequest(msgspec.Struct, kw_only=True):
    """One request of Countly's write API with what is shared by all that is in it."""

    fields: dict[str, Any]
    device_id: str
    time_ms: int | None
    position: str
    user_agent: str | None
    ip: str | None
    context: dict[str, Any] = {}


def read_items(request: CountlyRequest, rejected: list[Rejected]) -> list[Item]:
    """The items of one request; bad events and user details go to ``rejected``.

    Raises:
        ItemInvalid: nothing of the request can be read.
    """
    request.context = _context(request)
    items: list[Item] = [*_session_events(request)]
    for name, read in _READERS.items():
        _collect(request, name, read, items, rejected)
    events = json_member(request.fields.get("events"), "events")
    if events is None:
        return items
    if not isinstance(events, list):
        raise type_invalid("events", "a list", "列表")
    for index, raw in enumerate(events):
        position = join_path(request.position, f"events[{index}]")
        try:
            items.append(_event(request, raw, position))
        except ItemInvalid as error:
            rejected.append(error.as_rejected(position, _alone(request, "events", [raw])))
    return items


def _collect(
    request: CountlyRequest,
    name: str,
    read: Callable[[CountlyRequest, object], list[Item]],
    items: list[Item],
    rejected: list[Rejected],
) -> None:
    value = request.fields.get(name)
    if value is None or value == "":
        return
    try:
        items.extend(read(request, value))
    except ItemInvalid as error:
        rejected.append(error.as_rejected(request.position, _alone(request, name, value)))


def _alone(request: CountlyRequest, name: str, value: object) -> dict[str, Any]:
    """A request with this part only, so that it can be replayed without what was stored of the rest."""
    parts = {"events", "begin_session", "end_session", "session_duration", "old_device_id", *_READERS}
    return {field: each for field, each in request.fields.items() if field not in parts} | {name: value}


def _context(request: CountlyRequest) -> dict[str, Any]:
    fields = request.fields
    context: dict[str, Any] = {}
    metrics = object_or_empty(json_member(fields.get("metrics"), "metrics"), "metrics")
    for name, value in metrics.items():
        if name in _METRIC_NAMES:
            put_text(context, _METRIC_NAMES[name], value)
        elif name == "_ua":
            request.user_agent = as_text(value)
        elif name != "_resolution":
            context[name.removeprefix("_")] = value
    put_screen(context, metrics.get("_resolution"))
    put_text(context, "$lib", fields.get("sdk_name"))
    put_text(context, "$lib_version", fields.get("sdk_version"))
    put_text(context, "$app_version", fields.get("av"))
    put_text(context, "$country", fields.get("country_code"))
    put_text(context, "$city", fields.get("city"))
    return context


def _session_events(request: CountlyRequest) -> list[Item]:
    fields = request.fields
    seconds = as_number(fields.get("session_duration"))
    properties: dict[str, Any] = {} if seconds is None else {"$duration_seconds": seconds}
    found: list[Item] = []
    if fields.get("begin_session") in ("1", 1, True):
        found.append(_made(request, SESSION_START, {}))
    if fields.get("end_session") in ("1", 1, True):
        found.append(_made(request, SESSION_END, properties))
    elif seconds is not None:
        found.append(_made(request, "heartbeat", properties))
    return found


def _crash_event(request: CountlyRequest, value: object) -> list[Item]:
    crash = object_or_empty(json_member(value, "crash"), "crash")
    properties: dict[str, Any] = {}
    for name, member in crash.items():
        if name in _METRIC_NAMES:
            put_text(properties, _METRIC_NAMES[name], member)
        elif name != "_resolution":
            properties[name.removeprefix("_")] = member
    put_screen(properties, crash.get("_resolution"))
    return [_made(request, "crash", properties)]


def _consent_event(request: CountlyRequest, value: object) -> list[Item]:
    return [_made(request, "consent", dict(object_or_empty(json_member(value, "consent"), "consent")))]


def _trace_event(request: CountlyRequest, value: object) -> list[Item]:
    return [_made(request, "performance_trace", dict(object_or_empty(json_member(value, "apm"), "apm")))]


def _campaign_event(request: CountlyRequest, value: object) -> list[Item]:
    properties: dict[str, Any] = {"$utm_campaign": as_text(value)}
    if request.fields.get("campaign_user"):
        properties["campaign_user"] = request.fields["campaign_user"]
    return [_made(request, "campaign_attributed", properties)]


def _profile(request: CountlyRequest, value: object) -> list[Item]:
    details = object_or_empty(json_member(value, "user_details"), "user_details")
    return user_detail_changes(
        details,
        distinct_id=request.device_id,
        time_ms=request.time_ms,
        message_id=_request_message_id(request, "user_details", details),
        position=join_path(request.position, "user_details"),
    )


_READERS: dict[str, Callable[[CountlyRequest, object], list[Item]]] = {
    "crash": _crash_event,
    "consent": _consent_event,
    "apm": _trace_event,
    "user_details": _profile,
    "campaign_id": _campaign_event,
}


def _event(request: CountlyRequest, raw: object, position: str) -> IncomingEvent:
    if not isinstance(raw, dict):
        raise type_invalid("", "an object", "对象")
    key = read_name(raw.get("key"), "key")
    segmentation = object_or_empty(raw.get("segmentation"), "segmentation")
    time_ms = read_time_ms(raw.get("timestamp"), "timestamp") or request.time_ms
    if key == "[CLY]_view":
        event, properties = _view(request, segmentation)
    else:
        event, properties = key, translate(segmentation, _NAMES, request.context)
    if raw.get("count") not in (None, 1, "1"):
        properties["count"] = raw["count"]
    if raw.get("sum") is not None:
        properties["sum"] = raw["sum"]
    seconds = as_number(raw.get("dur"))
    if seconds is not None:
        properties["$duration_seconds"] = seconds
    return IncomingEvent(
        event=event,
        distinct_id=request.device_id,
        time_ms=time_ms,
        message_id=_event_message_id(request, raw),
        properties=properties,
        user_agent=request.user_agent,
        ip=request.ip,
        position=position,
    )


def _view(request: CountlyRequest, segmentation: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    web = request.fields.get("sdk_name") == _WEB_SDK
    rest = {name: value for name, value in segmentation.items() if name not in _VIEW_MEMBERS}
    properties = translate(rest, _NAMES, request.context)
    put_text(properties, "$path" if web else "$screen_name", segmentation.get("name"))
    if not segmentation.get("visit"):
        return "view_ended", properties
    return (PAGE_VIEW if web else SCREEN_VIEW), properties


def _made(request: CountlyRequest, event: str, properties: dict[str, Any]) -> IncomingEvent:
    return IncomingEvent(
        event=event,
        distinct_id=request.device_id,
        time_ms=request.time_ms,
        message_id=_request_message_id(request, event, properties),
        properties={**request.context, **properties},
        user_agent=request.user_agent,
        ip=request.ip,
        position=request.position,
    )


def _request_message_id(request: CountlyRequest, kind: str, content: dict[str, Any]) -> str | None:
    if not _is_milliseconds(request.fields.get("timestamp")):
        return None
    return derived_message_id("countly", request.device_id, request.time_ms, kind, content)


def _event_message_id(request: CountlyRequest, raw: dict[str, Any]) -> str | None:
    own = read_id(raw.get("id"), "id")
    if own is not None:
        return derived_message_id("countly", request.device_id, own, raw.get("key"), raw.get("segmentation"))
    if not _is_milliseconds(raw.get("timestamp")):
        return None
    return derived_message_id("countly", request.device_id, raw)


def _is_milliseconds(value: object) -> bool:
    number = as_number(value)
    return number is not None and number >= _MILLISECONDS_FROM
