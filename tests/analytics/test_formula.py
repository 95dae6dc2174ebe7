"""Formulae over series."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.analytics.trend.formula import FormulaSyntax, parse

VALUES = {"A": 6.0, "B": 4.0, "C": 0.0, "D": None}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A", 6.0),
        ("A + B * 2", 14.0),
        ("(A + B) * 2", 20.0),
        ("A - B - 1", 1.0),
        ("A / B / 2", 0.75),
        ("-A + 10", 4.0),
        ("--A", 6.0),
        ("2 * -B", -8.0),
        ("A / C", None),
        ("C / A", 0.0),
        ("A + D", None),
        ("1.5", 1.5),
        (".5*A", 3.0),
        ("A/(B-4)", None),
        ("99999999999999999999999999999999999999 * A", 6e38),
    ],
)
def test_a_formula_has_the_value_of_arithmetic(text: str, value: float | None) -> None:
    assert parse(text).value(VALUES) == pytest.approx(value)


def test_a_formula_names_its_series() -> None:
    assert parse("A / (B + 2) - A").letters() == {"A", "B"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "ends too early"),
        ("A +", "ends too early"),
        ("(A", "not closed"),
        ("A)", "')' is not expected"),
        ("A B", "'B' is not expected"),
        ("* A", "'*' is not expected"),
        ("a", "'a' cannot stand"),
        ("A ** B", "'*' is not expected"),
        ("__import__('os')", "'_' cannot stand"),
        ("A" + " + A" * 60, "at most 200"),
    ],
)
def test_what_is_not_a_formula_is_refused(text: str, fault: str) -> None:
    with pytest.raises(
        FormulaSyntax, match=fault.replace("(", r"\(").replace(")", r"\)").replace("*", r"\*")
    ):
        parse(text)


@given(
    st.recursive(
        st.one_of(st.integers(0, 9).map(str), st.sampled_from("AB")),
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
            lambda part: f"({part[0]}{part[1]}{part[2]})"
        ),
        max_leaves=8,
    )
)
def test_formulas_agree_with_python(text: str) -> None:
    expected = float(eval(text, {"__builtins__": {}}, {"A": 6.0, "B": 4.0}))
    assert parse(text).value({"A": 6.0, "B": 4.0}) == pytest.approx(expected)
