"""Mixpanel events, profile updates and group updates turned into items.

Ids: ``distinct_id``, else ``$user_id``, else ``$device:<$device_id>``; an event with ``$user_id`` and
``$device_id`` links them, once for each pair in a request. ``$insert_id`` makes events idempotent. Profile
updates carry none: those with a ``$time`` finer than a second (server-side SDKs) get an id of their
content.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, Item, ProfileOperation
from bihuan.collect.protocols.changes import (
    check_increments,
    operation_unsupported,
    profile_changes,
    union_values,
    unset_values,
)
from bihuan.collect.protocols.mapping import (
    CAMPAIGN_NAMES,
    COMMERCE_NAMES,
    add_revenue,
    as_text,
    names_table,
    standard_typed,
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
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.kernel.vocabulary import GROUP_IDENTIFY, PAGE_VIEW

MAX_PROPERTIES = 254  # "fewer than 255"
_EVENT_NAMES: dict[str, str] = {"$mp_web_page_view": PAGE_VIEW, "mp_page_view": PAGE_VIEW}
_NAMES = names_table(
    COMMERCE_NAMES,
    CAMPAIGN_NAMES,
    {
        "$current_url": "$url",
        "current_domain": "$host",
        "current_url_path": "$path",
        "current_page_title": "$title",
        "$referring_domain": "$referrer_domain",
        "$device": "$device_model",
        "$model": "$device_model",
        "$brand": "$device_brand",
        "mp_country_code": "$country",
        "$app_version_string": "$app_version",
        "mp_lib": "$lib",
    },
)
_SET_APART = (
    "token",
    "distinct_id",
    "time",
    "$insert_id",
    "ip",
    "$ip",
    "$user_agent",
    "$user_id",
    "$device_id",
)


class RecordReader:
    """Reads what one request holds into ``items``; remembers which pairs of ids it has linked.

    ``time_required`` is the rule of `/import`.
    """

    def __init__(self, time_required: bool = False) -> None:
        self.items: list[Item] = []
        self._time_required = time_required
        self._linked: set[tuple[str, str]] = set()

    def read_event(self, value: Any, position: str) -> None:
        """Append the items of an event. Raises ``ItemInvalid``; then nothing of it was appended."""
        if not isinstance(value, dict):
            raise type_invalid("", "an object", "对象")
        event = read_name(value.get("event"))
        properties = object_or_empty(value.get("properties"), "properties")
        count = len(properties)
        if count > MAX_PROPERTIES:
            raise ItemInvalid(
                reason="too_many_properties",
                path="properties",
                detail_en=f"The event has {count} properties; at most {MAX_PROPERTIES} are accepted.",
                detail_zh=f"事件有 {count} 个属性，上限为 {MAX_PROPERTIES} 个。",
            )
        time_ms = read_time_ms(properties.get("time"), "properties.time")
        joining = _JOINS.get(event)
        if joining is not None:
            self.items.append(joining(properties, time_ms, position))
            return
        if time_ms is None and self._time_required:
            raise ItemInvalid(
                reason="time_missing",
                path="properties.time",
                detail_en="An imported event needs a time.",
                detail_zh="导入的事件必须带有时间。",
            )
        self._append_event(event, properties, time_ms, position)

    def read_profile(self, value: Any, position: str) -> None:
        """Append the changes of a profile update. Raises ``ItemInvalid``; then nothing was appended."""
        if not isinstance(value, dict):
            raise type_invalid("", "an object", "对象")
        distinct_id = read_id(value.get("$distinct_id"), "$distinct_id")
        if distinct_id is None:
            raise distinct_id_missing("$distinct_id")
        time_ms = read_time_ms(value.get("$time"), "$time")
        self.items += profile_changes(
            distinct_id,
            _operations(value),
            time_ms=time_ms,
            message_id=_update_id(value),
            position=position,
        )

    def read_group(self, value: Any, position: str) -> None:
        """Append the event of a group update. Raises ``ItemInvalid``; then nothing was appended."""
        if not isinstance(value, dict):
            raise type_invalid("", "an object", "对象")
        group_type = as_text(value.get("$group_key"))
        group_id = read_id(value.get("$group_id"), "$group_id")
        if not group_type or group_id is None:
            raise distinct_id_missing("$group_id")
        traits: dict[str, Any] = {}
        for operation in ("$remove", "$unset", "$delete"):
            if operation in value:
                raise operation_unsupported(operation)
        for operation in ("$union", "$set_once", "$set"):
            traits.update(object_or_empty(value.get(operation), operation))
        self.items.append(
            IncomingEvent(
                event=GROUP_IDENTIFY,
                distinct_id=f"${group_type}_{group_id}",
                time_ms=read_time_ms(value.get("$time"), "$time"),
                message_id=_update_id(value),
                properties={**standard_typed(traits), "$group_type": group_type, "$group_id": group_id},
                position=position,
            )
        )

    def _append_event(
        self, event: str, properties: dict[str, Any], time_ms: int | None, position: str
    ) -> None:
        distinct_id, anonymous_id = _who(properties)
        message_id = as_text(properties.get("$insert_id")) or None
        translated = translate(properties, _NAMES)
        for name in _SET_APART:
            translated.pop(name, None)
        if translated.get("$referrer") == "$direct":
            del translated["$referrer"]
        if translated.get("$referrer_domain") == "$direct":
            del translated["$referrer_domain"]
        add_revenue(translated)
        user_agent, ip = properties.get("$user_agent"), properties.get("ip") or properties.get("$ip")
        if anonymous_id is not None and (anonymous_id, distinct_id) not in self._linked:
            self._linked.add((anonymous_id, distinct_id))
            self.items.append(
                IdentityLink(
                    anonymous_id=anonymous_id,
                    known_id=distinct_id,
                    time_ms=time_ms,
                    message_id=message_id,
                    position=position,
                )
            )
        self.items.append(
            IncomingEvent(
                event=_EVENT_NAMES.get(event, event),
                distinct_id=distinct_id,
                time_ms=time_ms,
                message_id=message_id,
                properties=translated,
                user_agent=user_agent if isinstance(user_agent, str) else None,
                ip=ip if isinstance(ip, str) and ip else None,
                position=position,
            )
        )


def _who(properties: dict[str, Any]) -> tuple[str, str | None]:
    """The distinct id, and the device's id when the event names user and device."""
    user_id = read_id(properties.get("$user_id"), "properties.$user_id")
    device_id = read_id(properties.get("$device_id"), "properties.$device_id")
    device = f"$device:{device_id}" if device_id else None
    distinct_id = read_id(properties.get("distinct_id"), "properties.distinct_id") or user_id or device
    if distinct_id is None:
        raise distinct_id_missing("properties.distinct_id")
    return distinct_id, device if user_id == distinct_id and device != distinct_id else None


def _identify(properties: dict[str, Any], time_ms: int | None, position: str) -> Item:
    known = _first_id(properties, ("$identified_id", "distinct_id", "$user_id"))
    anonymous = _first_id(properties, ("$anon_id", "$anon_distinct_id"))
    return IdentityLink(
        anonymous_id=anonymous,
        known_id=known,
        time_ms=time_ms,
        message_id=as_text(properties.get("$insert_id")) or None,
        position=position,
    )


def _alias(properties: dict[str, Any], time_ms: int | None, position: str) -> Item:
    return IdentityAlias(
        previous_id=_first_id(properties, ("distinct_id",)),
        distinct_id=_first_id(properties, ("alias",)),
        time_ms=time_ms,
        message_id=as_text(properties.get("$insert_id")) or None,
        position=position,
    )


def _merge(properties: dict[str, Any], time_ms: int | None, position: str) -> Item:
    ids = properties.get("$distinct_ids")
    match ids:
        case [first_sent, second_sent]:
            first = read_id(first_sent, "properties.$distinct_ids[0]")
            second = read_id(second_sent, "properties.$distinct_ids[1]")
        case _:
            first = second = None
    if first is None or second is None:
        raise distinct_id_missing("properties.$distinct_ids")
    return IdentityAlias(
        previous_id=second,
        distinct_id=first,
        time_ms=time_ms,
        message_id=as_text(properties.get("$insert_id")) or None,
        position=position,
    )


_JOINS: dict[str, Callable[[dict[str, Any], int | None, str], Item]] = {
    "$identify": _identify,
    "$create_alias": _alias,
    "$merge": _merge,
}


def _first_id(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        found = read_id(properties.get(name), f"properties.{name}")
        if found is not None:
            return found
    raise distinct_id_missing(f"properties.{names[0]}")


def _operations(value: dict[str, Any]) -> list[tuple[ProfileOperation, dict[str, Any]]]:
    if "$remove" in value:
        raise operation_unsupported("$remove")
    operations: list[tuple[ProfileOperation, dict[str, Any]]] = [
        ("set", object_or_empty(value.get("$set"), "$set")),
        ("set_once", object_or_empty(value.get("$set_once"), "$set_once")),
        ("increment", check_increments(object_or_empty(value.get("$add"), "$add"), "$add")),
        ("append", union_values(object_or_empty(value.get("$append"), "$append"))),
        ("union", union_values(object_or_empty(value.get("$union"), "$union"))),
        ("unset", unset_values(value.get("$unset"))),
    ]
    if "$delete" in value:
        operations.append(("delete", {}))
    return operations


def _update_id(value: dict[str, Any]) -> str | None:
    moment = value.get("$time")
    if isinstance(moment, float) and not moment.is_integer():
        return derived_message_id({name: part for name, part in value.items() if name != "$token"})
    return None
