"""Snowplow's self-describing JSON: ``{"schema": "iglu:vendor/name/format/version", "data": …}``."""

from __future__ import annotations

from typing import Any

import msgspec

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.protocols.encoding import decode_base64, decode_json
from bihuan.collect.protocols.rejection import ItemInvalid, type_invalid


class SelfDescribing(msgspec.Struct, frozen=True):
    """A value and its schema; ``name`` is the schema's name, e.g. ``link_click``."""

    schema: str
    name: str
    data: Any


def read_encoded(fields: dict[str, Any], encoded: str, plain: str) -> Any:
    """The JSON of the field ``encoded`` (base64) or ``plain``; None when neither is there.

    Raises:
        ItemInvalid: ``type_invalid``.
    """
    name = encoded if fields.get(encoded) else plain
    value = fields.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    try:
        return decode_json(decode_base64(value) if name == encoded else value)
    except PayloadInvalid:
        raise type_invalid(name, "JSON", "JSON") from None


def self_describing(value: object, path: str) -> SelfDescribing:
    """``value`` as a self-describing JSON.

    Raises:
        ItemInvalid: ``schema_invalid``.
    """
    schema = value.get("schema") if isinstance(value, dict) else None
    parts = schema.removeprefix("iglu:").split("/") if isinstance(schema, str) else []
    if not isinstance(value, dict) or not isinstance(schema, str) or len(parts) != 4 or not parts[1]:
        raise ItemInvalid(
            reason="schema_invalid",
            path=path,
            detail_en=f"{path} is not a self-describing JSON.",
            detail_zh=f"{path} 不是自描述 JSON。",
        )
    return SelfDescribing(schema=schema, name=parts[1], data=value.get("data"))
