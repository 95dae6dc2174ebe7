"""Applying a mapping to chunks of rows: events, profile changes, identity links, and what is set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from bihuan.collect.files.chunks import Chunk, DirtyRow
from bihuan.collect.files.errors import ColumnMissing
from bihuan.collect.files.expressions import Expression
from bihuan.collect.files.filters import filter_test
from bihuan.collect.files.mapping import Mapping, PropertyRule, template_columns
from bihuan.collect.files.person_items import PersonRows, Texts
from bihuan.collect.files.row_ids import RowIds
from bihuan.collect.files.times import TimeParser
from bihuan.collect.files.values import FAULTS, ColumnConverter, blanked, is_blank, native, read_text
from bihuan.collect.incoming import IncomingEvent, Item, Rejected
from bihuan.kernel.hashing import key64

_INTEGER = re.compile(r"(-?\d+)\.0+")
_CELL_CHARACTERS = 80


class Mapped(msgspec.Struct):
    """What became of one chunk. ``skipped`` counts rows that a filter or ``missing: skip`` left out."""

    items: list[Item]
    rejected: list[Rejected]
    skipped: int


class _Faults:
    """The first fault of each row of a chunk."""

    def __init__(self, chunk: Chunk, place: str) -> None:
        self._chunk = chunk
        self._place = place
        self.by_row: dict[int, Rejected] = {}

    def add(self, row: int, column: str | None, reason: str, detail_en: str, detail_zh: str) -> None:
        if row in self.by_row:
            return
        path = f"{self._place}line {self._chunk.lines[row]}" + (f", column {column}" if column else "")
        self.by_row[row] = Rejected(
            reason=reason, path=path, raw=self._chunk.raw(row), detail_en=detail_en, detail_zh=detail_zh
        )

    def add_invalid(self, row: int, column: str, kind: str, form: str = "") -> None:
        reason, detail_en, detail_zh = FAULTS[kind]
        cell = read_text(self._chunk.column(column)[row])[:_CELL_CHARACTERS]
        values = {"cell": f"“{cell}”", "format": form}
        self.add(row, column, reason, detail_en.format(**values), detail_zh.format(**values))


def _texts(cells: Sequence[Any]) -> Texts:
    """Cells as stripped text, None where nothing is left."""
    stripped = [
        cell.strip() if cell.__class__ is str else None if cell is None else read_text(cell) for cell in cells
    ]
    return [cell or None for cell in stripped]


class RowMapper:
    """Turns the chunks of one file, in file order, into items for the pipeline."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        zone = mapping.time.timezone if mapping.time else "UTC"
        self._nulls = frozenset(mapping.null_values)
        self._properties = [self._converter(rule, zone) for rule in mapping.properties if rule.column]
        self._person = [self._converter(rule, zone) for rule in mapping.person if rule.column]
        self._constants = {rule.name: rule.constant for rule in mapping.properties if not rule.column}
        self._person_constants = {rule.name: rule.constant for rule in mapping.person if not rule.column}
        self._revenue = Expression(mapping.revenue) if mapping.revenue else None
        self._amounts = self._amount_converters(zone)
        self._filters = [(rule.column, filter_test(rule)) for rule in mapping.skip_rows]
        self._parse_time = TimeParser(mapping.time.format, zone) if mapping.time else None
        self._mentioned = frozenset((*mapping.columns(), *mapping.skip_columns))
        rule = mapping.event.model_dump_json() if mapping.event else "person"
        self._row_ids = RowIds(f"{mapping.message_id.namespace}\x1f{rule}") if self.derives_ids else None

    @property
    def derives_ids(self) -> bool:
        """Whether ids come from the rows' content, so that every row must be seen in file order."""
        person = self.mapping.distinct_id
        return not self.mapping.message_id.columns or (person.missing == "derived" and not person.derive_from)

    def _converter(self, rule: PropertyRule, zone: str) -> ColumnConverter:
        return ColumnConverter(rule, zone, self._nulls)

    def _amount_converters(self, zone: str) -> dict[str, ColumnConverter]:
        declared = {rule.column: rule for rule in self.mapping.properties if rule.type == "number"}
        plain = {
            column: declared.get(column) or PropertyRule(name=column, column=column, type="number")
            for column in (self._revenue.columns if self._revenue else ())
        }
        return {column: self._converter(rule, zone) for column, rule in plain.items()}

    def check_columns(self, names: tuple[str, ...], part: str) -> None:
        """Raises ``ColumnMissing`` when a table does not have a column that the mapping reads."""
        for column in self.mapping.columns():
            if column not in names:
                raise ColumnMissing(path="mapping", name=part, column=column, columns=", ".join(names))

    def pass_over(self, chunk: Chunk) -> None:
        """Take note of rows that an earlier, interrupted import has already written."""
        if self._row_ids is not None:
            self._row_ids.ids(chunk)

    def map(self, chunk: Chunk, place: str = "") -> Mapped:
        """The items and rejected rows of a chunk, in the order of its rows.

        ``place`` stands before ``line N`` in paths when a file has several parts (``orders.csv ``).
        """
        size = len(chunk)
        faults = _Faults(chunk, place)
        ids = self._row_ids.ids(chunk) if self._row_ids is not None else []
        skipped = self._skipped(chunk)
        people, anonymous = self._people(chunk, faults, ids, skipped)
        times = self._times(chunk, faults)
        messages = self._messages(chunk, faults, ids)
        names = self._event_names(chunk, faults)
        events = self._event_properties(chunk, faults) if names else None
        sets = self._person_values(chunk, faults)
        keep = [row for row in range(size) if row not in skipped and row not in faults.by_row]
        lines = chunk.lines
        items: list[Item] = []
        if names and events is not None:
            items.extend(
                IncomingEvent(
                    event=names[row] or "",
                    distinct_id=people[row] or "",
                    time_ms=times[row],
                    message_id=messages[row],
                    properties=events[row],
                    position=f"{place}line {lines[row]}",
                )
                for row in keep
            )
        rows = PersonRows(keep, people, times, messages, lines, place)
        items.extend(rows.links(anonymous))
        if sets is not None:
            items.extend(rows.profile_changes(sets, set_once_per_value=self.mapping.event is not None))
        rejected = [fault for row, fault in faults.by_row.items() if row not in skipped]
        rejected.extend(_from_dirty(row, place) for row in chunk.dirty)
        return Mapped(items, rejected, len(skipped))

    def _skipped(self, chunk: Chunk) -> set[int]:
        skipped: set[int] = set()
        for column, fits in self._filters:
            cells = _texts(blanked(chunk.column(column), self._nulls))
            skipped.update(row for row, cell in enumerate(cells) if fits(cell))
        return skipped

    def _column_texts(self, chunk: Chunk, column: str) -> Texts:
        return _texts(blanked(chunk.column(column), self._nulls))

    def _template(self, chunk: Chunk, template: str) -> Texts:
        """The filled template for each row; None where every column in it is empty."""
        names = template_columns(template)
        columns = [self._column_texts(chunk, name) for name in names]
        form = re.sub(r"\{([^{}]+)\}", "{}", template)
        rows = zip(*columns, strict=True) if columns else iter([()] * len(chunk))
        return [
            form.format(*("" if cell is None else cell for cell in row)) if not row or any(row) else None
            for row in rows
        ]

    def _event_names(self, chunk: Chunk, faults: _Faults) -> Texts | None:
        rule = self.mapping.event
        if rule is None:
            return None
        if rule.constant is not None:
            return [rule.constant] * len(chunk)
        column = rule.column
        cells = self._column_texts(chunk, column) if column else self._template(chunk, rule.template or "")
        if None in cells:
            for row, cell in enumerate(cells):
                if cell is None:
                    faults.add(row, column, "event_missing", "The row names no event.", "该行没有事件名称。")
        return [rule.values.get(cell, cell) if cell else cell for cell in cells] if rule.values else cells

    def _people(
        self, chunk: Chunk, faults: _Faults, ids: list[str], skipped: set[int]
    ) -> tuple[Texts, Texts | None]:
        rule = self.mapping.distinct_id
        people: Texts = [None] * len(chunk)
        if rule.template is not None:
            people = self._template(chunk, rule.template)
        for column in rule.columns:
            cells = self._column_texts(chunk, column)
            people = [known or cell for known, cell in zip(people, cells, strict=True)]
        if rule.integer:
            people = [_INTEGER.sub(r"\1", cell) if cell and cell.endswith("0") else cell for cell in people]
        if rule.prefix:
            people = [rule.prefix + cell if cell else cell for cell in people]
        anonymous = self._column_texts(chunk, rule.anonymous) if rule.anonymous else None
        pairs: Texts | None = None
        if anonymous is not None:
            pairs = [a if known and a != known else None for known, a in zip(people, anonymous, strict=True)]
            people = [known or cell for known, cell in zip(people, anonymous, strict=True)]
        if None in people:
            self._fill_missing(chunk, faults, ids, skipped, people)
        return people, pairs

    def _fill_missing(
        self, chunk: Chunk, faults: _Faults, ids: list[str], skipped: set[int], people: Texts
    ) -> None:
        rule = self.mapping.distinct_id
        sources = [self._column_texts(chunk, column) for column in rule.derive_from]
        for row, person in enumerate(people):
            if person is not None or row in skipped:
                continue
            if rule.missing == "skip":
                skipped.add(row)
            elif rule.missing == "constant":
                people[row] = rule.constant
            elif rule.missing == "derived" and any(source[row] for source in sources):
                people[row] = "anonymous-" + ":".join(source[row] or "" for source in sources)
            elif rule.missing == "derived" and ids:
                people[row] = f"anonymous-{key64(ids[row]):016x}"
            else:
                column = rule.columns[0] if rule.columns else None
                faults.add(
                    row, column, "distinct_id_missing", "The row names no person.", "该行没有用户标识。"
                )

    def _times(self, chunk: Chunk, faults: _Faults) -> list[int | None]:
        rule, parse = self.mapping.time, self._parse_time
        if rule is None or parse is None:
            return [None] * len(chunk)
        if rule.constant is not None:
            constant = TimeParser("auto", rule.timezone)(rule.constant)
            return [constant] * len(chunk)
        columns = [blanked(chunk.column(column), self._nulls) for column in rule.columns]
        cells = columns[0] if len(columns) == 1 else [_joined(parts) for parts in zip(*columns, strict=True)]
        times: list[int | None] = []
        for row, cell in enumerate(cells):
            time_ms = None
            if cell is not None:
                try:
                    time_ms = parse(cell)
                except (ValueError, OverflowError, TypeError):
                    faults.add_invalid(row, rule.columns[0], "time", rule.format)
            elif rule.missing == "quarantine":
                faults.add(row, rule.columns[0], "time_missing", "The row has no time.", "该行没有时间。")
            times.append(time_ms)
        return times

    def _messages(self, chunk: Chunk, faults: _Faults, ids: list[str]) -> Texts:
        rule = self.mapping.message_id
        if not rule.columns:
            return list(ids)
        columns = [self._column_texts(chunk, column) for column in rule.columns]
        start = f"{rule.namespace}:" if rule.namespace else ""
        messages: Texts = []
        for row, parts in enumerate(zip(*columns, strict=True)):
            if all(part is None for part in parts):
                faults.add(
                    row, rule.columns[0], "message_id_missing", "The row has no id.", "该行没有消息 ID。"
                )
            messages.append(start + ":".join(part or "" for part in parts))
        return messages

    def _values(
        self, chunk: Chunk, faults: _Faults, converters: list[ColumnConverter], constants: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One dictionary of filled properties a row."""
        names: list[str] = []
        columns: list[list[Any]] = []
        for converter in converters:
            rule = converter.rule
            assert rule.column is not None
            converted = converter.convert(chunk.column(rule.column))
            for row in converted.invalid:
                faults.add_invalid(row, rule.column, rule.type, rule.format)
            names.append(rule.name)
            columns.append(converted.values)
        rows = zip(*columns, strict=True) if columns else iter([()] * len(chunk))
        filled: list[dict[str, Any]]
        if any(None in column for column in columns):
            filled = [
                {name: value for name, value in zip(names, row, strict=True) if value is not None}
                for row in rows
            ]
        else:
            filled = [dict(zip(names, row, strict=True)) for row in rows]
        if constants:
            for values in filled:
                values.update(constants)
        return filled

    def _person_values(self, chunk: Chunk, faults: _Faults) -> list[dict[str, Any]] | None:
        keeps_others = self.mapping.event is None and self.mapping.other_columns == "keep"
        if not self.mapping.person and not keeps_others:
            return None
        rows = self._values(chunk, faults, self._person, self._person_constants)
        if keeps_others:
            self._add_others(chunk, rows)
        return rows

    def _event_properties(self, chunk: Chunk, faults: _Faults) -> list[dict[str, Any]]:
        rows = self._values(chunk, faults, self._properties, self._constants)
        if self._revenue is not None:
            amounts = {}
            for column, converter in self._amounts.items():
                converted = converter.convert(chunk.column(column))
                for row in converted.invalid:
                    faults.add_invalid(row, column, "number")
                amounts[column] = converted.values
            for values, revenue in zip(rows, self._revenue.evaluate(amounts, len(chunk)), strict=True):
                if revenue is not None:
                    values["$revenue"] = revenue
        if self.mapping.other_columns == "keep":
            self._add_others(chunk, rows)
        return rows

    def _add_others(self, chunk: Chunk, rows: list[dict[str, Any]]) -> None:
        for index, values in enumerate(rows):
            for name, cell in chunk.others(index, self._mentioned):
                if not is_blank(cell, self._nulls):
                    values.setdefault(name, native(cell))


def _joined(parts: tuple[Any, ...]) -> Any:
    """Date and time cells as one: an Excel date loses its midnight before a time is put behind it."""
    if any(part is None for part in parts):
        return next((part for part in parts if part is not None), None) if parts[0] is not None else None
    first, *rest = (read_text(part).strip() for part in parts)
    return " ".join((first.removesuffix("T00:00:00"), *rest))


def _from_dirty(row: DirtyRow, place: str) -> Rejected:
    return Rejected(
        reason=row.reason,
        path=f"{place}line {row.line}",
        raw=row.raw,
        detail_en=row.detail_en,
        detail_zh=row.detail_zh,
    )
