"""Turning senders' property names into the one vocabulary (``kernel/vocabulary.py``).

A protocol declares one table with :func:`names_table` and calls :func:`translate`. Values take the type
that the vocabulary declares; a value that cannot take it stays under the sender's own name, so that no
standard column ever holds a value of another type and nothing that was sent is lost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from bihuan.kernel.vocabulary import STANDARD, StandardType

# Vendor's name to standard name and the Python type that needs no conversion. Standard names map to
# themselves, so that one look-up answers all three questions.
NamesTable = Mapping[str, tuple[str, type | None]]

_UNFIT = object()
_NOTHING: Mapping[str, Any] = {}
_EXACT_INTEGERS = 2**53  # a double holds all whole numbers up to here
_CURRENCY_CODE_CHARACTERS = 3  # ISO 4217

# Names whose meaning is the same in every protocol seen.
COMMERCE_NAMES: dict[str, str] = {
    "revenue": "$revenue",
    "currency": "$currency",
    "order_id": "$order_id",
    "orderId": "$order_id",
    "product_id": "$product_id",
    "quantity": "$quantity",
    "price": "$price",
    "coupon": "$coupon",
}
CAMPAIGN_NAMES: dict[str, str] = {
    "utm_source": "$utm_source",
    "utm_medium": "$utm_medium",
    "utm_campaign": "$utm_campaign",
    "utm_term": "$utm_term",
    "utm_content": "$utm_content",
}

# Amounts that count as revenue only next to a sign that they are money.
_AMOUNT_NAMES = ("total", "value")
_MONEY_SIGNS = ("$currency", "$order_id")

_DEVICE_TYPES: dict[str, str] = {
    "desktop": "desktop",
    "pc": "desktop",
    "web": "desktop",
    "laptop": "desktop",
    "mobile": "mobile",
    "phone": "mobile",
    "smartphone": "mobile",
    "feature phone": "mobile",
    "phablet": "mobile",
    "ios": "mobile",
    "iphone": "mobile",
    "android": "mobile",
    "harmony": "mobile",
    "harmonyos": "mobile",
    "tablet": "tablet",
    "ipad": "tablet",
    "tv": "tv",
    "smarttv": "tv",
    "smart tv": "tv",
    "console": "other",
    "bot": "bot",
    "spider": "bot",
    "crawler": "bot",
}


def names_table(*tables: Mapping[str, str]) -> NamesTable:
    """One table of several; the later win. All standard names are added, mapped to themselves."""
    merged: dict[str, str] = {}
    for table in tables:
        merged.update(table)
    merged.update({name: name for name in STANDARD})
    return {name: (standard, _QUICK_TYPES[standard]) for name, standard in merged.items()}


def standard_typed(properties: dict[str, Any], beneath: Mapping[str, Any] = _NOTHING) -> dict[str, Any]:
    """:func:`translate` for names that are the sender's own (traits): only standard names take their type."""
    return translate(properties, _STANDARD_ONLY, beneath)


def translate(
    properties: dict[str, Any], names: NamesTable, beneath: Mapping[str, Any] = _NOTHING
) -> dict[str, Any]:
    """A new dict: ``beneath`` (already standard, as from a context), over it the translated ``properties``.

    Names in ``names`` are replaced and their values take the standard type. Where a sender gives both the
    standard name and its own name for it, the standard name keeps its value and the other stays as it is.
    """
    if names.keys().isdisjoint(properties):
        return {**beneath, **properties}
    translated: dict[str, Any] = {**beneath}
    for name, value in properties.items():
        entry = names.get(name)
        if entry is None:
            translated[name] = value
            continue
        standard, quick_type = entry
        if standard in properties and standard != name:
            translated[name] = value
        elif type(value) is quick_type:
            translated[standard] = value
        elif type(value) is int and quick_type is float and -_EXACT_INTEGERS <= value <= _EXACT_INTEGERS:
            translated[standard] = float(value)
        else:
            put_standard(translated, standard, value, name)
    return translated


def put_standard(properties: dict[str, Any], standard: str, value: Any, own_name: str | None = None) -> None:
    """Set a standard property, converted to its type; None is left out.

    An unfit value goes to ``own_name`` (default: the standard name without ``$``).
    """
    if value is None:
        return
    fitted = _fit(standard, value)
    if fitted is not _UNFIT:
        properties[standard] = fitted
    else:
        own = own_name if own_name is not None and own_name != standard else standard.removeprefix("$")
        properties[own] = value


def add_revenue(properties: dict[str, Any]) -> None:
    """Fill ``$revenue`` from ``total`` or ``value`` where ``$currency`` or ``$order_id`` marks them as money.

    They stay under their own names too: ``value`` without a currency is often no money at all. Changes
    ``properties`` in place; what was sent as revenue is never replaced.
    """
    if "$revenue" in properties or not any(sign in properties for sign in _MONEY_SIGNS):
        return
    for name in _AMOUNT_NAMES:
        number = as_number(properties.get(name))
        if number is not None:
            properties["$revenue"] = number
            return


def as_number(value: Any) -> float | None:
    """A finite float of a number or of a text that is one; None for anything else (also booleans)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_text(value: Any) -> str | None:
    """Text of a scalar as JSON writes it, JSON of lists and objects; None for None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return msgspec.json.encode(value).decode()


def device_type(value: Any) -> str | None:
    """The vocabulary's device type for a vendor's word (``Desktop``, ``ios``); ``other`` if unknown."""
    if not isinstance(value, str) or not value:
        return None
    return _DEVICE_TYPES.get(value.lower(), "other")


def _fit(standard: str, value: Any) -> Any:
    match STANDARD[standard]:
        case "number":
            number = as_number(value)
            return _UNFIT if number is None else number
        case "flag":
            return _as_flag(value)
        case _:
            refine = _REFINED.get(standard)
            return refine(value) if refine else as_text(value)


def _as_flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), _UNFIT)
    return _UNFIT


def _currency(value: Any) -> Any:
    if not isinstance(value, str):
        return _UNFIT
    return value.upper() if len(value) == _CURRENCY_CODE_CHARACTERS else value


def _device_type_or_unfit(value: Any) -> Any:
    return device_type(value) or _UNFIT


# Standard names whose texts have one spelling.
_REFINED = {"$currency": _currency, "$device_type": _device_type_or_unfit}
# Values of exactly this Python type need no conversion (JSON holds no infinite numbers).
_PYTHON_TYPES: dict[StandardType, type] = {"number": float, "flag": bool, "text": str, "category": str}
_QUICK_TYPES: dict[str, type | None] = {
    name: None if name in _REFINED else _PYTHON_TYPES[kind] for name, kind in STANDARD.items()
}
_STANDARD_ONLY = names_table()
