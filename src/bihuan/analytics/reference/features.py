"""Features of people, their purchases and renewals as of the beginning of days, from their definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions.units import unit_number
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.features.query import FeatureQuery, PurchaseQuery, RenewalQuery
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.reference.filters import selects
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number


@dataclass(frozen=True)
class Seen:
    """One person as of one cut-off: the features, and whether they left afterwards."""

    left: bool
    features: dict[str, float | None]


@dataclass(frozen=True)
class Buyer:
    """A buyer as of one cut-off, in days; what was bought later is kept apart."""

    frequency: int
    recency: int
    age: int
    mean_value: float | None
    later: int
    later_value: float


def features(
    ctx: ProjectContext, log: EventLog, query: FeatureQuery, cutoff: date, horizon_days: int
) -> dict[int, Seen]:
    """Everyone who was active shortly before a cut-off."""
    found = {}
    for person, events in log.by_person().items():
        known = [e for e in events if 1 <= _age(ctx, e, cutoff) <= query.history_days]
        active = [e for e in known if selects(ctx, log, e, query.active)]
        if not any(_age(ctx, e, cutoff) <= query.recent_days for e in active):
            continue
        later = [e for e in events if -horizon_days < _age(ctx, e, cutoff) <= 0]
        left = not any(selects(ctx, log, e, query.active) for e in later)
        made = _of_activity(ctx, query, known, active, cutoff)
        if query.purchase is not None or query.revenue is not None:
            made |= _of_purchases(ctx, log, query, known, cutoff)
        found[person] = Seen(left, made)
    return found


def _of_activity(
    ctx: ProjectContext, query: FeatureQuery, known: list[LogEvent], active: list[LogEvent], cutoff: date
) -> dict[str, float | None]:
    ages = sorted({_age(ctx, e, cutoff) for e in active})
    gaps = [older - newer for newer, older in pairwise(ages)]
    mean = sum(gaps) / len(gaps) if gaps else None

    def times(first: int, last: int) -> int:
        return sum(first <= _age(ctx, e, cutoff) <= last for e in active)

    variance = sum((gap - mean) ** 2 for gap in gaps) / len(gaps) if mean is not None else None
    recent = [e for e in known if _age(ctx, e, cutoff) <= 90]
    return {
        "days_since_last": ages[0],
        "times_7": times(1, 7),
        "times_30": times(1, 30),
        "times_90": times(1, 90),
        "active_days_7": sum(age <= 7 for age in ages),
        "active_days_30": sum(age <= 30 for age in ages),
        "active_days_90": sum(age <= 90 for age in ages),
        "active_days": len(ages),
        "tenure_days": ages[-1],
        "trend": (times(1, 15) + 1) / (times(16, 30) + 1),
        "gap_mean": mean,
        "gap_variance": variance if len(gaps) > 1 else None,
        "overdue": None if mean is None else ages[0] / mean,
        "event_kinds_30": len({e.event for e in known if _age(ctx, e, cutoff) <= 30}),
        **{
            f"share:{name}": sum(e.event == name for e in recent) / len(recent) if recent else None
            for name in query.shares
        },
    }


def _of_purchases(
    ctx: ProjectContext, log: EventLog, query: FeatureQuery, known: list[LogEvent], cutoff: date
) -> dict[str, float | None]:
    purchase = query.purchase or EventSelector()
    bought = [(e, _age(ctx, e, cutoff)) for e in known if selects(ctx, log, e, purchase)]
    made: dict[str, float | None] = {
        "purchases_90": sum(age <= 90 for _, age in bought),
        "purchases": len(bought),
        "days_since_purchase": min((age for _, age in bought), default=None),
    }
    if query.revenue is None:
        return made

    def spent(days: int) -> float:
        return sum(_number(ctx, log, e, query.revenue) for e, age in bought if age <= days)

    return {**made, "revenue_30": spent(30), "revenue_90": spent(90), "revenue": spent(query.history_days)}


def purchases(
    ctx: ProjectContext, log: EventLog, query: PurchaseQuery, cutoff: date, later_days: int
) -> dict[int, Buyer]:
    """Everyone who bought before a cut-off."""
    found = {}
    until = cutoff + timedelta(days=later_days)
    for person, days in _occasions(ctx, log, query.purchase, query.revenue).items():
        known = sorted(day for day in days if day < cutoff)
        later = [day for day in days if cutoff <= day < until]
        if known:
            repeats = known[1:]
            mean = sum(days[day] for day in repeats) / len(repeats) if repeats else None
            age = (cutoff - timedelta(days=1) - known[0]).days
            recency = (known[-1] - known[0]).days
            value = sum(days[day] for day in later)
            found[person] = Buyer(len(repeats), recency, age, mean, len(later), value)
    return found


def renewals(ctx: ProjectContext, log: EventLog, query: RenewalQuery) -> dict[int, tuple[int, int, float]]:
    """Of everyone who paid before the running unit: possible renewals, those made in a row, value a unit."""
    today = local_date(ctx.now_ms, ctx.zone)
    found = {}
    for person, days in _occasions(ctx, log, query.payment, query.revenue).items():
        units: dict[int, float] = {}
        first = today
        for day in sorted(days):
            if _units_between(ctx, query, day, today) > 0:
                first = min(first, day)
                place = _units_between(ctx, query, first, day)
                units[place] = 1.0 if query.revenue is None else units.get(place, 0.0) + days[day]
        if units:
            paid = 0
            while paid in units:
                paid += 1
            value = sum(units[place] for place in range(paid)) / paid
            found[person] = (_units_between(ctx, query, first, today) - 1, paid - 1, value)
    return found


def _units_between(ctx: ProjectContext, query: RenewalQuery, earlier: date, later: date) -> int:
    return unit_number(ctx, query.unit, later) - unit_number(ctx, query.unit, earlier)


def _occasions(
    ctx: ProjectContext, log: EventLog, selector: EventSelector, revenue: PropertyRef | None
) -> dict[int, dict[date, float]]:
    """Each person's days with a purchase, and what it was worth."""
    found: dict[int, dict[date, float]] = {}
    for event in log.events:
        if selects(ctx, log, event, selector):
            days, day = found.setdefault(event.person, {}), local_date(event.time_ms, ctx.zone)
            if revenue is None:
                days[day] = 1.0
            else:
                days[day] = days.get(day, 0.0) + _number(ctx, log, event, revenue)
    return found


def _number(ctx: ProjectContext, log: EventLog, event: LogEvent, ref: PropertyRef | None) -> float:
    return 0.0 if ref is None else read_number(ctx, log, event, ref) or 0.0


def _age(ctx: ProjectContext, event: LogEvent, cutoff: date) -> int:
    """Days from the event's to the cut-off: 1 is the last day that is known."""
    return (cutoff - local_date(event.time_ms, ctx.zone)).days
