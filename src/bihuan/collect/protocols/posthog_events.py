"""PostHog events turned into items.

Ids: ``distinct_id`` is looked for in the event, then in its properties. ``uuid`` (or ``$insert_id``) makes
retries idempotent; SDKs always send one, plain HTTP need not, and then there is none. ``$set``,
``$set_once`` and ``$unset`` may ride on any event. Session recordings (``$snapshot``) are not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, Item, ProfileOperation
from bihuan.collect.protocols.changes import profile_changes, unset_values
from bihuan.collect.protocols.mapping import (
    CAMPAIGN_NAMES,
    COMMERCE_NAMES,
    add_revenue,
    as_text,
    names_table,
    standard_typed,
    translate,
)
from bihuan.collect.protocols.rejection import (
    distinct_id_missing,
    object_or_empty,
    read_id,
    read_name,
    type_invalid,
)
from bihuan.collect.protocols.timestamps import read_time_ms
from bihuan.kernel.vocabulary import GROUP_IDENTIFY

_NAMES = names_table(
    COMMERCE_NAMES,
    CAMPAIGN_NAMES,
    {
        "$current_url": "$url",
        "$pathname": "$path",
        "title": "$title",
        "$referring_domain": "$referrer_domain",
        "$device": "$device_model",
        "$device_manufacturer": "$device_brand",
        "$browser_language": "$language",
        "$os_name": "$os",
        "$geoip_country_code": "$country",
        "$geoip_subdivision_1_name": "$region",
        "$geoip_city_name": "$city",
    },
)
# Read into fields of their own, or said elsewhere.
_SET_APART = (
    "token",
    "distinct_id",
    "$distinct_id",
    "$set",
    "$set_once",
    "$unset",
    "$insert_id",
    "$session_id",
    "$ip",
    "$raw_user_agent",
    "$user_agent",
)
_OPERATIONS: tuple[tuple[str, ProfileOperation], ...] = (("$set", "set"), ("$set_once", "set_once"))
_DIRECT = "$direct"  # what posthog-js writes for "no referrer"
_NOT_KEPT = frozenset(("$snapshot", "$snapshot_items"))
# Events whose whole meaning is in their profile changes and links.
_WITHOUT_EVENT = frozenset(("$identify", "$set", "$set_once", "$unset"))


class EventReader:
    """Reads the events of one request into ``items``; ``offset`` counts back from ``received_ms``."""

    def __init__(self, received_ms: int) -> None:
        self.items: list[Item] = []
        self._received_ms = received_ms

    def read(self, value: Any, position: str) -> None:
        """Append the items of one event.

        Raises:
            ItemInvalid: the event breaks a rule; nothing of it was appended.
        """
        if not isinstance(value, dict):
            raise type_invalid("", "an object", "对象")
        properties = object_or_empty(value.get("properties"), "properties")
        event = _event_name(value)
        if event in _NOT_KEPT:
            return
        read = _Read(
            value=value,
            properties=properties,
            event=event,
            distinct_id=_distinct_id(value, properties),
            time_ms=self._time_ms(value),
            message_id=as_text(value.get("uuid") or properties.get("$insert_id")) or None,
            position=position,
        )
        items: list[Item] = list(_changes(read))
        special = _SPECIAL.get(event)
        if special is not None:
            items = special(read) + items
        elif event not in _WITHOUT_EVENT:
            items.insert(0, _incoming(read, event, properties))
        self.items += items

    def _time_ms(self, value: dict[str, Any]) -> int | None:
        time_ms = read_time_ms(value.get("timestamp"))
        offset = value.get("offset")
        if time_ms is None and isinstance(offset, int | float) and 0 <= offset < self._received_ms:
            return self._received_ms - int(offset)
        return time_ms


class _Read:
    """The parts of an event that every kind needs."""

    def __init__(
        self,
        *,
        value: dict[str, Any],
        properties: dict[str, Any],
        event: str,
        distinct_id: str,
        time_ms: int | None,
        message_id: str | None,
        position: str,
    ) -> None:
        self.value = value
        self.properties = properties
        self.event = event
        self.distinct_id = distinct_id
        self.time_ms = time_ms
        self.message_id = message_id
        self.position = position


def _event_name(value: dict[str, Any]) -> str:
    """The name; ``$set`` for an object without one that only changes the profile (``/engage``)."""
    event = value.get("event")
    if event is None and any(name in value for name in ("$set", "$set_once", "$unset")):
        return "$set"
    return read_name(event)


def _distinct_id(value: dict[str, Any], properties: dict[str, Any]) -> str:
    for holder, path in ((value, ""), (properties, "properties.")):
        for name in ("distinct_id", "$distinct_id"):
            distinct_id = read_id(holder.get(name), path + name)
            if distinct_id is not None:
                return distinct_id
    raise distinct_id_missing()


def _incoming(read: _Read, event: str, properties: dict[str, Any]) -> IncomingEvent:
    translated = translate(properties, _NAMES)
    for name in _SET_APART:
        translated.pop(name, None)
    for name in ("$referrer", "$referrer_domain"):
        if translated.get(name) == _DIRECT:
            del translated[name]
    add_revenue(translated)
    user_agent = properties.get("$raw_user_agent") or properties.get("$user_agent")
    ip = properties.get("$ip")
    return IncomingEvent(
        event=event,
        distinct_id=read.distinct_id,
        time_ms=read.time_ms,
        message_id=read.message_id,
        properties=translated,
        session_id=as_text(properties.get("$session_id")) or "",
        user_agent=user_agent if isinstance(user_agent, str) else None,
        ip=ip if isinstance(ip, str) and ip else None,
        position=read.position,
    )


def _changes(read: _Read) -> list[Any]:
    operations: list[tuple[ProfileOperation, dict[str, Any]]] = []
    for name, operation in _OPERATIONS:
        values = {
            **object_or_empty(read.properties.get(name), f"properties.{name}"),
            **object_or_empty(read.value.get(name), name),
        }
        operations.append((operation, values))
    unset = {
        **unset_values(read.properties.get("$unset"), "properties.$unset"),
        **unset_values(read.value.get("$unset"), "$unset"),
    }
    operations.append(("unset", unset))
    return list(
        profile_changes(
            read.distinct_id,
            operations,
            time_ms=read.time_ms,
            message_id=read.message_id,
            position=read.position,
        )
    )


def _identify(read: _Read) -> list[Item]:
    anonymous_id = read_id(read.properties.get("$anon_distinct_id"), "properties.$anon_distinct_id")
    if anonymous_id is None or anonymous_id == read.distinct_id:
        return []
    return [
        IdentityLink(
            anonymous_id=anonymous_id,
            known_id=read.distinct_id,
            time_ms=read.time_ms,
            message_id=read.message_id,
            position=read.position,
        )
    ]


def _alias(read: _Read) -> list[Item]:
    alias = read_id(read.properties.get("alias"), "properties.alias")
    if alias is None:
        raise distinct_id_missing("properties.alias")
    return [
        IdentityAlias(
            previous_id=read.distinct_id,
            distinct_id=alias,
            time_ms=read.time_ms,
            message_id=read.message_id,
            position=read.position,
        )
    ]


def _group_identify(read: _Read) -> list[Item]:
    group_type = as_text(read.properties.get("$group_type"))
    group_id = read_id(read.properties.get("$group_key"), "properties.$group_key")
    if not group_type or group_id is None:
        raise distinct_id_missing("properties.$group_key")
    kept = {
        name: value
        for name, value in read.properties.items()
        if name not in ("$group_type", "$group_key", "$group_set")
    }
    traits = object_or_empty(read.properties.get("$group_set"), "properties.$group_set")
    event = _incoming(read, GROUP_IDENTIFY, kept)
    event.properties.update(standard_typed(traits))
    event.properties.update({"$group_type": group_type, "$group_id": group_id})
    if read.distinct_id == f"${group_type}_{group_id}":  # the SDKs' stand-in when nobody did it
        return [event]
    return [
        event,
        *profile_changes(
            read.distinct_id,
            [("set", {f"$groups.{group_type}": group_id})],
            time_ms=read.time_ms,
            message_id=f"{read.message_id}:group" if read.message_id else None,
            position=read.position,
        ),
    ]


_SPECIAL: dict[str, Callable[[_Read], list[Item]]] = {
    "$identify": _identify,
    "$create_alias": _alias,
    "$merge_dangerously": _alias,
    "$groupidentify": _group_identify,
}
