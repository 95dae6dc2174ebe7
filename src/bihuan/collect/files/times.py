"""Reading dates and times in the forms that files have them, to Unix milliseconds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bihuan.collect.files.errors import MappingInvalid

# Names for formats that strptime cannot say.
NAMED_FORMATS = ("auto", "iso", "unix_s", "unix_ms", "unix_us", "yyyymmdd", "excel_serial")

# In the order of trial; day-first and month-first are told apart by a value above 12.
CANDIDATES: tuple[str, ...] = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%y %H:%M",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y",
    "%b %d, %Y",
    "%d/%b/%Y:%H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
    "%Y-%m-%d %H:%M:%S %Z",
    "%Y-%m-%d %I:%M:%S %p",
)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NAIVE_EPOCH = dt.datetime(1970, 1, 1)
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)
_MILLISECOND = dt.timedelta(milliseconds=1)
_UNIX_PER_SECOND = {"unix_s": 1, "unix_ms": 1_000, "unix_us": 1_000_000}
# Before 1973-03-03 a number of seconds is more likely a cut-off or a count than a time.
_LEAST_UNIX_SECONDS = 100_000_000
_MOST_UNIX_SECONDS = 10_000_000_000
_EXCEL_DAYS = (18_000, 80_000)  # 1949 to 2119
_MEMO_LIMIT = 50_000
_FIELDS = {
    "Y": r"(\d{4})",
    "m": r"(\d{1,2})",
    "d": r"(\d{1,2})",
    "H": r"(\d{1,2})",
    "M": r"(\d{1,2})",
    "S": r"(\d{1,2})",
}


def zone_of(name: str) -> dt.tzinfo:
    """The time zone of an IANA name (``Asia/Shanghai``) or offset (``+08:00``). Raises ``MappingInvalid``."""
    if name.upper() in ("UTC", "Z"):
        return dt.UTC
    offset = re.fullmatch(r"([-+])(\d{2}):?(\d{2})", name)
    if offset:
        delta = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if delta < dt.timedelta(hours=24):
            return dt.timezone(-delta if offset[1] == "-" else delta)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MappingInvalid(
            path="time.timezone",
            reason_en=f"there is no time zone {name}.",
            reason_zh=f"不存在时区 {name}。",
        ) from error


def _simple_pattern(form: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """A format of plain numbers set apart by other characters as a pattern: 4 × as fast as strptime."""
    fields: list[str] = []
    pattern = ""
    for literal, field in re.findall(r"([^%]*)(?:%(.))?", form):
        if field and (field not in _FIELDS or (fields and not literal)):
            return None
        pattern += re.escape(literal) + (_FIELDS[field] if field else "")
        if field:
            fields.append(field)
    if set(fields) < {"Y", "m", "d"} or len(set(fields)) < len(fields):
        return None
    return re.compile(pattern), tuple(fields)


class TimeParser:
    """Turns cells into Unix milliseconds.

    Args:
        form: one of ``NAMED_FORMATS``, or a strptime format. ``auto`` tries them all for each value.
        timezone: the zone of times that do not carry one. A local time that occurs twice when clocks go
            back is the first of the two; one that clocks skip is read with the offset before the change.
    """

    def __init__(self, form: str, timezone: str) -> None:
        self.form = form
        self._zone = zone_of(timezone)
        self._memo: dict[Any, int] = {}
        self._simple = None if form in NAMED_FORMATS else _simple_pattern(form)
        self._last_candidate = CANDIDATES[0]

    def __call__(self, value: Any) -> int:
        """Unix milliseconds of a text, number, date or datetime. Raises ``ValueError``."""
        known = self._memo.get(value)
        if known is not None:
            return known
        time_ms = self._read(value)
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        self._memo[value] = time_ms
        return time_ms

    def _read(self, value: Any) -> int:
        if isinstance(value, dt.datetime):
            return self._milliseconds(value)
        if isinstance(value, dt.date):
            return self._milliseconds(dt.datetime.combine(value, dt.time()))
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("not a time")
        if self.form in _UNIX_PER_SECOND:
            return _unix_ms(float(value), _UNIX_PER_SECOND[self.form])
        if self.form == "excel_serial":
            return self._excel(float(value))
        text = str(value).strip()
        if self.form == "auto":
            return self._guessed(text)
        if self.form == "iso":
            return self._milliseconds(dt.datetime.fromisoformat(text))
        if self.form == "yyyymmdd":
            return self._strptime(text.removesuffix(".0"), "%Y%m%d")
        return self._formatted(text)

    def _formatted(self, text: str) -> int:
        if self._simple is not None:
            pattern, fields = self._simple
            match = pattern.fullmatch(text)
            if match is None:
                raise ValueError("the format does not fit")
            parts = dict(zip(fields, map(int, match.groups()), strict=True))
            return self._milliseconds(
                dt.datetime(
                    parts["Y"],
                    parts["m"],
                    parts["d"],
                    parts.get("H", 0),
                    parts.get("M", 0),
                    parts.get("S", 0),
                )
            )
        return self._strptime(text, self.form)

    def _strptime(self, text: str, form: str) -> int:
        moment = dt.datetime.strptime(text, form)
        if "%Z" in form and moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)  # strptime knows UTC, GMT and the machine's own zone
        return self._milliseconds(moment)

    def _guessed(self, text: str) -> int:
        if re.fullmatch(r"\d{8}", text):
            return self._strptime(text, "%Y%m%d")
        if re.fullmatch(r"\d+(\.\d+)?", text) and len(text.partition(".")[0]) != 14:
            number = float(text)
            unit = next((u for u in _UNIX_PER_SECOND.values() if number / u < _MOST_UNIX_SECONDS), 1_000_000)
            return _unix_ms(number, unit)
        try:
            return self._milliseconds(dt.datetime.fromisoformat(text))
        except ValueError:
            pass
        for form in (self._last_candidate, *CANDIDATES):
            try:
                time_ms = self._strptime(text, form)
            except ValueError:
                continue
            self._last_candidate = form
            return time_ms
        raise ValueError("no known format fits")

    def _excel(self, days: float) -> int:
        if not _EXCEL_DAYS[0] <= days <= _EXCEL_DAYS[1]:
            raise ValueError("not a plausible Excel date")
        # Excel keeps times as a fraction of a day: whole milliseconds are all it can hold
        return self._milliseconds(_EXCEL_EPOCH + dt.timedelta(milliseconds=round(days * 86_400_000)))

    def _milliseconds(self, moment: dt.datetime) -> int:
        if moment.tzinfo is not None:
            return (moment - _EPOCH) // _MILLISECOND
        if self._zone is dt.UTC:
            return (moment - _NAIVE_EPOCH) // _MILLISECOND
        return (moment.replace(tzinfo=self._zone) - _EPOCH) // _MILLISECOND


def _unix_ms(number: float, per_second: int) -> int:
    if not _LEAST_UNIX_SECONDS <= number / per_second <= _MOST_UNIX_SECONDS:
        raise ValueError("not a plausible Unix time")
    return round(number * 1000 / per_second)


def _all_read(parser: TimeParser, values: list[Any]) -> bool:
    try:
        for value in values:
            parser(value)
    except (ValueError, OverflowError):
        return False
    return True


def guess_time_format(values: Iterable[Any]) -> tuple[str, str | None] | None:
    """The format that reads every one of some non-empty cells, and another that does as well, if any.

    None when none does. Numbers count as Unix times or ``yyyymmdd`` only where plausible.
    """
    cells = [value.strip() if isinstance(value, str) else value for value in values]
    if not cells:
        return None
    if all(isinstance(value, dt.date) for value in cells):
        return "iso", None
    texts = [str(value) for value in cells]
    if all(re.fullmatch(r"(19|20)\d{6}(\.0)?", text) for text in texts):
        return ("yyyymmdd", None) if _all_read(TimeParser("yyyymmdd", "UTC"), texts) else None
    if all(re.fullmatch(r"\d+(\.\d+)?", text) for text in texts):
        if all(re.fullmatch(r"(19|20)\d{12}", text) for text in texts):
            return ("%Y%m%d%H%M%S", None) if _all_read(TimeParser("%Y%m%d%H%M%S", "UTC"), texts) else None
        return next(((f, None) for f in _UNIX_PER_SECOND if _all_read(TimeParser(f, "UTC"), cells)), None)
    if all(len(text) >= 8 for text in texts) and _all_read(TimeParser("iso", "UTC"), texts):
        return "iso", None
    fitting = [form for form in CANDIDATES if _all_read(TimeParser(form, "UTC"), texts)]
    return (fitting[0], fitting[1] if len(fitting) > 1 else None) if fitting else None
