"""Plans as files: written and read back unchanged, and refused with the place of the fault."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.catalog import PlanDocument, PlanEvent, PlanProperty, from_xlsx, from_yaml, to_xlsx, to_yaml
from bihuan.catalog.errors import PlanDocumentInvalid
from bihuan.catalog.schemas import Description

EXAMPLE = PlanDocument(
    mode="enforce",
    unknown_events="refuse",
    events=[
        PlanEvent(
            name="支付成功",
            owner="交易组",
            description=Description(en="=Paid", zh="用户完成支付"),
            properties=[
                PlanProperty(name="amount", type="number", required=True, minimum=0, maximum=1e6),
                PlanProperty(name="channel", type="text", choices=["wechat", "alipay"], status="deprecated"),
                PlanProperty(name="odd", choices=["two\nlines", "[x", ""]),
                PlanProperty(name="code", type="text", pattern=r"[A-Z]{2}\d+"),
                PlanProperty(name="level", type="number", choices=[1.0, 2.5]),
                PlanProperty(name="none", choices=[]),
            ],
        ),
        PlanEvent(name="404", status="blocked"),
    ],
)


def test_yaml_says_what_differs_from_the_defaults_and_reads_back() -> None:
    text = to_yaml(EXAMPLE)
    assert from_yaml(text) == EXAMPLE
    content = yaml.safe_load(text)
    assert content["events"][1] == {"name": "404", "status": "blocked"}
    assert content["events"][0]["properties"][0] == {
        "name": "amount",
        "type": "number",
        "required": True,
        "minimum": 0.0,
        "maximum": 1000000.0,
    }
    assert "支付成功" in text


def test_xlsx_reads_back_and_is_what_people_expect_to_see() -> None:
    content = to_xlsx(EXAMPLE)
    assert from_xlsx(content) == EXAMPLE
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["plan", "events", "properties"]
    rows = list(book["properties"].values)
    assert rows[2][:6] == ("支付成功", "channel", "text", None, "deprecated", "wechat\nalipay")
    assert book["events"]["D2"].value == "=Paid"
    assert book["events"]["D2"].data_type in ("s", "inlineStr")


def edited(change: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(EXAMPLE)))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_edited_in_a_spreadsheet_program_is_read() -> None:
    def change(book: Any) -> None:
        book["events"].append([405, None, "me"])
        book["properties"].append([405, "ok", "flag", "是"])
        book["plan"]["B2"] = "warn"

    plan = from_xlsx(edited(change))
    added = PlanEvent(
        name="405", owner="me", properties=[PlanProperty(name="ok", type="flag", required=True)]
    )
    assert plan.events[-1] == added
    assert plan.mode == "warn"


def test_faults_are_told_with_their_place() -> None:
    with pytest.raises(PlanDocumentInvalid) as caught:
        from_yaml("events: [{name: a, properties: [{name: p, type: date}]}]")
    assert caught.value.path == "events[0].properties[0].type"
    with pytest.raises(PlanDocumentInvalid) as caught:
        from_xlsx(edited(lambda book: book["properties"].append(["nowhere", "p"])))
    assert caught.value.path == "properties row 8"
    with pytest.raises(PlanDocumentInvalid) as caught:
        from_xlsx(edited(lambda book: book["events"].append(["404"])))
    assert caught.value.path == "events"
    with pytest.raises(PlanDocumentInvalid):
        from_xlsx(edited(lambda book: book.remove(book["properties"])))
    for text in ("a: [", "- 1", "'x", "events: 3", "!!python/object:os.system {}", "unknown: 1"):
        with pytest.raises(PlanDocumentInvalid):
            from_yaml(text)
    for content in (b"", b"PK\x03\x04 broken", b"a,b\n1,2"):
        with pytest.raises(PlanDocumentInvalid):
            from_xlsx(content)


def test_an_empty_file_is_an_empty_plan() -> None:
    assert from_yaml("") == PlanDocument()


NAMES = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=8)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters="\n "), max_size=20)
PROPERTIES = st.builds(
    PlanProperty,
    name=NAMES,
    status=st.sampled_from(["active", "draft", "blocked"]),
    type=st.none()
    | st.sampled_from(["text", "number", "flag_", "text_list"]).filter(lambda kind: kind != "flag_"),
    required=st.booleans(),
    choices=st.none() | st.lists(WORDS | st.booleans() | st.floats(-1e9, 1e9), max_size=3),
    pattern=st.none() | st.sampled_from(["a+", "^$", "1"]),
    minimum=st.none() | st.floats(-1e9, 0),
    maximum=st.none() | st.floats(0, 1e9),
    owner=NAMES | st.just(""),
    description=st.builds(Description, en=WORDS, zh=WORDS),
)
EVENTS = st.builds(
    PlanEvent,
    name=NAMES,
    status=st.sampled_from(["active", "draft", "deprecated"]),
    description=st.builds(Description, en=WORDS, zh=WORDS),
    properties=st.lists(PROPERTIES, max_size=3, unique_by=lambda each: each.name),
)
PLANS = st.builds(
    PlanDocument,
    mode=st.sampled_from(["observe", "warn", "enforce"]),
    events=st.lists(EVENTS, max_size=3, unique_by=lambda each: each.name),
)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(PLANS)
def test_any_plan_is_read_back_unchanged_from_both_forms(plan: PlanDocument) -> None:
    assert from_yaml(to_yaml(plan)) == plan
    assert from_xlsx(to_xlsx(plan)) == plan
