"""The ``context`` object of Segment messages, read once for each distinct text of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from bihuan.collect.protocols.encoding import decode_json
from bihuan.collect.protocols.mapping import as_text, device_type, put_standard
from bihuan.collect.protocols.rejection import type_invalid

# Contexts repeat from event to event; longer ones hold something of the moment and are not worth keeping.
_CACHED_CONTEXTS = 4096
_CACHED_CONTEXT_BYTES = 4096

_PATHS: dict[tuple[str, str], str] = {
    ("page", "url"): "$url",
    ("page", "path"): "$path",
    ("page", "title"): "$title",
    ("page", "referrer"): "$referrer",
    ("referrer", "url"): "$referrer",
    ("campaign", "name"): "$utm_campaign",
    ("campaign", "source"): "$utm_source",
    ("campaign", "medium"): "$utm_medium",
    ("campaign", "term"): "$utm_term",
    ("campaign", "content"): "$utm_content",
    ("app", "name"): "$app_name",
    ("app", "version"): "$app_version",
    ("library", "name"): "$lib",
    ("library", "version"): "$lib_version",
    ("device", "manufacturer"): "$device_brand",
    ("device", "model"): "$device_model",
    ("os", "name"): "$os",
    ("os", "version"): "$os_version",
    ("screen", "width"): "$screen_width",
    ("screen", "height"): "$screen_height",
    ("location", "country"): "$country",
    ("location", "region"): "$region",
    ("location", "city"): "$city",
}
_NAMES: dict[str, str] = {"locale": "$language", "timezone": "$timezone", "groupId": "$group_id"}
_SECTIONS = frozenset(section for section, _ in _PATHS)
# Read elsewhere, or of no use beside the user agent.
_SET_APART = frozenset(("ip", "userAgent", "userAgentData", "traits", "sessionId", "sessionStart"))


class Context(msgspec.Struct, frozen=True):
    """What a context says. ``properties`` is shared between events and must not be changed."""

    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    ip: str | None = None
    user_agent: str | None = None
    session_id: str = ""


NO_CONTEXT = Context()


def read_context(raw: bytes) -> Context:
    """The context in a JSON text; an empty one for no text and ``null``.

    Raises:
        ItemInvalid: ``type_invalid`` if it is no object.
    """
    if len(raw) <= _CACHED_CONTEXT_BYTES:
        return _read_cached(raw)
    return _read(raw)


def _read(raw: bytes) -> Context:
    value = decode_json(raw) if raw else None
    if value is None:
        return NO_CONTEXT
    if not isinstance(value, dict):
        raise type_invalid("context", "an object", "对象")
    properties: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for name, member in value.items():
        if name in _NAMES:
            put_standard(properties, _NAMES[name], member)
        elif name in _SECTIONS and isinstance(member, dict):
            rest = _read_section(name, member, properties)
            if rest:
                others[name] = rest
        elif name not in _SET_APART and member not in (None, {}, []):
            others[name] = member
    if others:
        properties["context"] = others
    traits = value.get("traits")
    return Context(
        properties=properties,
        traits=traits if isinstance(traits, dict) else {},
        ip=_text_or_none(value.get("ip")),
        user_agent=_text_or_none(value.get("userAgent")),
        session_id=as_text(value.get("sessionId")) or "",
    )


def _read_section(section: str, members: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """Put the members that have a standard name into ``properties``; return the others."""
    rest: dict[str, Any] = {}
    for name, value in members.items():
        standard = _PATHS.get((section, name))
        if standard is not None:
            put_standard(properties, standard, value)
        elif section == "device" and name == "type":
            put_standard(properties, "$device_type", device_type(value))
        elif value is not None:
            rest[name] = value
    return rest


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


_read_cached = lru_cache(maxsize=_CACHED_CONTEXTS)(_read)
