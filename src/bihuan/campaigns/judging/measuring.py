"""What a campaign's people did, by arm, as sums that effects and intervals are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bihuan.analytics import ProjectContext
from bihuan.analytics.query import EventSelector, FilterGroup, PropertyRef, TextFilter
from bihuan.analytics.sql import EventsSource
from bihuan.campaigns.plan.schemas import Outcome
from bihuan.experiments import SENT
from bihuan.kernel.arrays import Array
from bihuan.stats.experiments import Moments
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import TABLE, owners_sql
from bihuan.warehouse.sql import literal, tuple_of

# Intervals by resampling draw buckets of people; with fewer people than buckets, people themselves.
BUCKETS = 2_000
DAY_MS = 86_400_000
STEPS = {
    "sent": SENT,
    "delivered": "$message_delivered",
    "opened": "$message_opened",
    "clicked": "$message_clicked",
    "replied": "$message_replied",
    "bounced": "$message_bounced",
    "complained": "$message_complained",
    "unsubscribed": "$message_unsubscribed",
    "suppressed": "$message_suppressed",
}
_COLUMNS = (
    "people",
    "several",
    "reached",
    "converted",
    "y",
    "yy",
    "x",
    "xx",
    "xy",
    "before",
    "reached_converted",
)


@dataclass(frozen=True)
class Window:
    """Whose deeds count when: from the moment people were fixed, for so long, at most until now.

    ``before_ms`` is how long before they are looked at, to see whether arms differed already.
    """

    from_ms: int
    to_ms: int
    final: bool
    before_ms: int

    @classmethod
    def of(cls, at_ms: int, outcome: Outcome, now_ms: int) -> Window:
        """The window of a campaign that began at a moment."""
        length = outcome.window_days * DAY_MS
        end = at_ms + length
        return cls(at_ms, min(end, now_ms + 1), now_ms >= end, length)


@dataclass(frozen=True)
class ArmSums:
    """Sums over the people of one arm, a row a bucket; the columns as attributes are totals.

    ``y`` is the value, ``x`` the value in the same length of time before, ``before`` who converted then.
    """

    rows: Array

    def total(self, column: str) -> float:
        """The sum of a column over all buckets."""
        return float(self.rows[:, _COLUMNS.index(column)].sum())

    @property
    def people(self) -> int:
        """People in the arm, whether or not anything was seen of them."""
        return round(self.total("people"))

    @property
    def converted(self) -> int:
        """Those who did what counts, in the window."""
        return round(self.total("converted"))

    @property
    def value(self) -> Moments:
        """The value per person, with that of before as covariate."""
        return Moments(self.people, *(self.total(each) for each in ("y", "yy", "x", "xx", "xy")))

    def column(self, name: str) -> Array:
        """A column, one number a bucket."""
        return self.rows[:, _COLUMNS.index(name)]

    def __add__(self, other: ArmSums) -> ArmSums:
        return ArmSums(np.concatenate([self.rows, other.rows]))


def measure(
    ctx: ProjectContext, store: ProjectStore, campaign_id: str, outcome: Outcome, window: Window
) -> dict[str, ArmSums]:
    """The sums of every arm, by its name."""
    bucket = f"xxh3(concat('report/', toString(person))) % {BUCKETS}"
    sums = (
        "count(), sum(several), sum(reached), sum(c > 0), sum(v), sum(v * v), sum(pv), sum(pv * pv), "
        "sum(v * pv), sum(pc > 0), sum(reached AND c > 0)"
    )
    people = people_sql(ctx, campaign_id, outcome, window)
    sql = (
        f"SELECT arm, {bucket} AS bucket, {sums}\nFROM (\n{people}\n)\n"
        "GROUP BY arm, bucket ORDER BY arm, bucket"
    )
    found: dict[str, list[tuple[float, ...]]] = {}
    for arm, _, *numbers in store.engine.rows(sql):
        found.setdefault(arm, []).append(tuple(map(float, numbers)))
    return {arm: ArmSums(np.array(rows)) for arm, rows in found.items()}


def people_sql(ctx: ProjectContext, campaign_id: str, outcome: Outcome, window: Window) -> str:
    """SELECT of ``person, arm, several, reached``, how often (``c, pc``) and how much (``v, pv``)."""
    assigned = assigned_sql(ctx, campaign_id)
    sent = steps_sql(ctx, campaign_id, window, [SENT])
    return (
        "SELECT a.person AS person, a.arm AS arm, a.several AS several, r.sent > 0 AS reached, "
        "d.c AS c, d.v AS v, d.pc AS pc, d.pv AS pv\n"
        f"FROM (\n{assigned}\n) AS a\n"
        f"LEFT ANY JOIN (SELECT person, toUInt64(count()) AS sent FROM (\n{sent}\n) GROUP BY person) AS r "
        "ON r.person = a.person\n"
        f"LEFT ANY JOIN (\n{_deeds_sql(ctx, outcome, window)}\n) AS d ON d.person = a.person"
    )


def assigned_sql(ctx: ProjectContext, campaign_id: str) -> str:
    """SELECT of ``person, arm, several``: the persons of now; two who were merged count in the first's arm.

    ``several``: they were in different arms.
    """
    rows = f"FROM {ctx.table(TABLE)} WHERE subject_id = {literal(campaign_id)} AND value != ''"
    owners = owners_sql(ctx.table, f"SELECT DISTINCT person_id {rows}")
    return (
        "SELECT o.person AS person, argMin(a.value, (a.time, a.person_id)) AS arm, "
        "toUInt8(uniqExact(a.value) > 1) AS several "
        f"FROM (SELECT person_id, time, value {rows}) AS a INNER JOIN ({owners}) AS o "
        "ON o.person_id = a.person_id GROUP BY person"
    )


def steps_sql(ctx: ProjectContext, campaign_id: str, window: Window, events: list[str]) -> str:
    """SELECT of ``person, event`` for a campaign's own events since it began."""
    only = TextFilter(property=PropertyRef(name="$campaign_id"), operator="is", values=(campaign_id,))
    wanted = EventSelector(events=tuple(events), filter=FilterGroup(items=(only,)))
    rows = EventsSource(ctx).between(window.from_ms, None).selecting([wanted])
    return rows.column("person", rows.person).column("event", "e.event").sql()


def funnel(
    ctx: ProjectContext, store: ProjectStore, campaign_id: str, window: Window
) -> dict[str, dict[str, int]]:
    """How many people came to each step of delivery, by arm."""
    steps = steps_sql(ctx, campaign_id, window, list(STEPS.values()))
    sql = (
        f"SELECT a.arm, s.event, uniqExact(s.person) FROM (\n{steps}\n) AS s "
        f"INNER JOIN (\n{assigned_sql(ctx, campaign_id)}\n) AS a ON a.person = s.person "
        "GROUP BY a.arm, s.event"
    )
    names = {event: name for name, event in STEPS.items()}
    found: dict[str, dict[str, int]] = {}
    for arm, event, people in store.engine.rows(sql):
        found.setdefault(arm, dict.fromkeys(STEPS, 0))[names[event]] = people
    return found


def behind_sql(
    ctx: ProjectContext, campaign_id: str, outcome: Outcome, window: Window, of: str, arms: list[str]
) -> str:
    """SELECT of ``person``: who is behind a number of some arms.

    Args:
        of: ``people``, ``reached``, ``converted``, or a step of delivery.
    """
    if of in STEPS:
        steps, assigned = steps_sql(ctx, campaign_id, window, [STEPS[of]]), assigned_sql(ctx, campaign_id)
        return (
            f"SELECT DISTINCT s.person AS person FROM (\n{steps}\n) AS s INNER JOIN (\n{assigned}\n) AS a "
            f"ON a.person = s.person WHERE a.arm IN {tuple_of(arms)}"
        )
    conditions = {"people": "true", "reached": "reached", "converted": "c > 0"}
    where = f"{conditions[of]} AND arm IN {tuple_of(arms)}"
    return f"SELECT person FROM (\n{people_sql(ctx, campaign_id, outcome, window)}\n) WHERE {where}"


def _deeds_sql(ctx: ProjectContext, outcome: Outcome, window: Window) -> str:
    rows = EventsSource(ctx).between(window.from_ms - window.before_ms, window.to_ms)
    rows.selecting([outcome.selector])
    rows.column("person", rows.person).column("at", "toUnixTimestamp64Milli(e.time)")
    if outcome.value_property is not None:
        rows.column("worth", f"ifNull({rows.number(outcome.value_property)}, 0)")
    else:
        rows.column("worth", f"toFloat64({outcome.value_each or 0.0!r})")
    after = f"at >= {window.from_ms}"
    return (
        f"SELECT person, countIf({after}) AS c, sumIf(worth, {after}) AS v, "
        f"countIf(NOT ({after})) AS pc, sumIf(worth, NOT ({after})) AS pv\n"
        f"FROM (\n{rows.sql()}\n) GROUP BY person"
    )
