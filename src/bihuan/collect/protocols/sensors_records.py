"""Sensors Analytics 神策 records turned into items.

Ids: ``distinct_id`` as sent. ``track_signup``, ``track_id_bind`` and records that carry several identities
link the others to it. ``_track_id`` with the time and the id makes retries idempotent; the server-side SDKs
send none (and do not retry), so their records have no id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bihuan.collect.incoming import IdentityLink, IncomingEvent, Item, ProfileChange, ProfileOperation
from bihuan.collect.protocols.changes import check_increments, unset_values
from bihuan.collect.protocols.mapping import (
    COMMERCE_NAMES,
    add_revenue,
    as_text,
    names_table,
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
from bihuan.kernel.vocabulary import SCREEN_VIEW

MAX_EVENT_NAME_CHARACTERS = 100
MAX_PROPERTY_NAME_CHARACTERS = 255
MAX_TEXT_CHARACTERS = 8191
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_RESERVED_NAMES = frozenset(
    (
        "distinct_id",
        "original_id",
        "time",
        "properties",
        "id",
        "first_id",
        "second_id",
        "users",
        "events",
        "event",
        "event_id",
        "device_id",
        "user_id",
        "date",
        "datetime",
    )
)
_EVENT_NAMES: dict[str, str] = {"$AppViewScreen": SCREEN_VIEW, "$MPViewScreen": SCREEN_VIEW}
_NAMES = names_table(
    COMMERCE_NAMES,
    {
        "$url_path": "$path",
        "$url_host": "$host",
        "$referrer_host": "$referrer_domain",
        "$model": "$device_model",
        "$brand": "$device_brand",
        "$province": "$region",
        "$event_duration": "$duration_seconds",
    },
)
_SET_APART = ("$ip", "$user_agent", "$event_session_id", "$is_login_id", "$token", "$project", "$time")
_LOGIN_IDENTITY = "$identity_login_id"
# Identities whose bare value is also the distinct id of the same device; others are ``key+value``.
_BARE_IDENTITIES = frozenset(("$identity_cookie_id", "$identity_anonymous_id", "$identity_distinct_id"))


class RecordReader:
    """Reads the records of one request into ``items``; remembers which pairs of ids it has linked."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._linked: set[tuple[str, str]] = set()

    def read(self, value: Any, position: str) -> None:
        """Append the items of one record.

        Raises:
            ItemInvalid: the record breaks a rule; nothing of it was appended.
        """
        if not isinstance(value, dict):
            raise type_invalid("", "an object", "对象")
        kind = value.get("type")
        handler = _HANDLERS.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise ItemInvalid(
                reason="type_unknown",
                path="type",
                detail_en=f"{kind!r} is no type of record.",
                detail_zh=f"未知的数据类型 {kind!r}。",
            )
        record = Record(value, position)
        items = handler(record)
        for anonymous_id in record.other_ids():
            if (anonymous_id, record.distinct_id) not in self._linked:
                self._linked.add((anonymous_id, record.distinct_id))
                items.insert(0, record.link(anonymous_id))
        self.items += items


class Record:
    """The parts of a record that every type has. Raises ``ItemInvalid`` when they break a rule."""

    def __init__(self, value: dict[str, Any], position: str) -> None:
        self.value = value
        self.position = position
        self.kind: str = value["type"]
        self.properties = _checked(object_or_empty(value.get("properties"), "properties"))
        self.identities = object_or_empty(value.get("identities"), "identities")
        self.distinct_id = _item_id(value) if self.kind.startswith("item_") else self._distinct_id()
        self.time_ms = read_time_ms(value.get("time"), "time")
        self.message_id: str | None = None
        track_id = as_text(value.get("_track_id"))
        if track_id:
            moment = as_text(value.get("time"))
            self.message_id = derived_message_id(self.kind, self.distinct_id, moment, track_id)

    def other_ids(self) -> list[str]:
        """Ids of the same person that the record names beside its distinct id."""
        others: list[str | None] = []
        if self.kind == "track_signup":
            others.append(read_id(self.value.get("original_id"), "original_id"))
        if read_id(self.value.get("login_id"), "login_id") == self.distinct_id:
            others.append(read_id(self.value.get("anonymous_id"), "anonymous_id"))
        if self.kind != "track_id_unbind" and self._login_id() == self.distinct_id:
            for key, value in self.identities.items():
                identity = read_id(value, f"identities.{key}")
                if key != _LOGIN_IDENTITY and identity is not None:
                    others.append(identity if key in _BARE_IDENTITIES else f"{key}+{identity}")
        elif self.kind == "track_id_bind":
            named = [f"{key}+{value}" for key, value in self.identities.items() if isinstance(value, str)]
            others += named
        return [other for other in others if other is not None and other != self.distinct_id]

    def link(self, anonymous_id: str) -> IdentityLink:
        """``anonymous_id`` is the person of this record."""
        return IdentityLink(
            anonymous_id=anonymous_id,
            known_id=self.distinct_id,
            time_ms=self.time_ms,
            message_id=self.message_id,
            position=self.position,
        )

    def incoming(self, event: str, properties: dict[str, Any]) -> IncomingEvent:
        """The event, with the properties of this record's SDK beneath its own."""
        beneath = _library(self.value.get("lib"))
        translated = translate(properties, _NAMES, beneath)
        for name in _SET_APART:
            translated.pop(name, None)
        if "$device_brand" not in translated and isinstance(translated.get("$manufacturer"), str):
            translated["$device_brand"] = translated.pop("$manufacturer")
        add_revenue(translated)
        return IncomingEvent(
            event=event,
            distinct_id=self.distinct_id,
            time_ms=self.time_ms,
            message_id=self.message_id,
            properties=translated,
            session_id=as_text(properties.get("$event_session_id")) or "",
            user_agent=_text_or_none(properties.get("$user_agent")),
            ip=_text_or_none(properties.get("$ip")),
            position=self.position,
        )

    def change(self, operation: ProfileOperation, values: dict[str, Any]) -> list[Item]:
        """One change of the profile; none without values, except ``delete``."""
        kept = {name: value for name, value in values.items() if name not in _SET_APART}
        if not kept and operation != "delete":
            return []
        return [
            ProfileChange(
                operation=operation,
                distinct_id=self.distinct_id,
                values=kept,
                time_ms=self.time_ms,
                message_id=self.message_id,
                position=self.position,
            )
        ]

    def _login_id(self) -> str | None:
        return read_id(self.identities.get(_LOGIN_IDENTITY), f"identities.{_LOGIN_IDENTITY}")

    def _distinct_id(self) -> str:
        distinct_id = read_id(self.value.get("distinct_id"), "distinct_id") or self._login_id()
        if distinct_id is not None:
            return distinct_id
        for key, value in self.identities.items():
            identity = read_id(value, f"identities.{key}")
            if identity is not None:
                return f"{key}+{identity}"
        raise distinct_id_missing()


def _track(record: Record) -> list[Item]:
    name = read_name(record.value.get("event"), "event", MAX_EVENT_NAME_CHARACTERS)
    if not _is_name(name):
        raise _name_invalid("event_name_invalid", "event", name)
    return [record.incoming(_EVENT_NAMES.get(name, name), record.properties)]


def _increment(record: Record) -> list[Item]:
    values = {name: value for name, value in record.properties.items() if name not in _SET_APART}
    return record.change("increment", check_increments(values, "properties"))


def _append(record: Record) -> list[Item]:
    values = {name: value for name, value in record.properties.items() if name not in _SET_APART}
    for name, value in values.items():
        if not isinstance(value, list):
            raise type_invalid(f"properties.{name}", "a list", "列表")
    return record.change("append", values)


def _item(record: Record) -> list[Item]:
    """A thing, not a person: kept as an event of its own, so that its attributes can be joined."""
    named = {"$item_type": record.value.get("item_type"), "$item_id": as_text(record.value.get("item_id"))}
    return [record.incoming(f"${record.kind}", {**record.properties, **named})]


_HANDLERS: dict[str, Callable[[Record], list[Item]]] = {
    "track": _track,
    "track_signup": _track,
    "track_id_bind": _track,
    "track_id_unbind": _track,
    "profile_set": lambda record: record.change("set", record.properties),
    "profile_set_once": lambda record: record.change("set_once", record.properties),
    "profile_increment": _increment,
    "profile_append": _append,
    "profile_unset": lambda record: record.change("unset", unset_values(record.properties, "properties")),
    "profile_delete": lambda record: record.change("delete", {}),
    "item_set": _item,
    "item_delete": _item,
}


def _item_id(value: dict[str, Any]) -> str:
    item_type, item_id = value.get("item_type"), read_id(value.get("item_id"), "item_id")
    if not isinstance(item_type, str) or not _is_name(item_type) or item_id is None:
        raise ItemInvalid(
            reason="item_id_missing",
            path="item_id",
            detail_en="The item needs a type and an id.",
            detail_zh="物品缺少类型或标识。",
        )
    return f"$item:{item_type}:{item_id}"


def _library(lib: object) -> dict[str, Any]:
    if not isinstance(lib, dict):
        return {}
    named = (("$lib", "$lib"), ("$lib_version", "$lib_version"), ("$app_version", "$app_version"))
    return {standard: lib[name] for name, standard in named if isinstance(lib.get(name), str)}


def _checked(properties: dict[str, Any]) -> dict[str, Any]:
    for name, value in properties.items():
        if not _is_name(name):
            raise _name_invalid("property_name_invalid", f"properties.{name}", name)
        if isinstance(value, str) and len(value) > MAX_TEXT_CHARACTERS:
            raise ItemInvalid(
                reason="property_too_long",
                path=f"properties.{name}",
                detail_en=f"{name} has {len(value)} characters; at most {MAX_TEXT_CHARACTERS} are accepted.",
                detail_zh=f"{name} 长度为 {len(value)} 个字符，上限为 {MAX_TEXT_CHARACTERS}。",
            )
    return properties


def _name_invalid(reason: str, path: str, name: str) -> ItemInvalid:
    return ItemInvalid(
        reason=reason,
        path=path,
        detail_en=f"{name!r} is not a valid name: letters, digits, _ and $, not starting with a digit.",
        detail_zh=f"{name!r} 不是合法的名称：只能包含字母、数字、_ 和 $，且不能以数字开头。",
    )


@lru_cache(maxsize=8192)
def _is_name(name: str) -> bool:
    """Names follow one pattern; the vendor reserves some. At most 255 characters."""
    lowered = name.lower()
    if lowered in _RESERVED_NAMES or lowered.startswith(("user_group", "user_tag")):
        return False
    return len(name) <= MAX_PROPERTY_NAME_CHARACTERS and _NAME.fullmatch(name) is not None


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
