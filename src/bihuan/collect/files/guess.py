"""Guessing a mapping from the first rows of a file, and saying why for every column."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from bihuan.collect.files import naming
from bihuan.collect.files.mapping import (
    EventRule,
    Mapping,
    MessageRule,
    PersonRule,
    PropertyRule,
    TimeRule,
    ValueType,
)
from bihuan.collect.files.options import ReadOptions
from bihuan.collect.files.reader import FileReader, Sample
from bihuan.collect.files.times import guess_time_format
from bihuan.collect.files.values import blanked, read_boolean, read_number, read_text
from bihuan.kernel.vocabulary import STANDARD

_SAMPLE_ROWS = 2000
_EVENT_NAMES_LIMIT = 100
_EXAMPLES = 3
_DIGIT = re.compile(r"[0-9]")
# The share of values that have to be times for the others to be faults.
MOSTLY = 0.8
_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_NULLS = frozenset(("NULL", "null", "\\N", "NaN", "nan", "#N/A", "N/A"))
# What online shops call the steps before a purchase.
_KNOWN_EVENTS = {"pv": "$pageview", "page_view": "$pageview", "pageview": "$pageview"}


class ColumnGuess(msgspec.Struct, frozen=True):
    """What one column was taken for, and why. ``role`` is event, distinct_id, time, message_id, property,
    person, or skip; ``name`` is the property's name."""

    column: str
    role: str
    name: str
    type: str
    why_en: str
    why_zh: str
    examples: tuple[str, ...]


class Guess(msgspec.Struct, frozen=True):
    """A guessed mapping. ``warnings`` are (en, zh) pairs of what a person should decide."""

    mapping: Mapping
    columns: tuple[ColumnGuess, ...]
    warnings: tuple[tuple[str, str], ...]

    def to_yaml(self, language: str = "en") -> str:
        """The mapping as YAML under comments that explain it; ``Mapping.from_yaml`` reads it back."""
        lines = [f"# ! {zh if language == 'zh' else en}" for en, zh in self.warnings]
        for guess in self.columns:
            why = guess.why_zh if language == "zh" else guess.why_en
            shown = f"{guess.role} {guess.name}".strip()
            comment = f"# {guess.column!r} → {shown}: {why} ({', '.join(guess.examples)})"
            lines.append(" ".join("".join(c if c.isprintable() else " " for c in comment).split()))
        return "\n".join(lines) + "\n" + self.mapping.to_yaml()


class _Column:
    """A column of the sample and what its values look like."""

    def __init__(self, name: str, cells: list[Any]) -> None:
        self.name = name
        self.made_up_name = bool(re.fullmatch(r"column_\d+", name))
        stripped = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        self.filled = [cell for cell in blanked(stripped, _NULLS) if cell is not None]
        self.texts = [read_text(cell) for cell in self.filled]
        self.distinct = set(self.texts)
        self.missing = len(cells) - len(self.filled)
        self.examples = tuple(text[:40] for text in list(dict.fromkeys(self.texts))[:_EXAMPLES])
        self.decimal: Literal[".", ","] = "."
        self.is_number = bool(self.filled) and all(map(_is_number, self.filled))
        if not self.is_number and self.filled and all(map(_DECIMAL_COMMA.fullmatch, self.texts)):
            self.is_number, self.decimal = True, ","
        self._format: tuple[str, str | None] | None = None
        self._format_known = False

    @property
    def time_format(self) -> tuple[str, str | None] | None:
        """The format that reads the values as times, a few words among them left out, with its rival."""
        if not self._format_known:
            self._format_known = True
            values = self.filled[:500]
            self._format = guess_time_format(values)
            dated = [value for value in values if not isinstance(value, str) or _DIGIT.search(value)]
            if self._format is None and MOSTLY * len(values) <= len(dated) < len(values):
                self._format = guess_time_format(dated)
        return self._format

    @property
    def is_category(self) -> bool:
        """Few different words, none of them a number: what event names look like."""
        few = len(self.distinct) <= min(_EVENT_NAMES_LIMIT, max(2, len(self.filled) // 3))
        return few and bool(self.filled) and not any(_is_number(text) for text in self.distinct)

    @property
    def is_excel_serial(self) -> bool:
        """Numbers that Excel would show as dates of the last decades."""
        return (
            self.is_number
            and self.decimal == "."
            and all(30_000 <= float(value) <= 60_000 for value in self.filled)
        )

    @property
    def is_integer_text(self) -> bool:
        """Whole numbers that were written as ``17850.0``."""
        return bool(self.texts) and all(re.fullmatch(r"\d+\.0", str(cell)) for cell in self.filled)


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool | dt.date | dt.time | list):
        return False
    try:
        read_number(cell)
    except (ValueError, TypeError):
        return False
    return True


class _Guesser:
    def __init__(self, sample: Sample, timezone: str, options: ReadOptions) -> None:
        self.sample = sample
        self.timezone = timezone
        self.options = options
        self.columns = {name: _Column(name, sample.columns[name]) for name in sample.names}
        self.used: dict[str, ColumnGuess] = {}
        self.warnings: list[tuple[str, str]] = []
        self.made_up = all(column.made_up_name for column in self.columns.values())

    def note(
        self, column: _Column, role: str, why_en: str, why_zh: str, name: str = "", kind: str = "text"
    ) -> None:
        self.used[column.name] = ColumnGuess(column.name, role, name, kind, why_en, why_zh, column.examples)

    def _free(self) -> list[_Column]:
        return [column for name, column in self.columns.items() if name not in self.used and column.filled]

    def _named(self, known: tuple[str, ...]) -> list[_Column]:
        ranked = [(naming.rank(c.name, known), c) for c in self._free()]
        return [c for _, c in sorted(((r, c) for r, c in ranked if r is not None), key=lambda pair: pair[0])]

    def time(self) -> TimeRule | None:
        """The time column by name, else the first column whose values are all times."""
        for column in self._named(naming.TIME_NAMES):
            form = column.time_format
            if form is None and column.is_excel_serial:
                form = ("excel_serial", None)
            if form is not None:
                return self._time_rule(column, form, "is named like a time", "列名表示时间")
        for column in self._free():
            named = re.search(r"(?i)time|date|时间|日期|_at$", column.name)
            form = column.time_format
            if form is not None and (named or form[0] != "yyyymmdd" or len(column.distinct) > 1):
                return self._time_rule(column, form, "its values are times", "取值是时间")
        return None

    def _time_rule(self, column: _Column, form: tuple[str, str | None], en: str, zh: str) -> TimeRule:
        chosen, rival = form
        self.note(column, "time", f"{en}; format {chosen}", f"{zh}；格式为 {chosen}")
        names = [column.name]
        if rival is not None and {"%m", "%d"} <= set(re.findall(r"%\w", rival)) and rival[:2] != chosen[:2]:
            self.warnings.append(
                (
                    f"{column.name} fits {chosen} as well as {rival}: check which it is.",
                    f"{column.name} 同时符合 {chosen} 和 {rival}，请确认是哪一种。",
                )
            )
        whole_days = chosen in ("yyyymmdd", "%Y/%m/%d") or all(len(text) == 10 for text in column.texts)
        clock = (
            next((c for c in self._named(naming.CLOCK_NAMES) if _is_clock(c)), None) if whole_days else None
        )
        if clock is not None:
            self.note(clock, "time", "is the time of day that belongs to the date", "与日期列配套的时刻")
            names.append(clock.name)
            if chosen not in ("iso", "auto"):
                seconds = all(text.count(":") == 2 for text in clock.texts)
                base = "%Y%m%d" if chosen == "yyyymmdd" else chosen
                chosen = f"{base} %H:%M:%S" if seconds else f"{base} %H:%M"
        return TimeRule(columns=tuple(names), format=chosen, timezone=self.timezone)

    def event(self, *, has_amount: bool) -> EventRule:
        """The event column by name and shape; in a table without names the column of a few words."""
        candidates = [c for c in self._named(naming.EVENT_NAMES) if c.is_category]
        if not candidates and self.made_up:
            candidates = [c for c in self._free() if c.is_category and max(map(len, c.distinct)) <= 40]
            candidates.sort(key=lambda c: len(c.distinct))
        if candidates:
            column = candidates[0]
            few = len(column.distinct)
            self.note(column, "event", f"holds one of {few} event names", f"取值为 {few} 种事件名称")
            renamed = {k: v for k, v in _KNOWN_EVENTS.items() if k in column.distinct}
            return EventRule(column=column.name, values=renamed)
        return EventRule(
            constant=naming.PURCHASE_EVENT if has_amount else naming.event_from_file(self.sample.file_name)
        )

    def person(self) -> PersonRule:
        """The person column by name; in a table without names the first with many values that recur."""
        anonymous = next(iter(self._named(naming.ANONYMOUS_NAMES)), None)
        candidates = [c for c in self._named(naming.PERSON_NAMES) if c is not anonymous]
        if not candidates and anonymous is not None:
            candidates, anonymous = [anonymous], None
        if not candidates and self.made_up:
            candidates = [c for c in self._free() if len(c.distinct) > 1 and not c.is_category][:1]
        if not candidates:
            self.warnings.append(
                (
                    "No column names a person: every row becomes a person of its own. Name the column under "
                    "distinct_id if there is one.",
                    "没有找到用户标识列：每一行将成为一个独立的用户。若存在该列，请填写到 distinct_id。",
                )
            )
            return PersonRule(missing="derived")
        column = candidates[0]
        self.note(column, "distinct_id", "is named like a person's id", "列名表示用户标识")
        if self.made_up:
            self.note(column, "distinct_id", "is the first column with many values", "第一个取值较多的列")
        if anonymous is not None:
            self.note(
                anonymous, "distinct_id", "stands in where the person is not known", "用户未知时的替代标识"
            )
        rule: dict[str, Any] = {"columns": (column.name,), "integer": column.is_integer_text}
        rule["anonymous"] = anonymous.name if anonymous else None
        return PersonRule(**(rule | self._missing(column)))

    def _missing(self, column: _Column) -> dict[str, Any]:
        """Rows without a person belong to their order where there is one."""
        orders = [c for c in self._free() if naming.standard_name(c.name) == "$order_id"]
        if not orders:
            return {}
        if column.missing:
            self.warnings.append(
                (
                    f"{column.missing} of {self.sample.rows} sampled rows have no {column.name}: they become "
                    f"one anonymous person per {orders[0].name}. Set missing: skip or quarantine to leave "
                    "them out.",
                    f"抽样的 {self.sample.rows} 行中有 {column.missing} 行没有 {column.name}："
                    f"将按 {orders[0].name} 各记为一个匿名用户；"
                    "如需排除，请将 missing 设为 skip 或 quarantine。",
                )
            )
        return {"missing": "derived", "derive_from": (orders[0].name,)}

    def message(self) -> MessageRule:
        """A column whose name says that it identifies the row, and whose values do not repeat."""
        for column in self._named(naming.MESSAGE_NAMES):
            if not column.missing and len(column.distinct) == len(column.filled) > 1:
                self.note(
                    column,
                    "message_id",
                    "differs in every row and is named like an id",
                    "每行都不同，且列名表示 ID",
                )
                return MessageRule(columns=(column.name,))
        return MessageRule()

    def revenue(self) -> str | None:
        """An amount column, else quantity times price."""
        numeric = [c for c in self._free() if c.is_number]
        by_rank = [(r, c) for c in numeric if (r := naming.rank(c.name, naming.AMOUNT_NAMES)) is not None]
        if by_rank:
            return _reference(min(by_rank, key=lambda pair: pair[0])[1].name)
        price = next((c for c in numeric if naming.rank(c.name, naming.PRICE_NAMES) is not None), None)
        quantity = next((c for c in numeric if naming.rank(c.name, naming.QUANTITY_NAMES) is not None), None)
        if price and quantity:
            return f"{_reference(quantity.name)} * {_reference(price.name)}"
        return None

    def _kept_as_is(self, column: _Column, kind: ValueType) -> bool:
        """Whether ``other_columns: keep`` would give the same: most of what JSON holds."""
        if self.sample.layout.kind not in ("jsonl", "json"):
            return False
        return kind != "text" or all(isinstance(cell, str | list) for cell in column.filled)

    def properties(self, role: str) -> tuple[PropertyRule, ...]:
        """The columns that are left, with the type that all their values have."""
        rules: list[PropertyRule] = []
        taken: set[str] = set()
        for column in self.columns.values():
            if column.name in self.used:
                continue
            if not column.filled:
                self.note(column, "skip", "is empty in the sample", "抽样中为空")
                continue
            standard = naming.standard_name(column.name) if role == "property" else None
            name = standard if standard and standard not in taken else column.name
            taken.add(name)
            kind, why_en, why_zh = _type_of(column, name)
            self.note(column, role, why_en, why_zh, name, kind)
            form = column.time_format[0] if kind == "time" and column.time_format else "auto"
            if name == column.name and self._kept_as_is(column, kind):
                continue
            decimal = column.decimal if kind == "number" else "."
            rule = PropertyRule(name=name, column=column.name, type=kind, format=form, decimal=decimal)
            rules.append(rule)
        return tuple(rules)


def _is_clock(column: _Column) -> bool:
    return all(re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text) for text in column.texts)


def _reference(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d]\w*", name) else "{" + name + "}"


def _type_of(column: _Column, name: str) -> tuple[ValueType, str, str]:
    """The type of a property, from the standard vocabulary or from all the values in the sample."""
    standard = STANDARD.get(name)
    if standard == "number" and column.is_number:
        return "number", "is a standard property", "标准属性"
    if standard is not None and standard != "flag":
        return "text", "is a standard property", "标准属性"
    if all(isinstance(cell, bool) for cell in column.filled):
        return "boolean", "holds true and false", "取值为真或假"
    if all(isinstance(cell, list) for cell in column.filled):
        return "list", "holds lists", "取值为列表"
    leading_zero = any(re.match(r"0\d", text) for text in column.texts)
    coded = column.made_up_name and len(column.distinct) > 50 and all(text.isdigit() for text in column.texts)
    if column.is_number and not leading_zero and not coded and not naming.looks_like_identifier(column.name):
        if column.time_format and re.search(r"(?i)time|date|时间|日期|_at$", column.name):
            return "time", "its values are times", "取值是时间"
        return "number", "all its values are numbers", "所有取值都是数字"
    words = {text.lower() for text in column.distinct}
    if len(words) == 2 and not column.is_number and _all_boolean(words):
        return "boolean", "holds two words for true and false", "取值为表示真假的两个词"
    if not column.is_number and column.time_format:
        return "time", "its values are times", "取值是时间"
    return "text", "holds text or codes", "取值为文本或编码"


def _all_boolean(words: set[str]) -> bool:
    try:
        return len({read_boolean(word) for word in words}) == 2
    except ValueError:
        return False


def guess(sample: Sample, *, timezone: str = "UTC", options: ReadOptions | None = None) -> Guess:
    """A mapping for a file like the sample.

    Args:
        timezone: the zone of times that carry none; normally the project's.

    A table with neither an event nor a time column is taken for a list of people.
    """
    options = options or ReadOptions()
    work = _Guesser(sample, timezone, options)
    revenue = work.revenue()
    time = work.time()
    if time is None:
        person = work.person()
        work.warnings.append(
            (
                "No column holds times: the rows are taken for properties of people, not for events.",
                "没有找到时间列：这些行将作为用户属性导入，而不是事件。",
            )
        )
        if not person.columns:
            work.warnings.append(
                (
                    "With neither people nor times this looks like reference data (products, shops): "
                    "probably not something to import.",
                    "既没有用户也没有时间，可能是商品、门店等参考数据，通常无需导入。",
                )
            )
        mapping = Mapping(read=options, distinct_id=person, person=work.properties("person"))
    else:
        event = work.event(has_amount=revenue is not None)
        mapping = Mapping(
            read=options,
            event=event,
            distinct_id=work.person(),
            time=time,
            message_id=work.message(),
            properties=work.properties("property"),
            revenue=revenue,
            other_columns="keep" if sample.layout.kind in ("jsonl", "json") else "skip",
        )
    columns = tuple(work.used[name] for name in sample.names)
    return Guess(mapping, columns, tuple(work.warnings))


def guess_file(path: Path, *, timezone: str = "UTC", options: ReadOptions | None = None) -> Guess:
    """:func:`guess` from the first 2,000 rows of a file. Raises the reader's errors."""
    with FileReader(path, options) as reader:
        return guess(reader.sample(_SAMPLE_ROWS), timezone=timezone, options=options)
