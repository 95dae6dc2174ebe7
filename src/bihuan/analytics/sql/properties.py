"""SQL that reads a property as text, number, flag, time or list, after the rules of ``values.py``.

Standard properties are typed paths of the JSON column. Others have a value type per row, so each view
asks the sub-columns ``.:String``, ``.:Float64``, ``.:Bool`` and the arrays; numbers are always stored as
Float64 by the writer.
"""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.values import MILLISECONDS_BELOW, SECONDS_BELOW, TIME_TEXT, number_of, number_text
from bihuan.kernel.vocabulary import STANDARD, StandardType
from bihuan.warehouse.sql import json_path, literal

NO_TEXT = "CAST(NULL AS Nullable(String))"
NO_NUMBER = "CAST(NULL AS Nullable(Float64))"
NO_FLAG = "CAST(NULL AS Nullable(Bool))"


@dataclass(frozen=True)
class PropertyAccess:
    """Views of the properties in the rows of one table alias.

    Args:
        alias: the row's alias, of ``events`` or ``profiles``.
        time_zone: the project's zone, for fields and times.
    """

    alias: str
    time_zone: str

    def text(self, ref: PropertyRef) -> str:
        """Nullable(String), or LowCardinality of it."""
        if ref.scope == "field":
            return self._field_text(ref.name)
        path, kind = self._path(ref), _standard(ref)
        if kind in ("text", "category"):
            return path
        if kind:
            return f"toString({path})"
        return (
            f"multiIf(isNotNull({path}.:String), {path}.:String, isNotNull({path}.:Float64), "
            f"toString({path}.:Float64), toString({path}.:Bool))"
        )

    def number(self, ref: PropertyRef) -> str:
        """Nullable(Float64), finite."""
        if ref.scope == "field":
            number = self._field_number(ref.name)
            return number or _parsed(self._field_text(ref.name))
        path, kind = self._path(ref), _standard(ref)
        if kind == "number":
            return path
        if kind == "flag":
            return NO_NUMBER
        if kind:
            return _parsed(path)
        return f"ifNull({path}.:Float64, {_parsed(f'{path}.:String')})"

    def flag(self, ref: PropertyRef) -> str:
        """Nullable(Bool)."""
        if ref.scope == "field":
            return NO_FLAG
        path, kind = self._path(ref), _standard(ref)
        if kind == "flag":
            return path
        if kind == "number":
            return NO_FLAG
        if kind:
            return _parsed_flag(path)
        return f"ifNull({path}.:Bool, {_parsed_flag(f'{path}.:String')})"

    def time(self, ref: PropertyRef) -> str:
        """Nullable(Int64): Unix milliseconds."""
        if ref.scope == "field":
            if ref.name == "time":
                return f"toNullable(toUnixTimestamp64Milli({self.alias}.time))"
            number = self._field_number(ref.name)
            return _number_time(number) if number else self._parsed_time(self._field_text(ref.name))
        path, kind = self._path(ref), _standard(ref)
        if kind == "number":
            return _number_time(path)
        if kind == "flag":
            return "CAST(NULL AS Nullable(Int64))"
        if kind:
            return self._parsed_time(path)
        return f"ifNull({_number_time(f'{path}.:Float64')}, {self._parsed_time(f'{path}.:String')})"

    def items(self, ref: PropertyRef) -> str:
        """Array(String): the members of a list, or the one value."""
        text = self.text(ref)
        single = f"if(isNull({text}), CAST([] AS Array(String)), [assumeNotNull(toString({text}))])"
        if ref.scope == "field" or _standard(ref):
            return single
        texts = f"{self._path(ref)}.:`Array(Nullable(String))`"
        numbers = f"{self._path(ref)}.:`Array(Nullable(Float64))`"
        return (
            f"multiIf(notEmpty({texts}), arrayMap(x -> assumeNotNull(x), arrayFilter(isNotNull, {texts})), "
            f"notEmpty({numbers}), arrayMap(x -> toString(assumeNotNull(x)), {numbers}), {single})"
        )

    def present(self, ref: PropertyRef) -> str:
        """Bool: whether the row has a value."""
        path = self._field_text(ref.name) if ref.scope == "field" else self._path(ref)
        return f"isNotNull({path})"

    def text_is_any(self, ref: PropertyRef, values: tuple[str, ...]) -> str | None:
        """A faster form of ``text IN values`` for untyped properties; None where there is none."""
        if ref.scope == "field" or _standard(ref):
            return None
        path = self._path(ref)
        numbers = [
            number
            for value in values
            if (number := number_of(value)) is not None and number_text(number) == value
        ]
        parts = [f"ifNull({path}.:String IN ({', '.join(map(literal, values))}), false)"]
        if numbers:
            parts.append(f"ifNull({path}.:Float64 IN ({', '.join(map(literal, numbers))}), false)")
        parts += [f"ifNull({path}.:Bool = {value}, false)" for value in ("true", "false") if value in values]
        return f"({' OR '.join(parts)})"

    def _path(self, ref: PropertyRef) -> str:
        return f"{self.alias}.properties.{json_path(ref.name)}"

    def _field_text(self, name: str) -> str:
        if name == "event":
            return f"toNullable(toString({self.alias}.event))"
        if name == "time":
            return f"toNullable(toString(toDate({self.alias}.time, {literal(self.time_zone)})))"
        number = self._field_number(name)
        return f"toString({number})" if number else f"nullIf(toString({self.alias}.{name}), '')"

    def _field_number(self, name: str) -> str | None:
        zone = literal(self.time_zone)
        if name == "hour_of_day":
            return f"toNullable(toFloat64(toHour({self.alias}.time, {zone})))"
        if name == "day_of_week":
            return f"toNullable(toFloat64(toDayOfWeek({self.alias}.time, 0, {zone})))"
        return None

    def _parsed_time(self, text: str) -> str:
        moment = f"parseDateTime64BestEffortOrNull({text}, 3, {literal(self.time_zone)})"
        return f"if(match(ifNull({text}, ''), {literal(TIME_TEXT)}), toUnixTimestamp64Milli({moment}), NULL)"


class AssignedAccess(PropertyAccess):
    """Views of a value that people were given, which is text; ``alias`` is its SQL, '' for none."""

    def text(self, ref: PropertyRef) -> str:
        return f"nullIf({self.alias}, '')"

    def number(self, ref: PropertyRef) -> str:
        return _parsed(self.text(ref))

    def flag(self, ref: PropertyRef) -> str:
        return _parsed_flag(self.text(ref))

    def time(self, ref: PropertyRef) -> str:
        return self._parsed_time(self.text(ref))

    def items(self, ref: PropertyRef) -> str:
        return f"if({self.alias} = '', CAST([] AS Array(String)), [{self.alias}])"

    def present(self, ref: PropertyRef) -> str:
        return f"({self.alias} != '')"

    def text_is_any(self, ref: PropertyRef, values: tuple[str, ...]) -> str | None:
        return None


def _standard(ref: PropertyRef) -> StandardType | None:
    return STANDARD.get(ref.name)


def _parsed(text: str) -> str:
    return f"if(isFinite(toFloat64OrNull({text})), toFloat64OrNull({text}), NULL)"


def _parsed_flag(text: str) -> str:
    return f"multiIf({text} = 'true', true, {text} = 'false', false, {NO_FLAG})"


def _number_time(number: str) -> str:
    milliseconds = f"if({number} < {SECONDS_BELOW!r}, {number} * 1000, {number})"
    return f"if({number} >= 0 AND {number} < {MILLISECONDS_BELOW!r}, toInt64(floor({milliseconds})), NULL)"
