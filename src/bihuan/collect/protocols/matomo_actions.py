"""What a Matomo request says happened: page view, event, search, link, goal, order, content, heartbeat.

Events keep Matomo's action as name and ``event_category``, ``event_label`` (Matomo's "name") and
``event_value``; orders become ``order``, carts ``cart_updated``, goals ``goal``. Parameters that are not
known here stay as properties under their own names, except those about the sending itself.
"""

from __future__ import annotations

from typing import Any

from bihuan.collect.protocols.fields import json_member, put_screen, put_text
from bihuan.collect.protocols.mapping import as_number
from bihuan.collect.protocols.rejection import ItemInvalid, read_name
from bihuan.kernel.vocabulary import PAGE_VIEW

Parameters = dict[str, str]

_STANDARD_NAMES = {
    "url": "$url",
    "urlref": "$referrer",
    "lang": "$language",
    "country": "$country",
    "region": "$region",
    "city": "$city",
    "_rcn": "$utm_campaign",
    "_rck": "$utm_term",
    "search": "$search_query",
    "_pks": "$product_id",
    "_pkn": "$product_name",
    "_pkc": "$category",
    "_pkp": "$price",
    "ec_id": "$order_id",
    "revenue": "$revenue",
}
_OWN_NAMES = {
    "e_c": "event_category",
    "e_n": "event_label",
    "e_v": "event_value",
    "search_cat": "search_category",
    "search_count": "search_results",
    "link": "target_url",
    "download": "target_url",
    "idgoal": "goal_id",
    "c_n": "content_name",
    "c_p": "content_piece",
    "c_t": "content_target",
    "c_i": "content_interaction",
    "ec_st": "subtotal",
    "ec_tx": "tax",
    "ec_sh": "shipping",
    "ec_dt": "discount",
    "pv_id": "pageview_id",
    "lat": "latitude",
    "long": "longitude",
    "gt_ms": "generation_ms",
    "_idvc": "visit_count",
}
# Read elsewhere, or about the sending, the browser's plug-ins and clock.
_LEFT_OUT_TEXT = """
    idsite rec apiv rand r token_auth send_image uid cid _id ua cip cdt cdo action_name res e_a cvar _cvar
    ec_items h m s cs ca ping bots debug queuedtracking new_visit uadata cookie pdf qt realp wma fla java
    ag dir gears _idts _viewts _ects _idn _refts _ref _rcn_ts bw_bytes recMode http_status
"""
_LEFT_OUT = frozenset(_LEFT_OUT_TEXT.split())
_NUMBERS_TEXT = """
    e_v search_count ec_st ec_tx ec_sh ec_dt lat long gt_ms _idvc pf_net pf_srv pf_tfr pf_dm1 pf_dm2
    pf_onl
"""
_NUMBERS = frozenset(_NUMBERS_TEXT.split())


def read_action(parameters: Parameters) -> tuple[str, dict[str, Any]]:
    """Event name and properties of one tracking request.

    Raises:
        ItemInvalid: an event without action, or custom variables or items that are not JSON.
    """
    event = _event_name(parameters)
    properties: dict[str, Any] = {}
    for name, value in parameters.items():
        if name in _LEFT_OUT or value == "":
            continue
        if name in _STANDARD_NAMES:
            put_text(properties, _STANDARD_NAMES[name], value)
        else:
            number = as_number(value) if name in _NUMBERS else None
            properties[_OWN_NAMES.get(name, name)] = value if number is None else number
    if properties.get("goal_id") == "0":
        del properties["goal_id"]  # Matomo's way to say "an order or a cart", which the event's name says
    if "$country" in properties:
        properties["$country"] = properties["$country"].upper()
    put_screen(properties, parameters.get("res"))
    put_text(properties, "$title", parameters.get("action_name"))
    _add_custom_variables(properties, parameters)
    _add_items(properties, parameters)
    return event, properties


def _event_name(parameters: Parameters) -> str:
    def has(name: str) -> bool:
        return bool(parameters.get(name))

    if has("e_c") or has("e_a"):
        return read_name(parameters.get("e_a"), "e_a")
    for name, event in (("search", "search"), ("link", "link_click"), ("download", "download")):
        if has(name):
            return event
    if has("c_n"):
        return "content_interaction" if has("c_i") else "content_impression"
    if parameters.get("idgoal") == "0" or has("ec_id"):
        return "order" if has("ec_id") else "cart_updated"
    if has("idgoal"):
        return "goal"
    if parameters.get("ping") == "1":
        return "heartbeat"
    return "media" if has("ma_id") else PAGE_VIEW


def _add_custom_variables(properties: dict[str, Any], parameters: Parameters) -> None:
    """``cvar`` (page) and ``_cvar`` (visit): ``{"1": ["name", "value"]}``."""
    for parameter in ("_cvar", "cvar"):
        variables = json_member(parameters.get(parameter), parameter)
        if variables is None:
            continue
        if not isinstance(variables, dict):
            raise _invalid(parameter)
        for pair in variables.values():
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
                raise _invalid(parameter)
            if pair[0]:
                properties[pair[0]] = pair[1]


def _add_items(properties: dict[str, Any], parameters: Parameters) -> None:
    """``ec_items``: ``[["sku", "name", "category", price, quantity], …]``; if one also ``$product_*``."""
    items = json_member(parameters.get("ec_items"), "ec_items")
    if items is None:
        return
    if not isinstance(items, list) or not all(isinstance(item, list) for item in items):
        raise _invalid("ec_items")
    fields = ("product_id", "product_name", "category", "price", "quantity")
    properties["items"] = [dict(zip(fields, item, strict=False)) for item in items]
    if len(items) == 1:
        for name, value in properties["items"][0].items():
            put_text(properties, f"${name}", value)


def _invalid(parameter: str) -> ItemInvalid:
    return ItemInvalid(
        reason="type_invalid",
        path=parameter,
        detail_en=f"{parameter} is not in Matomo's form.",
        detail_zh=f"{parameter} 不符合 Matomo 的格式。",
    )
