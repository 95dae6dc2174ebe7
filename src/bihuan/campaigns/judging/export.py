"""A report as a table."""

from __future__ import annotations

import io

import pyarrow as pa

from bihuan.campaigns.judging.schemas import Interval, Report
from bihuan.kernel.tables import TableOptions, write_table

_SCHEMA = pa.schema(
    [
        ("section", pa.string()),
        ("item", pa.string()),
        ("figure", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("text", pa.string()),
    ]
)
Row = tuple[str, str, str, float | None, float | None, float | None, str]


def csv_of(report: Report) -> bytes:
    """Every figure of a report, one a row, with the ends of its interval."""
    rows = [*_arms(report), *_effects(report), *_result(report), *_words(report)]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(_SCHEMA.names)}
    target = io.BytesIO()
    batch = pa.RecordBatch.from_pydict(columns, schema=_SCHEMA)
    write_table([batch], _SCHEMA, target, "csv", TableOptions(byte_order_mark=True, formula_safe=True))
    return target.getvalue()


def _row(section: str, item: str, figure: str, value: float | Interval | None, text: str = "") -> Row:
    if isinstance(value, Interval):
        return (section, item, figure, value.value, value.low, value.high, text)
    return (section, item, figure, value, None, None, text)


def _arms(report: Report) -> list[Row]:
    found = []
    for arm in report.arms:
        for figure in ("people", "reached", "converted", "rate", "value", "value_per_person"):
            found.append(_row("arm", arm.name, figure, getattr(arm, figure)))
        found += [_row("arm", arm.name, step, people) for step, people in arm.steps.items()]
    return found


def _effects(report: Report) -> list[Row]:
    found = []
    for effect in report.effects:
        name = f"{effect.arm} {effect.measure}"
        found.append(_row("effect", name, "difference", effect.difference, effect.verdict))
        found.append(_row("effect", name, "relative", effect.relative))
        found.append(_row("effect", name, "p_value", effect.p_value))
    found += [
        _row("check", each.code, "p_value", each.p_value, "failed" if each.failed else "passed")
        for each in report.checks
    ]
    return found


def _result(report: Report) -> list[Row]:
    found = [
        _row("gained", "", "conversions", report.conversions),
        _row("gained", "", "value", report.value),
        _row("costs", report.costs.currency, "planned", report.costs.planned),
        _row("costs", report.costs.currency, "actual", report.costs.actual),
        _row("costs", report.costs.currency, "offer", report.costs.offer),
        _row("costs", report.costs.currency, "messages", report.costs.messages),
        _row("costs", report.costs.currency, "total", report.costs.total),
        _row("costs", report.costs.currency, "per_conversion", report.costs.per_conversion),
        _row("costs", "", "roi", report.costs.roi),
    ]
    for name in ("reach", "effect", "conversion_value"):
        factor = getattr(report, name)
        found += [_row("planned", "", name, factor.planned), _row("actual", "", name, factor.actual)]
    if report.split is not None:
        found.append(_row("split", "", "difference", report.split.difference, report.split.main or ""))
        found += [_row("split", each.cause, each.factor, each.amount) for each in report.split.parts]
    return found


def _words(report: Report) -> list[Row]:
    said = [("can be said", each) for each in report.can_say]
    said += [("cannot be said", each) for each in report.cannot_say]
    return [_row(section, "", "", None, f"{each.zh} {each.en}") for section, each in said]
