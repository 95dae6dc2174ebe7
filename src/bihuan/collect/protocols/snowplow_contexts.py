"""The contexts (entities) of a Snowplow event: session, device, page, e-commerce and the sender's own."""

from __future__ import annotations

from typing import Any

import msgspec

from bihuan.collect.protocols.fields import put_text
from bihuan.collect.protocols.rejection import type_invalid
from bihuan.collect.protocols.snowplow_json import SelfDescribing, read_encoded, self_describing

# Members of known contexts that have a standard name.
_STANDARD_NAMES: dict[str, dict[str, str]] = {
    "mobile_context": {
        "osType": "$os",
        "osVersion": "$os_version",
        "deviceManufacturer": "$device_brand",
        "deviceModel": "$device_model",
        "language": "$language",
    },
    "application": {"version": "$app_version"},
    "screen": {"name": "$screen_name"},
    "mobile_screen": {"name": "$screen_name"},
    "transaction": {
        "transaction_id": "$order_id",
        "revenue": "$revenue",
        "currency": "$currency",
        "discount_code": "$coupon",
    },
    "product": {
        "id": "$product_id",
        "name": "$product_name",
        "category": "$category",
        "price": "$price",
        "currency": "$currency",
        "quantity": "$quantity",
    },
}


class Contexts(msgspec.Struct):
    """What the contexts say: ``properties``, and the session's ids from the client session."""

    properties: dict[str, Any] = {}
    session_id: str | None = None
    user_id: str | None = None


def read_contexts(fields: dict[str, Any]) -> Contexts:
    """The contexts of ``cx`` (base64) or ``co``.

    A context becomes a property of its schema's name, or, given several times, a list of them. Members of
    known contexts also get their standard names; with several products nothing is chosen as *the* product.

    Raises:
        ItemInvalid: they are not self-describing JSON.
    """
    outer = read_encoded(fields, "cx", "co")
    contexts = Contexts()
    if outer is None:
        return contexts
    listed = self_describing(outer, "contexts").data
    if not isinstance(listed, list):
        raise type_invalid("contexts", "a list", "列表")
    grouped: dict[str, list[SelfDescribing]] = {}
    for index, entry in enumerate(listed):
        context = self_describing(entry, f"contexts[{index}]")
        grouped.setdefault(context.name, []).append(context)
    for name, same in grouped.items():
        if len(same) == 1:
            _add_one(contexts, name, same[0].data)
        else:
            contexts.properties[name] = [context.data for context in same]
    return contexts


def _add_one(contexts: Contexts, name: str, data: Any) -> None:
    if not isinstance(data, dict):
        contexts.properties[name] = data
        return
    if name == "client_session":
        contexts.session_id = _text(data.get("sessionId"))
        contexts.user_id = _text(data.get("userId"))
    rest = dict(data)
    for member, standard in _STANDARD_NAMES.get(name, {}).items():
        put_text(contexts.properties, standard, rest.pop(member, None))
    if rest:
        contexts.properties[name] = rest


def _text(value: object) -> str | None:
    return value[:255] if isinstance(value, str) and value else None
