"""Retention, lifecycle, stickiness, cohort value and adoption of real data give the known numbers."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date
from typing import Any

import pytest

from bihuan.analytics.adoption import AdoptionQuery, AdoptionResult
from bihuan.analytics.cohort_value import CohortValueQuery, CohortValueResult
from bihuan.analytics.lifecycle import LifecycleQuery, LifecycleResult
from bihuan.analytics.reference import LogEvent
from bihuan.analytics.result import Result
from bihuan.analytics.retention import RetentionQuery, RetentionResult, RetentionSelection
from bihuan.analytics.run import people, run
from bihuan.analytics.stickiness import StickinessQuery, StickinessResult
from bihuan.warehouse.engine import Engine
from tests.analytics.conftest import RealProject
from tests.analytics.loading import add_events, context, fresh_project
from tests.analytics.real_data import taobao as taobao_events
from tests.analytics.real_data import truth

KNOWN_CUSTOMER = {"type": "presence", "property": {"name": "customer"}, "operator": "exists"}
BUY = {"events": ["purchase"]}


def dates(first: str, last: str) -> dict[str, Any]:
    return {"period": {"kind": "dates", "from_date": first, "to_date": last}}


def ask(project: RealProject, query: Any) -> Result:
    engine, ctx = project
    return run(engine, ctx, query)


def test_online_retail_december_cohort(online_retail: RealProject) -> None:
    query = RetentionQuery.model_validate(
        dates("2010-12-01", "2011-12-09")
        | {"start": BUY, "back": BUY, "cohort": "first_time", "interval": "month", "filter": KNOWN_CUSTOMER}
        | {"returning": {"kind": "on", "ages": 3}}
    )
    result = ask(online_retail, query)
    assert isinstance(result, RetentionResult)
    (group,) = result.groups
    december = group.cohorts[0]
    assert (december.cohort, list(december.people)) == (
        "2010-12-01",
        truth("online_retail", "monthly cohort table"),
    )
    assert [f"{rate:.1%}" for rate in december.rates[1:] if rate] == ["38.2%", "33.4%", "38.7%"]
    assert group.size == truth("online_retail", "rows /")[2]
    behind = people(*online_retail, query, RetentionSelection(cohort="2010-12-01", column=1))
    lost = people(*online_retail, query, RetentionSelection(cohort="2010-12-01", column=1, returned=False))
    assert (len(behind), len(lost), set(behind) & set(lost)) == (362, 948 - 362, set())


def test_cdnow_monthly_cohorts(cdnow: RealProject) -> None:
    asked = dates("1997-01-01", "1998-06-30") | {
        "start": BUY,
        "back": BUY,
        "cohort": "first_time",
        "interval": "month",
    }
    result = ask(cdnow, RetentionQuery.model_validate(asked | {"returning": {"kind": "on", "ages": 3}}))
    assert isinstance(result, RetentionResult)
    (group,) = result.groups
    assert group.size == truth("cdnow", "master file")[1] == 23_570
    assert [row.size for row in group.cohorts] == [7846, 8476, 7248, *[0] * 15]
    assert [row.people for row in group.cohorts[:3]] == [
        (7846, 1157, 964, 810), (8476, 1312, 980, 783), (7248, 1032, 752, 756),
    ]  # fmt: skip
    assert group.weighted_rates[1] == pytest.approx((1157 + 1312 + 1032) / 23_570)
    assert group.simple_rates[1] == pytest.approx((1157 / 7846 + 1312 / 8476 + 1032 / 7248) / 3)


def test_cdnow_value_of_cohorts(cdnow: RealProject) -> None:
    asked = dates("1997-01-01", "1997-03-31") | {"start": BUY, "paying": BUY, "ages": 15}
    result = ask(cdnow, CohortValueQuery.model_validate(asked))
    assert isinstance(result, CohortValueResult)
    january, february, march = result.groups[0].cohorts
    assert january.value[:4] == pytest.approx((299_060.17, 360_101.86, 410_785.61, 451_441.36))
    assert january.value_per_person[0] == pytest.approx(299_060.17 / 7846)
    assert (january.payers[0], february.size, march.size) == (7846, 8476, 7248)
    # Every purchase of the file is of these people, and none is older than 17 months.
    oldest = ask(cdnow, CohortValueQuery.model_validate(asked | {"ages": 17}))
    assert isinstance(oldest, CohortValueResult)
    total = sum(row.value[17] or 0 for row in oldest.groups[0].cohorts)
    assert total == pytest.approx(2_500_315.63)


def test_cdnow_lifecycle(cdnow: RealProject) -> None:
    query = LifecycleQuery.model_validate(
        dates("1997-01-01", "1998-06-30") | {"active": BUY, "interval": "month"}
    )
    result = ask(cdnow, query)
    assert isinstance(result, LifecycleResult)
    assert [unit.new for unit in result.units] == [7846, 8476, 7248, *[0] * 15]
    assert [unit.active for unit in result.units[:3]] == [7846, 8476 + 1157, 7248 + 1312 + 964]
    february = result.units[1]
    assert (february.returning, february.resurrected, february.dormant) == (1157, 0, 7846 - 1157)
    for before, unit in itertools.pairwise(result.units):
        assert before.active == unit.returning + unit.dormant


def test_taobao_stickiness_and_adoption(taobao: RealProject) -> None:
    nine_days = dates("2017-11-25", "2017-12-03")
    days: dict[str, set[date]] = {}
    used: Counter[str] = Counter()
    for event in taobao_events():
        local = date.fromordinal(date(1970, 1, 1).toordinal() + (event.time_ms // 1000 + 8 * 3600) // 86_400)
        days.setdefault(event.distinct_id, set()).add(local)
        used[event.event] += 1
    result = ask(taobao, StickinessQuery.model_validate(nine_days))
    assert isinstance(result, StickinessResult)
    histogram = Counter(len(own) for own in days.values())
    assert result.spans[0].exactly == tuple(histogram[size] for size in range(1, 10))
    assert result.spans[0].at_least[0] == 814
    adopted = ask(taobao, AdoptionQuery.model_validate(nine_days | {"interval": "day"}))
    assert isinstance(adopted, AdoptionResult)
    assert adopted.people == 814
    assert {one.event: one.events for one in adopted.features} == used
    assert {one.event: one.people for one in adopted.features}["buy"] == 558


def test_70_000_people_are_counted_exactly(engine: Engine) -> None:
    noon_ms, day_ms = 1_704_081_600_000, 86_400_000
    store = fresh_project(engine)
    first = (LogEvent("open", noon_ms, person) for person in range(70_000))
    again = (LogEvent("open", noon_ms + day_ms, person) for person in range(0, 70_000, 2))
    add_events(store, itertools.chain(first, again))
    project = engine, context(store)
    two_days = dates("2024-01-01", "2024-01-02")
    for cohort in ("first_time", "recurring"):
        asked = two_days | {"cohort": cohort, "returning": {"kind": "on", "ages": 1}}
        retained = ask(project, RetentionQuery.model_validate(asked))
        assert isinstance(retained, RetentionResult)
        assert retained.groups[0].cohorts[0].people == (70_000, 35_000)
    stages = ask(project, LifecycleQuery.model_validate(two_days))
    assert isinstance(stages, LifecycleResult)
    assert [(unit.new, unit.returning, unit.dormant) for unit in stages.units] == [
        (70_000, 0, 0),
        (0, 35_000, 35_000),
    ]
    sticky = ask(project, StickinessQuery.model_validate(two_days))
    assert isinstance(sticky, StickinessResult)
    assert sticky.spans[0].exactly == (35_000, 35_000)
