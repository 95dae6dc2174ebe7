"""Every kind of analysis keeps the conventions: oracle, golden SQL, property test, documented query."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.analytics.registry import AnalysisKind, kinds

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "src/bihuan/analytics/reference"
TESTS = ROOT / "tests/analytics"
# Kinds whose package or oracle has a shorter name.
ORACLES = {"funnel_correlation": "correlation"}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_an_oracle_that_a_property_test_uses(kind: str) -> None:
    name = ORACLES.get(kind, kind)
    oracle = REFERENCE / f"{name}.py"
    modules = {name, "spread"} if not oracle.exists() else {name}
    used = [
        path.name
        for path in TESTS.glob("test_*.py")
        if "@given" in (text := path.read_text()) and any(f"reference.{module}" in text for module in modules)
    ]
    assert used, f"no property test compares {kind} with an oracle in {REFERENCE.name}/"


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_golden_sql(kind: str) -> None:
    assert list((TESTS / "golden").glob(f"*{ORACLES.get(kind, kind)}*.sql"))


@pytest.mark.parametrize("analysis", kinds().values(), ids=lambda analysis: analysis.kind)
def test_every_query_says_what_it_means(analysis: AnalysisKind) -> None:  # type: ignore[type-arg]
    for model in (analysis.query, analysis.result, analysis.selection):
        assert model.__doc__
        assert not model.__doc__.startswith("Usage docs"), model


def test_every_kind_is_in_the_documentation() -> None:
    text = (ROOT / "docs/analyses.md").read_text()
    assert [kind for kind in kinds() if f"`{kind}`" not in text] == []
