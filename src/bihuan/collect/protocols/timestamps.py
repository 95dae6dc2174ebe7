"""Reading the time that a sender put on an event, in every form that SDKs use.

The result is always Unix milliseconds in UTC. Fractions of a millisecond are cut off, never rounded, so
that an event never moves into the next day.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bihuan.collect.protocols.rejection import ItemInvalid

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Numbers are told apart by size: below 1e11 they are seconds (until the year 5138), then milliseconds,
# microseconds and nanoseconds. Milliseconds before March 1973 are read as seconds.
_SECONDS_BELOW = 10**11
_MILLISECONDS_BELOW = 10**14
_MICROSECONDS_BELOW = 10**17
_NANOSECONDS_BELOW = 10**20


def read_time_ms(value: object, path: str = "timestamp", default_zone: tzinfo = UTC) -> int | None:
    """Unix milliseconds of ``value``; None if it is absent (None or an empty text).

    Accepts ISO 8601 text (date, date and time, any offset or ``Z``, any number of decimals), numbers in
    seconds, milliseconds, microseconds or nanoseconds, and the same numbers as text. A text without an
    offset is read in ``default_zone``.

    Raises:
        ItemInvalid: reason ``time_invalid`` at ``path`` for anything else.
    """
    if type(value) is str:
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return _from_other_text(value, path, default_zone)
        # Eight digits and more without separators are a number for every SDK seen, not a basic-format date.
        if value.isdigit():
            return _from_number(int(value), value, path)
        if moment.tzinfo is not UTC:
            return _from_datetime(moment, value, path, default_zone)
        since = moment - _EPOCH
        return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value, value, path)
    raise _time_invalid(value, path)


def seconds_to_ms(value: object, path: str = "timestamp") -> int | None:
    """Milliseconds of a number that is known to be seconds, with or without decimals; None if absent.

    Raises:
        ItemInvalid: reason ``time_invalid`` if it is no finite number.
    """
    if value is None or value == "":
        return None
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        raise _time_invalid(value, path) from None
    if not math.isfinite(number) or not 0 <= number < _SECONDS_BELOW:
        raise _time_invalid(value, path)
    return int(round(number * 1000, 3))


def read_sent_at_ms(value: object) -> int | None:
    """When the sender's clock says it sent the request; None if unreadable: skew is then not corrected."""
    try:
        return read_time_ms(value)
    except ItemInvalid:
        return None


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo | None:
    """The IANA time zone called ``name``, or None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _from_datetime(moment: datetime, value: object, path: str, default_zone: tzinfo) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=default_zone)
    try:
        since = moment - _EPOCH
    except OverflowError:
        raise _time_invalid(value, path) from None
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def _from_number(number: int | float, value: object, path: str) -> int:
    if isinstance(number, float) and not math.isfinite(number):
        raise _time_invalid(value, path)
    if not 0 <= number < _NANOSECONDS_BELOW:
        raise _time_invalid(value, path)
    if number < _SECONDS_BELOW:
        return number * 1000 if isinstance(number, int) else int(round(number * 1000, 3))
    if number < _MILLISECONDS_BELOW:
        return int(number)
    if number < _MICROSECONDS_BELOW:
        return int(number // 1000)
    return int(number // 1_000_000)


def _from_other_text(value: str, path: str, default_zone: tzinfo) -> int | None:
    """Texts that ``datetime.fromisoformat`` refuses: numbers, padding, and `` UTC``/`` Z`` endings."""
    text = value.strip()
    if not text:
        return None
    try:
        return _from_number(int(text) if text.isdigit() else float(text), value, path)
    except (ValueError, OverflowError):
        pass
    for ending in (" UTC", " GMT", "UTC", " Z"):
        if text.endswith(ending):
            text = text.removesuffix(ending) + "+00:00"
            break
    try:
        return _from_datetime(datetime.fromisoformat(text), value, path, default_zone)
    except ValueError:
        raise _time_invalid(value, path) from None


def _time_invalid(value: object, path: str) -> ItemInvalid:
    shown = repr(value)[:80]
    return ItemInvalid(
        reason="time_invalid",
        path=path,
        detail_en=f"{shown} is not a time.",
        detail_zh=f"{shown} 不是可识别的时间。",
    )
