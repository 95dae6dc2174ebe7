"""A plan as a YAML file and as an XLSX workbook; both read back unchanged."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import msgspec
import python_calamine
import xlsxwriter
import yaml
from pydantic import ValidationError

from bihuan.catalog.errors import PlanDocumentInvalid
from bihuan.catalog.schemas import PlanDocument, PlanEvent, PlanProperty

SETTINGS = ("mode", "unknown_events", "unknown_properties")
EVENT_COLUMNS = ("name", "status", "owner", "description_en", "description_zh")
PROPERTY_COLUMNS = (
    "event", "name", "type", "required", "status", "choices", "pattern", "minimum", "maximum", "owner",
    "description_en", "description_zh",
)  # fmt: skip
LONGEST_CELL = 32_767
LARGEST_DOCUMENT_BYTES = 20 * 1024 * 1024


def to_yaml(plan: PlanDocument) -> str:
    """The plan as YAML; what has its default value is left out."""
    content = plan.model_dump(exclude_defaults=True)
    settings = {name: getattr(plan, name) for name in SETTINGS}
    return yaml.safe_dump({**settings, **content}, allow_unicode=True, sort_keys=False, width=100)


def from_yaml(text: str | bytes) -> PlanDocument:
    """The plan in a YAML text.

    Raises:
        PlanDocumentInvalid: it is not YAML, or breaks a rule.
    """
    if len(text) > LARGEST_DOCUMENT_BYTES:
        raise PlanDocumentInvalid(reason="it is larger than 20 MB")
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PlanDocumentInvalid(reason=" ".join(str(error).split())[:300]) from error
    return _validated({} if content is None else content)


def to_xlsx(plan: PlanDocument) -> bytes:
    """The plan as a workbook with the sheets ``plan``, ``events`` and ``properties``."""
    buffer = io.BytesIO()
    # Text stays text: a description that begins with "=" must not become a formula.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        bold = workbook.add_format({"bold": True})
        _write_sheet(
            workbook, bold, "plan", ("setting", "value"), ([name, getattr(plan, name)] for name in SETTINGS)
        )
        _write_sheet(workbook, bold, "events", EVENT_COLUMNS, (_event_cells(event) for event in plan.events))
        cells = (_property_cells(event, rule) for event in plan.events for rule in event.properties)
        _write_sheet(workbook, bold, "properties", PROPERTY_COLUMNS, cells)
    return buffer.getvalue()


def from_xlsx(content: bytes) -> PlanDocument:
    """The plan in a workbook.

    Raises:
        PlanDocumentInvalid: it is not such a workbook, or breaks a rule.
    """
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise PlanDocumentInvalid(reason="it is larger than 20 MB")
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise PlanDocumentInvalid(reason="it is not an XLSX workbook") from error
    missing = [name for name in ("events", "properties") if name not in sheets]
    if missing:
        raise PlanDocumentInvalid(reason=f"the sheet {missing[0]!r} is missing")
    document: dict[str, Any] = {}
    for row in _records(sheets.get("plan", [])):
        if row.get("setting") in SETTINGS and row.get("value"):
            document[row["setting"]] = row["value"]
    events: dict[str, dict[str, Any]] = {}
    for row in _records(sheets["events"]):
        event = _with_description(row, EVENT_COLUMNS)
        if event.get("name") in events:
            raise PlanDocumentInvalid(path="events", reason=f"event {event['name']!r} is given twice")
        events[str(event.get("name", ""))] = {**event, "properties": []}
    for number, row in enumerate(_records(sheets["properties"]), 2):
        rule = _with_description(row, PROPERTY_COLUMNS)
        owner = events.get(str(rule.pop("event", "")))
        if owner is None:
            raise PlanDocumentInvalid(
                path=f"properties row {number}", reason="its event is not in the sheet 'events'"
            )
        owner["properties"].append(_with_choices(rule))
    return _validated({**document, "events": list(events.values())})


def _validated(content: Any) -> PlanDocument:
    try:
        return PlanDocument.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(
            "."
        )
        raise PlanDocumentInvalid(path=path or None, reason=first["msg"]) from error


def _write_sheet(
    workbook: xlsxwriter.Workbook, bold: Any, name: str, columns: Iterable[str], rows: Iterable[list[Any]]
) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.write_row(0, 0, columns, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            # The writer drops what the format cannot hold, without a word.
            if isinstance(value, str) and len(value) > LONGEST_CELL:
                raise PlanDocumentInvalid(path=f"{name} row {number + 1}", reason="a cell would be too long")
            if value is not None and value != "":
                sheet.write(number, column, value)


def _event_cells(event: PlanEvent) -> list[Any]:
    return [event.name, event.status, event.owner, event.description.en, event.description.zh]


def _property_cells(event: PlanEvent, rule: PlanProperty) -> list[Any]:
    return [
        event.name, rule.name, rule.type, "yes" if rule.required else None, rule.status, _choices_text(rule),
        rule.pattern, _number_cell(rule.minimum), _number_cell(rule.maximum), rule.owner,
        rule.description.en, rule.description.zh,
    ]  # fmt: skip


def _number_cell(number: float | None) -> float | str | None:
    # The format keeps 16 digits; a number that needs 17 goes in as text.
    return number if number is None or float(f"{number:.16G}") == number else repr(number)


def _choices_text(rule: PlanProperty) -> str | None:
    """One choice a line, where that says it all; else JSON."""
    if rule.choices is None:
        return None
    plain = bool(rule.choices) and all(
        isinstance(each, str) and each.strip() == each and each and len(each.splitlines()) == 1
        for each in rule.choices
    )
    if plain and not str(rule.choices[0]).startswith("["):
        return "\n".join(str(each) for each in rule.choices)
    return msgspec.json.encode(rule.choices).decode()


def _records(rows: list[list[Any]]) -> Iterable[dict[str, Any]]:
    if not rows:
        return
    names = [str(cell).strip().lower() for cell in rows[0]]
    for row in rows[1:]:
        record = {name: cell for name, cell in zip(names, row, strict=False) if cell != "" and name}
        if record:
            yield record


def _with_description(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    texts = (
        "event",
        "name",
        "owner",
        "status",
        "type",
        "pattern",
        "description_en",
        "description_zh",
        "choices",
    )
    values = {name: _text(row[name]) if name in texts else row[name] for name in columns if name in row}
    description = {code: values.pop(f"description_{code}", "") for code in ("en", "zh")}
    return {**values, "description": description}


def _text(cell: Any) -> str:
    # Spreadsheet programs turn a name such as 404 into a number.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _with_choices(rule: dict[str, Any]) -> dict[str, Any]:
    rule["required"] = str(rule.get("required", "")).strip().lower() in ("yes", "true", "1", "1.0", "是", "y")
    choices = rule.get("choices")
    if choices is not None:
        try:
            rule["choices"] = (
                msgspec.json.decode(choices) if choices.startswith("[") else choices.splitlines()
            )
        except msgspec.DecodeError as error:
            raise PlanDocumentInvalid(
                path=f"properties.{rule.get('name')}.choices", reason=str(error)
            ) from error
    return rule
