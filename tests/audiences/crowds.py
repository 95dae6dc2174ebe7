"""Crowds to learn from: simulated visitors and buyers, and published tables of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from bihuan.analytics.reference import LogEvent
from bihuan.kernel.hashing import key64
from bihuan.people.profiles.stored import stored_json
from bihuan.warehouse import ProjectStore
from tests.stats.churn import tables

DAY_MS = 86_400_000
VISIT, BUY, PAID = "visit", "buy", "paid"


def today_ms() -> int:
    """The beginning of today in Shanghai, the zone of the tests' projects."""
    now = datetime.now(UTC) + timedelta(hours=8)
    day = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(hours=8)
    return int(day.timestamp() * 1000)


def visitors(people: int = 2500, seed: int = 0) -> Iterator[LogEvent]:
    """240 days until yesterday of people who come by chance and leave silently; half of visits look twice."""
    active = tables.log(people, seed).active
    start = today_ms() - active.shape[1] * DAY_MS
    for person, day in np.argwhere(active):
        name = f"v{person}"
        for times in range(1 + (person + day) % 2):
            yield event(VISIT if times == 0 else "look", start + int(day) * DAY_MS + 36_000_000 + times, name)


def buyers(people: int = 1200, seed: int = 1) -> Iterator[LogEvent]:
    """Purchases over 300 days by the assumptions of BG/NBD and Gamma-Gamma."""
    rng = np.random.default_rng(seed)
    start = today_ms() - 300 * DAY_MS
    rate, leaves = rng.gamma(1.2, 1 / 25, people), rng.beta(1.0, 5.0, people)
    scale = rng.gamma(4.0, 1 / 15.0, people)
    for person in range(people):
        day, first = float(rng.uniform(0, 200)), True
        while day < 300:
            value = round(float(rng.gamma(6.0, 1 / scale[person])) + 0.01, 2)
            yield event(BUY, start + int(day * DAY_MS), f"b{person}", {"$revenue": value})
            if not first and rng.random() < leaves[person]:
                break
            first = False
            day += float(rng.exponential(1 / rate[person]))


def subscribers(people: int = 1500, seed: int = 2) -> Iterator[LogEvent]:
    """A payment every week; each leaves with a chance of their own, Beta(1, 6)."""
    rng = np.random.default_rng(seed)
    for person in range(people):
        begins, chance = int(rng.integers(2, 20)), rng.beta(1.0, 6.0)
        for week in range(begins, 0, -1):
            at = today_ms() - 7 * week * DAY_MS + 3_600_000
            yield event(PAID, at, f"s{person}", {"$revenue": 10.0})
            if rng.random() < chance:
                break


def event(name: str, at_ms: int, who: str, properties: dict[str, Any] | None = None) -> LogEvent:
    return LogEvent(name, at_ms, key64(who), who, properties or {})


def add_people(store: ProjectStore, people: Sequence[dict[str, Any]], prefix: str) -> None:
    """Profiles with these properties, as an import of people stores them."""
    moment = datetime.now(UTC)
    rows = [
        (key64(name := f"{prefix}{number}"), [name], moment, moment, False, stored_json(properties), 1)
        for number, properties in enumerate(people)
    ]
    columns = ["person_id", "distinct_ids", "first_seen", "updated_at", "deleted", "properties", "version"]
    for start in range(0, len(rows), 10_000):
        store.engine.insert_rows(store.table("profiles"), columns, rows[start : start + 10_000])
