"""The compiled plan against a checker that reads the definition rule by rule."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.catalog import PlanChecker, PlanDocument, PlanEvent, PlanProperty, Violation
from bihuan.catalog.checking import SENTENCES


def plan(*properties: PlanProperty, mode: str = "enforce", **settings: Any) -> PlanDocument:
    return PlanDocument(mode=mode, events=[PlanEvent(name="pay", properties=list(properties))], **settings)  # type: ignore[arg-type]


def faults(document: PlanDocument, properties: dict[str, Any], event: str = "pay") -> list[tuple[str, str]]:
    return [(each.reason, each.path) for each in PlanChecker(document).check(event, properties)]


CASES: list[tuple[dict[str, Any], Any, str | None]] = [
    ({"type": "number"}, 1, None),
    ({"type": "number"}, True, "property_type"),
    ({"type": "number"}, "1", "property_type"),
    ({"type": "text"}, "x", None),
    ({"type": "text"}, 1, "property_type"),
    ({"type": "flag"}, False, None),
    ({"type": "flag"}, 0, "property_type"),
    ({"type": "text_list"}, ["a"], None),
    ({"type": "text_list"}, ["a", 1], "property_type"),
    ({"type": "number_list"}, [1, 2.5], None),
    ({"type": "number_list"}, 1, "property_type"),
    ({"choices": ["a", "b"]}, "b", None),
    ({"choices": ["a", "b"]}, "c", "property_choice"),
    ({"choices": ["a", "b"]}, ["a", "c"], "property_choice"),
    ({"choices": [1, 2]}, 2.0, None),
    ({"choices": [1]}, True, "property_choice"),
    ({"pattern": "[A-Z]{2}"}, "CN", None),
    ({"pattern": "[A-Z]{2}"}, "CNY", "property_pattern"),
    ({"pattern": ".*"}, "x" * 2000, "property_pattern"),
    ({"minimum": 0}, 0, None),
    ({"minimum": 0}, -0.01, "property_minimum"),
    ({"maximum": 10}, [1, 11], "property_maximum"),
    ({"status": "blocked"}, "anything", "property_blocked"),
    ({"status": "draft", "type": "number"}, "anything", None),
    ({"status": "deprecated", "type": "number"}, "anything", "property_type"),
]


@pytest.mark.parametrize(("rule", "value", "expected"), CASES)
def test_rules(rule: dict[str, Any], value: Any, expected: str | None) -> None:
    document = plan(PlanProperty(name="p", **rule))
    assert faults(document, {"p": value}) == ([] if expected is None else [(expected, "properties.p")])


def test_required_properties_may_not_be_absent_or_null() -> None:
    document = plan(PlanProperty(name="amount", required=True, type="number"))
    missing = [("property_missing", "properties.amount")]
    assert faults(document, {}) == missing
    assert faults(document, {"amount": None}) == missing
    assert faults(document, {"amount": 3}) == []


def test_nested_properties_are_known_by_their_dotted_name() -> None:
    document = plan(
        PlanProperty(name="cart.total", type="number", required=True), unknown_properties="refuse"
    )
    assert faults(document, {"cart": {"total": 3}}) == []
    assert faults(document, {"cart": {"total": "3"}}) == [("property_type", "properties.cart.total")]
    assert faults(document, {"cart": {"total": 3, "x": {"y": 1}}}) == [
        ("property_unknown", "properties.cart.x.y")
    ]


def test_what_is_outside_the_plan_is_refused_only_where_asked_and_standard_names_never() -> None:
    assert faults(plan(), {"extra": 1}) == []
    strict = plan(unknown_events="refuse", unknown_properties="refuse")
    assert faults(strict, {"extra": 1, "$url": "x"}) == [("property_unknown", "properties.extra")]
    assert faults(strict, {}, "browse") == [("event_unknown", "event")]
    assert faults(strict, {}, "$pageview") == []


def test_modes_decide_what_is_refused_and_noted() -> None:
    noted: list[Violation] = []
    rule = PlanProperty(name="amount", type="number", required=True)
    bad = {"amount": "x", "kept": 1}
    assert PlanChecker(plan(rule, mode="observe"), noted=noted.extend).refuse("pay", bad) is None
    assert noted == []
    assert PlanChecker(plan(rule, mode="warn"), noted=noted.extend).refuse("pay", bad) is None
    assert noted == [Violation("property_type", "pay", "properties.amount", "number", "x")]
    refused = PlanChecker(plan(rule), noted=noted.extend).refuse("pay", bad)
    assert refused is not None
    assert (refused.reason, refused.path) == ("property_type", "properties.amount")
    assert refused.detail_en == "'properties.amount' must be number."
    assert refused.detail_zh == "“properties.amount”的类型必须是 number。"
    assert len(noted) == 2


@pytest.mark.parametrize("mode", ["observe", "warn", "enforce"])
def test_a_blocked_event_is_refused_in_every_mode(mode: Any) -> None:
    checker = PlanChecker(PlanDocument(mode=mode, events=[PlanEvent(name="spam", status="blocked")]))
    refused = checker.refuse("spam", {})
    assert refused is not None
    assert (refused.reason, refused.path) == ("event_blocked", "event")
    assert checker.refuse("ham", {}) is None


def test_plans_that_contradict_themselves_are_refused() -> None:
    for broken in (
        {"pattern": "("},
        {"minimum": 2, "maximum": 1},
        {"type": "date"},
        {"minimum": float("nan")},
    ):
        with pytest.raises(ValidationError):
            PlanProperty(name="p", **broken)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        PlanEvent(name="e", properties=[PlanProperty(name="p"), PlanProperty(name="p")])
    with pytest.raises(ValidationError):
        PlanDocument(events=[PlanEvent(name="e"), PlanEvent(name="e")])


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    for reason, sentences in SENTENCES.items():
        assert set(sentences) == {"en", "zh"}, reason
        assert Violation(reason, "e", "p", "r").sentence("en")


def expected_fault(rule: PlanProperty, properties: dict[str, Any]) -> str | None:
    """From the definition: the first rule that the value breaks."""
    value = properties.get("p")
    if value is None:
        return "property_missing" if rule.required and rule.status in ("active", "deprecated") else None
    if rule.status == "draft":
        return None
    if rule.status == "blocked":
        return "property_blocked"
    values = value if isinstance(value, list) else [value]
    numbers = [each for each in values if type(each) in (int, float)]
    kinds = {bool: "flag", str: "text", int: "number", float: "number"}
    if rule.type is not None:
        if isinstance(value, list):
            fits = rule.type.endswith("_list") and all(
                kinds[type(e)] == rule.type[: -len("_list")] for e in value
            )
        else:
            fits = kinds[type(value)] == rule.type
        if not fits:
            return "property_type"
    if rule.choices is not None and not all(
        any(each == choice and isinstance(each, bool) == isinstance(choice, bool) for choice in rule.choices)
        for each in values
    ):
        return "property_choice"
    if rule.pattern is not None and not all(
        isinstance(e, str) and re.fullmatch(rule.pattern, e) for e in values
    ):
        return "property_pattern"
    if rule.minimum is not None and any(each < rule.minimum for each in numbers):
        return "property_minimum"
    if rule.maximum is not None and any(each > rule.maximum for each in numbers):
        return "property_maximum"
    return None


SCALARS = st.one_of(
    st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 1.0]), st.sampled_from(["a", "b", ""])
)
RULES = st.builds(
    PlanProperty,
    name=st.just("p"),
    status=st.sampled_from(["active", "deprecated", "draft", "blocked"]),
    type=st.none() | st.sampled_from(["text", "number", "flag", "text_list", "number_list"]),
    required=st.booleans(),
    choices=st.none() | st.lists(SCALARS, max_size=3),
    pattern=st.none() | st.sampled_from(["a|b", ".*"]),
    minimum=st.none() | st.sampled_from([-1.0, 0.0]),
    maximum=st.none() | st.sampled_from([0.0, 2.0]),
)


@settings(deadline=None, max_examples=500)
@given(RULES, st.none() | SCALARS | st.lists(SCALARS, max_size=3))
def test_it_agrees_with_the_definition(rule: PlanProperty, value: Any) -> None:
    properties = {} if value is None else {"p": value}
    fault = expected_fault(rule, properties)
    assert faults(plan(rule), properties) == ([] if fault is None else [(fault, "properties.p")])
