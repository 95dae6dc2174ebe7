"""What the columns of a file mean, as a value that people read and edit as YAML."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

import xxhash
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bihuan.collect.files.errors import MappingInvalid
from bihuan.collect.files.expressions import Expression
from bihuan.collect.files.options import ReadOptions
from bihuan.collect.files.times import NAMED_FORMATS, TimeParser, zone_of

ValueType = Literal["text", "number", "boolean", "time", "list", "json"]
Operator = Literal[
    "equals", "not_equals", "in", "not_in", "empty", "not_empty", "contains", "matches", "less", "greater"
]
_REFERENCE = re.compile(r"\{([^{}]+)\}")


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def template_columns(template: str) -> tuple[str, ...]:
    """The columns that a template such as ``{type}:{payload.action}`` names."""
    return tuple(_REFERENCE.findall(template))


class EventRule(_Rule):
    """The event's name: from a ``column``, a ``constant``, or a ``template`` of columns.

    ``values`` renames what the column or template gives (``{"pv": "$pageview"}``); the rest stays.
    """

    column: str | None = None
    constant: str | None = None
    template: str | None = None
    values: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.column, self.constant, self.template)) != 1:
            raise ValueError("exactly one of column, constant and template must be given")
        return self


class PersonRule(_Rule):
    """Who did it: the first of ``columns`` that is filled, or a ``template``.

    ``integer`` reads ``17850.0`` as ``17850``. ``anonymous`` is a column with a device or cookie id: it
    stands in where the person is missing, and is linked to the person where both are there. Rows with
    neither follow ``missing``: to the ``quarantine``, ``skip`` them, the ``constant`` person, or a person
    ``derived`` from ``derive_from`` columns (equal values, same person) or else from the row's content.
    """

    columns: tuple[str, ...] = ()
    template: str | None = None
    integer: bool = False
    prefix: str = ""
    anonymous: str | None = None
    missing: Literal["quarantine", "skip", "constant", "derived"] = "quarantine"
    constant: str | None = None
    derive_from: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.columns and self.template is not None:
            raise ValueError("columns and template exclude each other")
        if (self.missing == "constant") != (self.constant is not None):
            raise ValueError("missing: constant and a value for constant belong together")
        return self


class TimeRule(_Rule):
    """When: one column, or several that are joined by a blank (date, time).

    ``format`` is ``auto``, ``iso``, ``unix_s``, ``unix_ms``, ``unix_us``, ``yyyymmdd``, ``excel_serial`` or
    a strptime format; ``timezone`` (IANA name or ``+08:00``) is for times that carry none. ``constant`` is
    an ISO time for all rows. ``missing``: to the ``quarantine``, or ``received`` (the time of the import).
    """

    columns: tuple[str, ...] = ()
    constant: str | None = None
    format: str = "auto"
    timezone: str = "UTC"
    missing: Literal["quarantine", "received"] = "quarantine"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.columns) == (self.constant is not None):
            raise ValueError("exactly one of columns and constant must be given")
        if self.format not in NAMED_FORMATS and "%" not in self.format:
            raise ValueError(f"format must be strptime's or one of {', '.join(NAMED_FORMATS)}")
        if self.constant is not None:
            TimeParser("auto", self.timezone)(self.constant)
        return self


class MessageRule(_Rule):
    """What makes a row the same event when it comes again.

    With ``columns``, their values joined by ``:``, after ``namespace``. Without, the id is derived from the
    content of the whole row and the number of equal rows before it: importing a file twice adds nothing,
    and neither do the rows that two overlapping exports share.
    """

    columns: tuple[str, ...] = ()
    namespace: str = ""


class PropertyRule(_Rule):
    """A property ``name`` from a ``column`` or a ``constant``.

    ``type``: number (thousands separators, currency signs and ``%`` are understood; ``decimal`` is ``,``
    in many European files), boolean (true/false, yes/no, 1/0, 是/否), time (becomes ISO 8601 in UTC),
    list (split at ``separator``, or a JSON array), json, text. ``invalid``: what to do with a cell that is
    not of the type: ``reject`` the row, leave it ``empty``, or keep its ``text``.
    """

    name: str = Field(min_length=1)
    column: str | None = None
    constant: str | float | bool | None = None
    type: ValueType = "text"
    separator: str = ","
    decimal: Literal[".", ","] = "."
    format: str = "auto"
    invalid: Literal["reject", "empty", "text"] = "reject"

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("exactly one of column and constant must be given")
        return self


class FilterRule(_Rule):
    """Rows to skip: those whose ``column`` fits. Values compare as text; less and greater as numbers."""

    column: str
    operator: Operator
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _enough_values(self) -> Self:
        needed = {"empty": 0, "not_empty": 0, "in": None, "not_in": None}.get(self.operator, 1)
        if needed is not None and len(self.values) != needed:
            raise ValueError(f"{self.operator} takes {needed} value(s)")
        if self.operator == "matches":
            try:
                re.compile(self.values[0])
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        if self.operator in ("less", "greater"):
            float(self.values[0])
        return self


class Mapping(_Rule):
    """How rows become events and profile changes.

    Without ``event`` the file describes people: every row only sets ``person`` properties, and ``time`` may
    be left out. ``revenue`` is arithmetic over columns (``Quantity * UnitPrice``) and becomes ``$revenue``.
    ``other_columns: keep`` takes the columns that no rule mentions as properties under their own names.
    ``null_values`` are read as "no value" wherever they stand alone in a cell.
    """

    read: ReadOptions = ReadOptions()
    event: EventRule | None = None
    distinct_id: PersonRule
    time: TimeRule | None = None
    message_id: MessageRule = MessageRule()
    properties: tuple[PropertyRule, ...] = ()
    person: tuple[PropertyRule, ...] = ()
    revenue: str | None = None
    skip_rows: tuple[FilterRule, ...] = ()
    skip_columns: tuple[str, ...] = ()
    other_columns: Literal["skip", "keep"] = "skip"
    null_values: tuple[str, ...] = ("NULL", "null", "\\N", "NaN", "nan", "#N/A")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.event is not None and self.time is None:
            raise ValueError("events need a time rule")
        if self.event is None and not self.person and self.other_columns == "skip":
            raise ValueError("a mapping without event must set person properties")
        for rules in (self.properties, self.person):
            names = [rule.name for rule in rules]
            if len(set(names)) < len(names):
                raise ValueError("two properties have the same name")
        if self.time is not None:
            zone_of(self.time.timezone)
        if self.revenue is not None:
            Expression(self.revenue)
        return self

    def columns(self) -> tuple[str, ...]:
        """Every column that a rule reads, in order of mention."""
        event, person, time = self.event, self.distinct_id, self.time
        named: list[str | None] = []
        if event is not None:
            named += [event.column, *template_columns(event.template or "")]
        named += [*person.columns, *template_columns(person.template or ""), person.anonymous]
        named += [*person.derive_from, *(time.columns if time else ()), *self.message_id.columns]
        named += [rule.column for rule in (*self.properties, *self.person)]
        named += Expression(self.revenue).columns if self.revenue else ()
        named += [rule.column for rule in self.skip_rows]
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def digest(self) -> str:
        """A fingerprint of the mapping: equal exactly when nothing in it differs."""
        return xxhash.xxh3_128_hexdigest(self.model_dump_json().encode())

    def to_yaml(self) -> str:
        """YAML that :meth:`from_yaml` reads back to an equal mapping; defaults are left out."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        text: str = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)
        return text

    @classmethod
    def from_yaml(cls, text: str) -> Mapping:
        """A mapping from its YAML. Raises ``MappingInvalid`` with the path of the fault."""
        try:
            plain: Any = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise MappingInvalid(
                reason_en=f"this is not YAML: {error}.", reason_zh=f"不是有效的 YAML：{error}。"
            ) from error
        try:
            return cls.model_validate(plain)
        except ValidationError as error:
            first = error.errors()[0]
            path = ".".join(map(str, first["loc"])) or None
            raise MappingInvalid(
                path=path,
                reason_en=f"{path or 'mapping'}: {first['msg']}.",
                reason_zh=f"{path or '映射'}：{first['msg']}。",
            ) from error
