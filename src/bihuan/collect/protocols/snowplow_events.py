"""What a Snowplow event says happened, by its type ``e``.

Self-describing events are called after their schema (``iglu_schema`` keeps it whole) and structured ones
after their action, with ``event_category``, ``event_label``, ``event_property`` and ``event_value``.
Snowplow's e-commerce action is called after its type (``add_to_cart``, ``transaction``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.collect.protocols.fields import put_screen, put_text
from bihuan.collect.protocols.mapping import COMMERCE_NAMES, as_number, names_table, translate
from bihuan.collect.protocols.rejection import ItemInvalid, object_or_empty, read_name
from bihuan.collect.protocols.snowplow_contexts import Contexts
from bihuan.collect.protocols.snowplow_json import read_encoded, self_describing
from bihuan.kernel.vocabulary import PAGE_VIEW, SCREEN_VIEW

Fields = dict[str, Any]
Read = tuple[str, dict[str, Any]]

_COMMON_NAMES = {
    "url": "$url",
    "page": "$title",
    "refr": "$referrer",
    "lang": "$language",
    "tz": "$timezone",
}
_TRANSACTION_NAMES = {"tr_id": "$order_id", "tr_tt": "$revenue", "tr_cu": "$currency"}
_TRANSACTION_OWN_NAMES = {
    "tr_af": "affiliation",
    "tr_tx": "tax",
    "tr_sh": "shipping",
    "tr_ci": "order_city",
    "tr_st": "order_state",
    "tr_co": "order_country",
}
_ITEM_NAMES = {
    "ti_id": "$order_id",
    "ti_sk": "$product_id",
    "ti_na": "$product_name",
    "ti_ca": "$category",
    "ti_pr": "$price",
    "ti_qu": "$quantity",
    "ti_cu": "$currency",
}
_DATA_NAMES = names_table(
    COMMERCE_NAMES, {"sku": "$product_id", "unitPrice": "$price", "transaction_id": "$order_id"}
)
_SCREEN_VIEW_NAMES = names_table({"name": "$screen_name"})
_PING_MEMBERS = {"pp_mix": "min_x", "pp_max": "max_x", "pp_miy": "min_y", "pp_may": "max_y"}


def read_event(fields: Fields, contexts: Contexts) -> Read:
    """Event name and properties.

    Raises:
        ItemInvalid: ``type_unknown``, ``event_name_missing``, ``schema_invalid`` or ``type_invalid``.
    """
    reader = _READERS.get(str(fields.get("e")))
    if reader is None:
        raise ItemInvalid(
            reason="type_unknown",
            path="e",
            detail_en=f"{fields.get('e')!r} is no type of event.",
            detail_zh=f"未知的事件类型 {fields.get('e')!r}。",
        )
    event, own = reader(fields)
    return event, {**_common(fields), **contexts.properties, **own}


def _common(fields: Fields) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, standard in _COMMON_NAMES.items():
        put_text(properties, standard, fields.get(name))
    put_screen(properties, fields.get("res"))
    version = fields.get("tv")
    if isinstance(version, str) and version:
        # py-1.1.0, js-4.10.1, andr-6.0.0
        library, _, number = version.rpartition("-")
        put_text(properties, "$lib", f"snowplow-{library}" if library else version)
        put_text(properties, "$lib_version", number if library else None)
    for name, own in (("p", "platform"), ("tna", "tracker_namespace"), ("vp", "viewport")):
        if fields.get(name):
            properties[own] = fields[name]
    return properties


def _page_view(fields: Fields) -> Read:
    return PAGE_VIEW, {}


def _page_ping(fields: Fields) -> Read:
    return "page_ping", _numbers(fields, _PING_MEMBERS)


def _structured(fields: Fields) -> Read:
    properties = {
        own: fields[name]
        for name, own in (("se_ca", "event_category"), ("se_la", "event_label"), ("se_pr", "event_property"))
        if fields.get(name) not in (None, "")
    }
    return read_name(fields.get("se_ac"), "se_ac"), {
        **properties,
        **_numbers(fields, {"se_va": "event_value"}),
    }


def _self_describing(fields: Fields) -> Read:
    outer = self_describing(read_encoded(fields, "ue_px", "ue_pr"), "ue_pr")
    event = self_describing(outer.data, "ue_pr.data")
    data = object_or_empty(event.data, "ue_pr.data.data")
    name = event.name
    if name == "screen_view":
        properties = translate(data, _SCREEN_VIEW_NAMES)
        return SCREEN_VIEW, {**properties, "iglu_schema": event.schema}
    if name == "snowplow_ecommerce_action":
        rest = {member: value for member, value in data.items() if member != "type"}
        name, data = read_name(data.get("type"), "ue_pr.data.data.type"), rest
    return name, {**translate(data, _DATA_NAMES), "iglu_schema": event.schema}


def _transaction(fields: Fields) -> Read:
    properties: dict[str, Any] = {}
    for name, standard in _TRANSACTION_NAMES.items():
        put_text(properties, standard, fields.get(name))
    for name, own in _TRANSACTION_OWN_NAMES.items():
        if fields.get(name) not in (None, ""):
            number = as_number(fields[name]) if own in ("tax", "shipping") else None
            properties[own] = fields[name] if number is None else number
    return "transaction", properties


def _transaction_item(fields: Fields) -> Read:
    properties: dict[str, Any] = {}
    for name, standard in _ITEM_NAMES.items():
        put_text(properties, standard, fields.get(name))
    return "transaction_item", properties


def _redirect(fields: Fields) -> Read:
    return "link_click", {"target_url": fields.get("u", "")}


def _numbers(fields: Fields, names: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, own in names.items():
        value = fields.get(name)
        if value not in (None, ""):
            number = as_number(value)
            found[own] = value if number is None else number
    return found


_READERS: dict[str, Callable[[Fields], Read]] = {
    "pv": _page_view,
    "pp": _page_ping,
    "se": _structured,
    "ue": _self_describing,
    "tr": _transaction,
    "ti": _transaction_item,
    "redirect": _redirect,
}
