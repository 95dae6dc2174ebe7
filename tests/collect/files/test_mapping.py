"""The mapping as a value: YAML, faults, arithmetic, and what each rule makes of a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.files import Mapping, import_file
from bihuan.collect.files.errors import ColumnMissing, MappingInvalid
from bihuan.collect.files.expressions import Expression
from bihuan.collect.incoming import IdentityLink
from tests.collect.files.recording import RecordingSink

FULL = """
read: {encoding: gbk, delimiter: ;}
event:
  column: 行为
  values: {pv: $pageview}
distinct_id: {columns: [用户ID], anonymous: device, missing: constant, constant: nobody}
time: {columns: [日期, 时间], format: "%Y/%m/%d %H:%M", timezone: Asia/Shanghai}
message_id: {columns: [id], namespace: shop}
properties:
- {name: $price, column: price, type: number, decimal: ","}
- {name: tags, column: tags, type: list, separator: "|", invalid: empty}
- {name: shop, constant: 7}
person:
- {name: city, column: 城市}
revenue: "{price} * 2"
skip_rows:
- {column: test, operator: equals, values: [yes]}
other_columns: keep
"""


def imported(tmp_path: Path, text: str, mapping: str | dict[str, Any], name: str = "a.csv") -> RecordingSink:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    sink = RecordingSink()
    import_file(
        path,
        Mapping.from_yaml(mapping) if isinstance(mapping, str) else Mapping.model_validate(mapping),
        sink,
    )
    return sink


def test_yaml_round_trip_keeps_everything() -> None:
    text = FULL.replace("[yes]", '["yes"]')
    mapping = Mapping.from_yaml(text)
    assert Mapping.from_yaml(mapping.to_yaml()) == mapping
    assert Mapping.from_yaml(mapping.to_yaml()).digest() == mapping.digest()
    assert mapping.columns() == (
        "行为",
        "用户ID",
        "device",
        "日期",
        "时间",
        "id",
        "price",
        "tags",
        "城市",
        "test",
    )
    assert mapping.read.encoding == "gbk"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("distinct_id: [", None),
        ("event: {column: a, constant: b}\ndistinct_id: {columns: [u]}\ntime: {columns: [t]}", "event"),
        ("event: {column: a}\ndistinct_id: {columns: [u]}", None),
        ("distinct_id: {columns: [u]}", None),
        ("distinct_id: {columns: [u], colour: red}", "distinct_id.colour"),
        ("distinct_id: {missing: constant}\nother_columns: keep", "distinct_id"),
        ("distinct_id: {}\nother_columns: keep\ntime: {columns: [t], format: sometimes}", "time"),
        ("distinct_id: {}\nother_columns: keep\nrevenue: a *", None),
        (
            "distinct_id: {}\nother_columns: keep\n"
            "skip_rows: [{column: a, operator: matches, values: ['(']}]",
            "skip_rows.0",
        ),
        ("distinct_id: {}\nperson: [{name: a, column: x}, {name: a, column: y}]", None),
    ],
)  # fmt: skip
def test_faults_name_their_place(text: str, part: str | None) -> None:
    with pytest.raises(MappingInvalid) as caught:
        Mapping.from_yaml(text)
    assert part is None or caught.value.path == part


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a * b", 15.3), ("a*b - 1", 14.3), ("(a + 1) / 2", 3.5), ("-a", -6.0), ("{a} * {unit price}", 18.0),
        ("a - 1 - 2", 3.0), ("a / 0", None), ("a + none", None), ("2 * (3 + 4) * .5", 7.0),
    ],
)  # fmt: skip
def test_revenue_arithmetic(text: str, value: float | None) -> None:
    columns = {"a": [6.0], "b": [2.55], "unit price": [3.0], "none": [None]}
    assert Expression(text).evaluate(columns, 1) == [value]


@given(st.text(alphabet="ab1.+-*/(){}_ [],'\"=:", max_size=12))
def test_anything_else_is_refused_and_nothing_is_run(text: str) -> None:
    try:
        expression = Expression(text)
    except MappingInvalid:
        return
    result = expression.evaluate({name: [1.0] for name in expression.columns}, 1)
    assert len(result) == 1


@pytest.mark.parametrize(
    "text", ["", "a b", "__import__('os')", "a ** b", "a[0]", "a; b", "(a", "a + ", "f(a)"]
)
def test_programs_are_not_arithmetic(text: str) -> None:
    with pytest.raises(MappingInvalid):
        Expression(text)


def test_a_row_becomes_an_event_a_profile_change_and_a_link(tmp_path: Path) -> None:
    sink = imported(
        tmp_path,
        "id;行为;用户ID;device;日期;时间;price;tags;城市;test;more\n"
        "m1;pv;张三;d1;2025/12/1;20:00;1.234,50;a| b ;北京;no;x\n"
        "m2;buy;;d2;2025/12/1;20:01;;;;no;\n"
        "m3;buy;;;2025/12/1;20:02;3;;;no;\n"
        "m4;buy;李四;;2025/12/1;20:03;3;;;yes;\n",
        FULL.replace("[yes]", '["yes"]').replace("encoding: gbk, ", ""),
    )
    first, second, third = sink.events
    assert (first.event, first.distinct_id, first.message_id) == ("$pageview", "张三", "shop:m1")
    assert first.time_ms == 1_764_590_400_000
    assert first.properties == {
        "$price": 1234.5, "tags": ["a", "b"], "shop": 7.0, "$revenue": 2469.0, "more": "x",
    }  # fmt: skip
    assert first.position == "line 2"
    assert (second.distinct_id, second.properties) == ("d2", {"shop": 7.0})
    assert (third.distinct_id, third.properties["$revenue"]) == ("nobody", 6.0)
    (change,) = sink.changes
    assert (change.operation, change.distinct_id, change.values) == ("set", "张三", {"city": "北京"})
    assert (change.time_ms, change.message_id) == (1_764_590_400_000, "shop:m1/set")
    (link,) = [item for item in sink.items.values() if isinstance(item, IdentityLink)]
    assert (link.anonymous_id, link.known_id) == ("d1", "张三")
    assert sink.rejected == []


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1,234.5", 1234.5), ("number", "¥12", 12.0), ("number", "12.5%", 0.125),
        ("number", "-3e2", -300.0),
        ("number", "1_000", None), ("number", "NAN", None), ("number", "inf", None), ("number", "abc", None),
        ("number", "1,23", None),
        ("boolean", "Yes", True), ("boolean", "否", False), ("boolean", "2", None),
        ("time", "2025-12-01 20:00:00", "2025-12-01T12:00:00.000Z"), ("time", "x", None),
        ("list", "a,b ,,c", ["a", "b", "c"]), ("list", "[1, 2]", [1.0, 2.0]),
        ("list", '[1, "x"]', ["1", "x"]),
        ("list", "[1,", None),
        ("json", '{"a": [1]}', {"a": [1]}), ("json", "{", None),
        ("text", " 007 ", " 007 "),
    ],
)  # fmt: skip
def test_property_types(tmp_path: Path, kind: str, cell: str, value: Any) -> None:
    rule = {"name": "p", "column": "p", "type": kind}
    mapping: dict[str, Any] = {
        "read": {"delimiter": ";", "quote": ""},
        "event": {"constant": "e"},
        "distinct_id": {"columns": ["u"]},
        "time": {"columns": ["t"], "timezone": "Asia/Shanghai"},
    }
    text = f"u;t;p\n1;2025-12-01;\n2;2025-12-01;{cell}\n3;2025-12-01;NULL\n"
    sink = imported(tmp_path, text, mapping | {"properties": [rule]})
    if value is None:
        reason = {"number": "number_invalid", "boolean": "boolean_invalid", "time": "time_invalid"}.get(
            kind, f"{kind}_invalid"
        )
        (rejected,) = sink.rejected
        assert (rejected.reason, rejected.path) == (reason, "line 3, column p")
        assert rejected.raw == {"u": "2", "t": "2025-12-01", "p": cell}
        assert cell in rejected.detail_en
        assert cell in rejected.detail_zh
        kept = imported(tmp_path, text, mapping | {"properties": [rule | {"invalid": "text"}]})
        assert [event.properties for event in kept.events] == [{}, {"p": cell}, {}]
        emptied = imported(tmp_path, text, mapping | {"properties": [rule | {"invalid": "empty"}]})
        assert [event.properties for event in emptied.events] == [{}, {}, {}]
    else:
        assert [event.properties for event in sink.events] == [{}, {"p": value}, {}]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ({"operator": "equals", "values": ["a"]}, ["2", "3", "4"]),
        ({"operator": "not_in", "values": ["a", "12"]}, ["1", "3"]),
        ({"operator": "empty"}, ["1", "2", "3"]),
        ({"operator": "not_empty"}, ["4"]),
        ({"operator": "contains", "values": ["b"]}, ["1", "3", "4"]),
        ({"operator": "matches", "values": ["^[ab]"]}, ["3", "4"]),
        ({"operator": "less", "values": ["12.5"]}, ["1", "2", "4"]),
        ({"operator": "greater", "values": ["11"]}, ["1", "2", "4"]),
    ],
)  # fmt: skip
def test_rows_are_skipped_where_a_filter_fits(tmp_path: Path, rule: dict[str, Any], kept: list[str]) -> None:
    mapping = {
        "event": {"constant": "e"},
        "distinct_id": {"columns": ["u"]},
        "time": {"columns": ["t"]},
        "skip_rows": [{"column": "c", **rule}],
    }
    sink = imported(
        tmp_path, "u,t,c\n1,2025-01-01,a\n2,2025-01-01,bb\n3,2025-01-01,12\n4,2025-01-01,\n", mapping
    )
    assert [event.distinct_id for event in sink.events] == kept


@pytest.mark.parametrize(
    ("rule", "people", "reasons"),
    [
        ({"missing": "quarantine"}, ["1"], ["distinct_id_missing"] * 2),
        ({"missing": "skip"}, ["1"], []),
        ({"missing": "constant", "constant": "x"}, ["1", "x", "x"], []),
        ({"missing": "derived", "derive_from": ["o"]}, ["1", "anonymous-7", "anonymous-7"], []),
        ({"missing": "constant", "constant": "x", "prefix": "c-"}, ["c-1", "x", "x"], []),
    ],
)
def test_rows_without_a_person(
    tmp_path: Path, rule: dict[str, Any], people: list[str], reasons: list[str]
) -> None:
    mapping = {
        "event": {"template": "{k}:{o}"},
        "distinct_id": {"columns": ["u"], "integer": True, **rule},
        "time": {"columns": ["t"]},
    }
    sink = imported(tmp_path, "u,t,o,k\n1.0,2025-01-01,7,a\n,2025-01-01,7,b\nNULL,2025-01-02,7,\n", mapping)
    assert [event.distinct_id for event in sink.events] == people
    assert [item.reason for item in sink.rejected] == reasons
    assert [event.event for event in sink.events] == ["a:7", "b:7", ":7"][: len(people)]


def test_derived_people_are_one_a_row_and_the_same_each_time(tmp_path: Path) -> None:
    mapping = {"event": {"constant": "e"}, "distinct_id": {"missing": "derived"}, "time": {"columns": ["t"]}}
    text = "t,x\n2025-01-01,1\n2025-01-01,1\n2025-01-01,2\n"
    people = [event.distinct_id for event in imported(tmp_path, text, mapping).events]
    assert len(set(people)) == 3
    assert [event.distinct_id for event in imported(tmp_path, text, mapping).events] == people


def test_missing_values_of_the_row_itself(tmp_path: Path) -> None:
    mapping = {
        "event": {"column": "e"},
        "distinct_id": {"columns": ["u"]},
        "time": {"columns": ["t"]},
        "message_id": {"columns": ["m"]},
    }
    text = "u,t,e,m\n1,2025-01-01,,1\n1,,x,2\n1,soon,x,3\n1,2025-01-01,x,\n1,2025-01-01,x,5\n"
    sink = imported(tmp_path, text, mapping)
    assert [(item.reason, item.path) for item in sink.rejected] == [
        ("time_missing", "line 3, column t"),
        ("time_invalid", "line 4, column t"),
        ("message_id_missing", "line 5, column m"),
        ("event_missing", "line 2, column e"),
    ]
    assert [event.message_id for event in sink.events] == ["5"]


def test_a_people_file_sets_properties_and_needs_no_time(tmp_path: Path) -> None:
    mapping = {
        "distinct_id": {"columns": ["u"]},
        "person": [{"name": "age", "column": "age", "type": "number"}, {"name": "src", "constant": "crm"}],
    }
    sink = imported(tmp_path, "u,age\n1,20\n2,\n1,21\n", mapping)
    assert [(c.distinct_id, c.values, c.time_ms) for c in sink.changes] == [
        ("1", {"age": 20.0, "src": "crm"}, None),
        ("2", {"src": "crm"}, None),
        ("1", {"age": 21.0, "src": "crm"}, None),
    ]
    assert sink.events == []


def test_equal_profile_changes_of_a_batch_are_said_once_at_their_latest_time(tmp_path: Path) -> None:
    mapping = {
        "event": {"constant": "e"},
        "distinct_id": {"columns": ["u"]},
        "time": {"columns": ["t"]},
        "person": [{"name": "city", "column": "c"}],
    }
    text = "u,t,c\n1,2025-01-03,A\n1,2025-01-02,B\n1,2025-01-01,A\n2,2025-01-01,A\n"
    sink = imported(tmp_path, text, mapping)
    assert [(c.distinct_id, c.values["city"], c.position) for c in sink.changes] == [
        ("1", "A", "line 2"), ("1", "B", "line 3"), ("2", "A", "line 5"),
    ]  # fmt: skip


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    mapping = {"event": {"constant": "e"}, "distinct_id": {"columns": ["user"]}, "time": {"columns": ["t"]}}
    with pytest.raises(ColumnMissing) as caught:
        imported(tmp_path, "u,t\n1,2025-01-01\n", mapping)
    assert caught.value.message("zh") == "a.csv 中没有列 user。"
