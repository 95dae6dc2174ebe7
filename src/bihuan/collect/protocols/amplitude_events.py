"""Amplitude events turned into items.

Ids: ``distinct_id`` is ``user_id``, else ``device_id``; an event with both links the device to the user,
once for each pair in a request. ``insert_id`` makes retries idempotent; without one there is no id.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.collect.incoming import IdentityLink, IncomingEvent, Item, ProfileOperation
from bihuan.collect.protocols.changes import (
    check_increments,
    operation_unsupported,
    profile_changes,
    union_values,
    unset_values,
)
from bihuan.collect.protocols.mapping import (
    COMMERCE_NAMES,
    add_revenue,
    as_number,
    as_text,
    names_table,
    put_standard,
    standard_typed,
    translate,
)
from bihuan.collect.protocols.rejection import (
    ItemInvalid,
    distinct_id_missing,
    object_or_empty,
    read_id,
    read_name,
    type_invalid,
)
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.kernel.vocabulary import GROUP_IDENTIFY, PAGE_VIEW, SESSION_END, SESSION_START

DEFAULT_MIN_ID_CHARACTERS = 5
_REVENUE_EVENT = "revenue_amount"
_EVENT_NAMES: dict[str, str] = {
    "[Amplitude] Page Viewed": PAGE_VIEW,
    "session_start": SESSION_START,
    "session_end": SESSION_END,
    "$groupidentify": GROUP_IDENTIFY,
}
_NAMES = names_table(
    COMMERCE_NAMES,
    {
        "$productId": "$product_id",
        "productId": "$product_id",
        "[Amplitude] Page Domain": "$host",
        "[Amplitude] Page Location": "$url",
        "[Amplitude] Page Path": "$path",
        "[Amplitude] Page Title": "$title",
        "[Amplitude] Screen Name": "$screen_name",
        "referrer": "$referrer",
        "referring_domain": "$referrer_domain",
        "utm_source": "$utm_source",
        "utm_medium": "$utm_medium",
        "utm_campaign": "$utm_campaign",
        "utm_term": "$utm_term",
        "utm_content": "$utm_content",
    },
)
# Members of the event beside ``event_properties``.
_STANDARD_MEMBERS: dict[str, str] = {
    "version_name": "$app_version",
    "app_version": "$app_version",
    "os_name": "$os",
    "os_version": "$os_version",
    "device_manufacturer": "$device_brand",
    "device_brand": "$device_brand",
    "device_model": "$device_model",
    "country": "$country",
    "region": "$region",
    "city": "$city",
    "language": "$language",
    "price": "$price",
    "quantity": "$quantity",
    "revenue": "$revenue",
    "currency": "$currency",
    "productId": "$product_id",
}
_OWN_MEMBERS = ("platform", "carrier", "dma", "revenueType", "location_lat", "location_lng")
_SENDER_ADDRESS = "$remote"  # "take the address that the request came from"

_Values = dict[str, Any]


def _union(values: _Values, _path: str) -> _Values:
    return union_values(values)


def _as_sent(values: _Values, _path: str) -> _Values:
    return values


_OPERATIONS: dict[str, tuple[ProfileOperation, Callable[[_Values, str], _Values]]] = {
    "$set": ("set", _as_sent),
    "$setOnce": ("set_once", _as_sent),
    "$add": ("increment", check_increments),
    "$append": ("append", _union),
    "$prepend": ("append", _union),
    "$postInsert": ("union", _union),
    "$preInsert": ("union", _union),
    "$unset": ("unset", unset_values),
}


class EventReader:
    """Reads the events of one request into ``items``; remembers which pairs of ids it has linked."""

    def __init__(self, min_id_characters: int = DEFAULT_MIN_ID_CHARACTERS) -> None:
        self.items: list[Item] = []
        self._min_id_characters = min_id_characters
        self._linked: set[tuple[str, str]] = set()

    def read(self, value: Any, position: str) -> None:
        """Append the items of one event.

        Raises:
            ItemInvalid: the event breaks a rule; nothing of it was appended.
        """
        if not isinstance(value, dict):
            raise type_invalid("", "an object", "对象")
        event = read_name(value.get("event_type"), "event_type")
        user_id, device_id = self._id(value, "user_id"), self._id(value, "device_id")
        distinct_id = user_id or device_id
        if distinct_id is None:
            raise distinct_id_missing("user_id")
        time_ms = read_time_ms(value.get("time"), "time")
        message_id = as_text(value.get("insert_id")) or None
        properties = _properties(event, value)
        items: list[Item] = list(
            profile_changes(
                distinct_id, _operations(value), time_ms=time_ms, message_id=message_id, position=position
            )
        )
        if event != "$identify":
            items.insert(
                0,
                IncomingEvent(
                    event=_EVENT_NAMES.get(event, event),
                    distinct_id=distinct_id,
                    time_ms=time_ms,
                    message_id=message_id,
                    properties=properties,
                    session_id=_session_id(value.get("session_id")),
                    user_agent=_text_or_none(value.get("user_agent")),
                    ip=_ip(value.get("ip")),
                    position=position,
                ),
            )
        if user_id and device_id and (device_id, user_id) not in self._linked and device_id != user_id:
            self._linked.add((device_id, user_id))
            items.insert(
                0,
                IdentityLink(
                    anonymous_id=device_id,
                    known_id=user_id,
                    time_ms=time_ms,
                    message_id=message_id,
                    position=position,
                ),
            )
        self.items += items

    def _id(self, value: dict[str, Any], field: str) -> str | None:
        found = read_id(value.get(field), field)
        if found is not None and len(found) < self._min_id_characters:
            raise ItemInvalid(
                reason="id_too_short",
                path=field,
                detail_en=f"{field} has fewer than {self._min_id_characters} characters "
                "(options.min_id_length).",
                detail_zh=f"{field} 少于 {self._min_id_characters} 个字符（options.min_id_length）。",
            )
        return found


def _properties(event: str, value: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, standard in _STANDARD_MEMBERS.items():
        put_standard(members, standard, value.get(name), name)
    members.update({name: value[name] for name in _OWN_MEMBERS if value.get(name) is not None})
    library = value.get("library")
    if isinstance(library, str) and library:
        name, _, version = library.partition("/")
        members["$lib"] = name
        if version:
            members["$lib_version"] = version
    own = object_or_empty(value.get("event_properties"), "event_properties")
    properties = translate(own, _NAMES, members)
    groups = object_or_empty(value.get("groups"), "groups")
    if event == "$groupidentify":
        properties.update(_group_traits(value, groups))
    elif groups:
        properties["$groups"] = groups
    if event == _REVENUE_EVENT or "price" in value:
        _add_price_times_quantity(properties)
    add_revenue(properties)
    return properties


def _group_traits(value: dict[str, Any], groups: dict[str, Any]) -> dict[str, Any]:
    sent = object_or_empty(value.get("group_properties"), "group_properties")
    traits = {name: trait for name, trait in sent.items() if not name.startswith("$")}
    for operation in ("$setOnce", "$set"):
        traits.update(object_or_empty(sent.get(operation), f"group_properties.{operation}"))
    for group_type, group_id in groups.items():
        if isinstance(group_id, str | int | float) and not isinstance(group_id, bool):
            return {**standard_typed(traits), "$group_type": group_type, "$group_id": as_text(group_id)}
    raise ItemInvalid(
        reason="group_id_missing",
        path="groups",
        detail_en="The group has no id.",
        detail_zh="群组缺少标识。",
    )


def _operations(value: dict[str, Any]) -> list[tuple[ProfileOperation, _Values]]:
    """Operations of ``user_properties``; plain members are ``set``. Merged where two map to one."""
    sent = object_or_empty(value.get("user_properties"), "user_properties")
    merged: dict[ProfileOperation, _Values] = {}
    plain: _Values = {}
    for name, operand in sent.items():
        path = f"user_properties.{name}"
        if name == "$clearAll":
            merged["delete"] = {}
        elif name in _OPERATIONS:
            operation, convert = _OPERATIONS[name]
            merged.setdefault(operation, {}).update(convert(object_or_empty(operand, path), path))
        elif name.startswith("$"):
            raise operation_unsupported(path)
        else:
            plain[name] = operand
    if plain:
        merged["set"] = {**plain, **merged.get("set", {})}
    groups = object_or_empty(value.get("groups"), "groups")
    if value.get("event_type") == "$identify" and groups:
        memberships = {f"$groups.{group_type}": group_id for group_type, group_id in groups.items()}
        merged["set"] = {**merged.get("set", {}), **memberships}
    return list(merged.items())


def _add_price_times_quantity(properties: dict[str, Any]) -> None:
    price = as_number(properties.get("$price"))
    if price is not None and "$revenue" not in properties:
        quantity = as_number(properties.get("$quantity"))
        properties["$revenue"] = price * (1.0 if quantity is None else quantity)


def _session_id(value: Any) -> str:
    return "" if value in (None, -1) else as_text(value) or ""


def _ip(value: Any) -> str | None:
    return None if value == _SENDER_ADDRESS else _text_or_none(value)


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
