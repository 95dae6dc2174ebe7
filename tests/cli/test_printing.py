from __future__ import annotations

import pytest

from bihuan.cli.errors import InputUnreadable
from bihuan.cli.questions import read_query
from bihuan.cli.wording import cell, sparkline
from bihuan.kernel.tables import rows_of, table_of


def test_sparklines_start_at_zero_and_show_gaps() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([7, None, 7]) == "█·█"
    assert sparkline([-7, 0, 7]) == "▁▅█"
    assert sparkline([None, None]) == "··"
    assert sparkline([0, 0]) == "▁▁"
    assert len(sparkline(list(range(1000)), width=40)) == 40
    assert sparkline([100, 101, 107], from_least=True) == "▁▂█"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234567, "1,234,567"), (0.12345, "0.1235"), (1234.5, "1,234.50"), (3.0, "3"), (None, "–"), (True, "✓")],
)
def test_numbers_are_readable(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_fields_are_set_by_path() -> None:
    query = read_query(
        "trend", ["series.0.selector.events.0=a", "series.0.selector.events.1=b", "interval=week"]
    )
    assert query == {"kind": "trend", "series": [{"selector": {"events": ["a", "b"]}}], "interval": "week"}
    dated = read_query("trend", None, "2026-01-01", "2026-01-02")
    assert dated["period"] == {"kind": "dates", "from_date": "2026-01-01", "to_date": "2026-01-02"}


@pytest.mark.parametrize("change", ["interval", "=x", "series.1.label=x", "kind.deeper=x"])
def test_changes_that_lead_nowhere_are_refused(change: str) -> None:
    with pytest.raises(InputUnreadable):
        read_query("trend", [change])


def test_an_answer_is_flattened_by_one_rule() -> None:
    result = {
        "kind": "any",
        "buckets": ["Mon", "Tue"],
        "lines": [
            {"name": "a", "breakdown": [{"value": "x", "other": False}], "values": [1, 2], "total": 3},
            {"name": "b", "breakdown": [{"value": None, "other": True}], "values": [0, None], "total": 0},
        ],
    }
    rows = rows_of(result)
    assert rows[0] == {"name": "a", "breakdown_1": "x", "total": 3, "bucket": "Mon", "values": 1}
    assert [(row["breakdown_1"], row["bucket"], row["values"]) for row in rows] == [
        ("x", "Mon", 1),
        ("x", "Tue", 2),
        ("(other)", "Mon", 0),
        ("(other)", "Tue", None),
    ]
    nested = rows_of(
        {"groups": [{"name": "g", "steps": [{"name": "s", "people": 5}, {"name": "t", "people": 2}]}]}
    )
    assert nested == [
        {"name": "g", "steps.name": "s", "people": 5},
        {"name": "g", "steps.name": "t", "people": 2},
    ]
    assert table_of(nested).schema.names == ["name", "steps.name", "people"]
    assert table_of([]).num_rows == 0
