"""The SQL of retention, lifecycle, stickiness, cohort value and adoption, on disk."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.analytics.adoption import AdoptionQuery, AdoptionSelection
from bihuan.analytics.cohort_value import CohortValueQuery, CohortValueSelection
from bihuan.analytics.lifecycle import LifecycleQuery, LifecycleSelection
from bihuan.analytics.query import BreakdownValue, Query, Selection
from bihuan.analytics.retention import RetentionQuery, RetentionSelection
from bihuan.analytics.run import people_sql
from bihuan.analytics.stickiness import StickinessQuery, StickinessSelection
from tests.analytics.golden import check, check_sql, plain_context

DAYS = {"kind": "dates", "from_date": "2024-12-02", "to_date": "2024-12-08"}
BUY: dict[str, Any] = {"events": ["buy"]}
REVENUE = {"kind": "property", "property": {"name": "$revenue"}, "aggregate": "sum"}
# One that keeps the greatest values and one of ranges, of the event and of the person.
SPLIT: list[dict[str, Any]] = [
    {"property": {"name": "$country"}, "top_n": 2},
    {"property": {"scope": "person", "name": "age"}, "bounds": [18, 35]},
]
YOUNG_ELSEWHERE = (BreakdownValue(other=True), BreakdownValue(value="< 18"))
CASES: dict[str, Query] = {
    "retention_recurring": RetentionQuery.model_validate(
        {"period": DAYS, "start": {"events": ["view"]}, "back": BUY, "cohort": "recurring"}
    ),
    "retention_first_time_merged": RetentionQuery.model_validate(
        {"period": DAYS, "start": {"events": ["sign_up"]}, "cohort": "first_time"}
        | {"returning": {"kind": "on_or_after"}}
    ),
    "retention_of_revenue_by_country": RetentionQuery.model_validate(
        {
            "period": DAYS, "start": BUY, "back": BUY, "cohort": "first_time", "measure": REVENUE,
            "interval": "week", "returning": {"kind": "rolling", "ages": 3, "window": 2},
            "breakdowns": [{"property": {"name": "$country"}, "top_n": 3}],
        }
    ),
    "retention_by_country_and_age": RetentionQuery.model_validate(
        {"period": DAYS, "cohort": "recurring", "returning": {"kind": "on", "ages": 1}, "breakdowns": SPLIT}
    ),
    "lifecycle_day": LifecycleQuery.model_validate({"period": DAYS}),
    "lifecycle_by_country_and_age": LifecycleQuery.model_validate({"period": DAYS, "breakdowns": SPLIT}),
    "stickiness_days_per_week": StickinessQuery.model_validate(
        {"period": DAYS, "active": BUY, "per": "week"}
    ),
    "stickiness_days_per_month": StickinessQuery.model_validate(
        {"period": DAYS | {"from_date": "2024-11-20"}, "active": BUY, "per": "month", "sample": 0.1}
    ),
    "stickiness_by_country_and_age": StickinessQuery.model_validate({"period": DAYS, "breakdowns": SPLIT}),
    "cohort_value_month": CohortValueQuery.model_validate(
        {"period": DAYS, "start": BUY, "paying": BUY, "ages": 1}
    ),
    "adoption_events": AdoptionQuery.model_validate({"period": DAYS, "interval": "day"}),
    "adoption_features": AdoptionQuery.model_validate(
        {"period": DAYS, "interval": "day", "features": [BUY, {"events": ["share", "like"]}]}
    ),
}  # fmt: skip
BEHIND: dict[str, Selection] = {
    "retention_recurring": RetentionSelection(cohort="2024-12-03", column=2, returned=False),
    "retention_by_country_and_age": RetentionSelection(cohort="2024-12-03", breakdown=YOUNG_ELSEWHERE),
    "lifecycle_day": LifecycleSelection(bucket="2024-12-05", stage="resurrected"),
    "lifecycle_by_country_and_age": LifecycleSelection(
        bucket="2024-12-05", stage="new", breakdown=YOUNG_ELSEWHERE
    ),
    "stickiness_days_per_week": StickinessSelection(bucket="2024-12-02", units=3, at_least=True),
    "cohort_value_month": CohortValueSelection(age=1),
    "adoption_features": AdoptionSelection(feature=1, used=False),
}


@pytest.mark.parametrize("name", CASES)
def test_the_sql_of_an_analysis(name: str) -> None:
    check(name, CASES[name], has_overrides=name.endswith("merged"))


@pytest.mark.parametrize("name", BEHIND)
def test_the_sql_of_the_people_behind_a_number(name: str) -> None:
    check_sql(f"{name}_people", people_sql(plain_context(), CASES[name], BEHIND[name]))
