"""How one property value is read as text, number, flag, time or list.

The rules, which the SQL in ``sql/properties.py`` follows as well:

* text: text as it is; a number in shortest form (1.0 is ``1``, 1e21 is ``1e21``); ``true``/``false``;
  a list has none.
* number: a number; text that is a decimal number (``12``, ``-1.5``, ``1e3``; no spaces, no ``inf``).
* flag: a flag; the texts ``true`` and ``false``.
* time: text ``YYYY-MM-DD``, optionally with ``[T ]HH:MM[:SS[.fff]]`` and then ``Z`` or an offset, without
  one on the project's clock; a number of Unix seconds (below 10^11) or milliseconds.
* list: the members as text; any other value is a list of its text; no value is the empty list.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from zoneinfo import ZoneInfo

PropertyValue = str | float | bool | list[str] | list[float] | None

NUMBER_TEXT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
TIME_TEXT = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$"
SECONDS_BELOW = 1e11  # as seconds the year 5138, as milliseconds 1973
MILLISECONDS_BELOW = 1e13


def text_of(value: PropertyValue) -> str | None:
    """The value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    return value if isinstance(value, str) else None


def number_of(value: PropertyValue) -> float | None:
    """The value as a number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and NUMBER_TEXT.fullmatch(value):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def flag_of(value: PropertyValue) -> bool | None:
    """The value as a flag."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def time_of(value: PropertyValue, zone: ZoneInfo) -> int | None:
    """The value as Unix milliseconds."""
    if isinstance(value, str):
        if not re.match(TIME_TEXT, value, re.ASCII):
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return round((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1000)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MILLISECONDS_BELOW:
        return None
    return math.floor(value * 1000) if value < SECONDS_BELOW else math.floor(value)


def list_of(value: PropertyValue) -> list[str]:
    """The value as a list of texts."""
    if isinstance(value, list):
        return [text for member in value if (text := text_of(member)) is not None]
    text = text_of(value)
    return [] if text is None else [text]


def number_text(number: float) -> str:
    """A number in the engine's shortest form: decimal from 1e-6 up to 1e21, else ``1e-7``."""
    sign, digits, exponent = _shortest_digits(number)
    if digits == "0":
        return sign + "0"
    point = len(digits) + exponent  # digits before the decimal point
    if -6 < point <= 21:
        if exponent >= 0:
            return sign + digits + "0" * exponent
        if point > 0:
            return f"{sign}{digits[:point]}.{digits[point:]}"
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{point - 1}"


def _shortest_digits(number: float) -> tuple[str, str, int]:
    mantissa, _, exponent = repr(float(number)).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits, power = (whole + fraction).lstrip("0"), int(exponent or 0) - len(fraction)
    stripped = digits.rstrip("0")
    if not stripped:
        return sign, "0", 0
    return sign, stripped, power + len(digits) - len(stripped)
