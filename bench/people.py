"""``python -m bench.people``: audiences, live membership and RFM on a log of a million people.

Writes the section "People" of bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa

from bench.generate import DAY_MS, DAYS, START_MS, Shape, batches, distinct_ids
from bench.live import LiveFigures, measure_live
from bench.machine import facts
from bench.sections import say, write_section
from bench.stores import BUILT, DATA, OWN_COLUMNS, TIME_ZONE, QuietEngine
from bihuan.analytics import Limits, ProjectContext
from bihuan.analytics.conditions import (
    All,
    AnyCondition,
    Comparison,
    Did,
    Has,
    OfProperty,
    Span,
    everyone_sql,
    people_sql,
)
from bihuan.analytics.conditions import (
    Sequence as Steps,
)
from bihuan.analytics.log_states import LogStates
from bihuan.analytics.query import Dates, EventSelector, PropertyRef, TextFilter
from bihuan.analytics.rfm import RfmQuery, ask_rfm, values_sql
from bihuan.insights import roll_up
from bihuan.warehouse import Engine, ProjectStore, open_project
from bihuan.warehouse.version import data_version

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HEAD = "## People"
LEVELS = ("gold", "silver", "bronze", "none")
REVENUE = PropertyRef(name="$revenue")
MARCH = Dates(from_date=date(2026, 3, 1), to_date=date(2026, 3, 31))
PAID, VIEWED, CARTED = (EventSelector(events=(name,)) for name in ("pay", "view", "cart"))


@dataclass(frozen=True)
class Compared:
    """A question against the cheapest query that reads the same rows and columns, in the same rounds.

    Ratios and seconds are medians; ``goal`` is what the ratio should be at most.
    """

    title: str
    people: int
    touch: float
    seconds: float
    ratio: float
    goal: float | None


def audience() -> AnyCondition:
    """Two behavioural conditions, a sequence and a property."""
    level = TextFilter(property=PropertyRef(scope="person", name="level"), operator="is", values=LEVELS[:2])
    spent = OfProperty(property=REVENUE, aggregate="sum")
    return All(
        items=(
            Did(event=PAID, window=MARCH, figure=spent, compare=Comparison(operator="gt", value=50)),
            Did(event=VIEWED, window=MARCH, compare=Comparison(value=3)),
            Steps(steps=(VIEWED, CARTED), within=Span(count=3), window=MARCH),
            Has(filter=level),
        )
    )


@contextmanager
def open_log(shape: Shape, say: Callable[[str], None]) -> Iterator[tuple[ProjectStore, ProjectContext]]:
    """The log with a profile for everyone, made at first use."""
    made = hashlib.sha256(repr(asdict(shape)).encode()).hexdigest()[:12]
    directory = DATA / f"people-{shape.events}-{made}"
    fresh = not (directory / BUILT).exists()
    if fresh:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
    engine = Engine(f"chdb://{directory / 'warehouse'}")
    try:
        store = open_project(engine, "people", durable=False)
        if fresh:
            _fill(store, shape, say)
            (directory / BUILT).touch()
        roll_up(store, TIME_ZONE, [], ["$revenue", "quantity"])
        now_ms = START_MS + DAYS * DAY_MS
        yield store, ProjectContext(table=store.table, now_ms=now_ms, time_zone=TIME_ZONE)
    finally:
        engine.close()


def _fill(store: ProjectStore, shape: Shape, say: Callable[[str], None]) -> None:
    done = 0
    for batch in batches(shape):
        columns = [*OWN_COLUMNS, "properties"]
        rows = batch.select(columns).rename_columns([*OWN_COLUMNS, "properties_json"])
        store.engine.insert_arrow(store.table("events"), rows)
        done += len(batch)
        say(f"{done:,} events")
    _, keys = distinct_ids(shape)
    level = np.random.default_rng(1).choice(len(LEVELS), len(keys), p=(0.1, 0.2, 0.3, 0.4))
    for start in range(0, len(keys), 200_000):
        part = slice(start, start + 200_000)
        texts = [f'{{"level":"{LEVELS[each]}"}}' for each in level[part].tolist()]
        given = {"person_id": keys[part], "version": np.ones(len(texts), np.uint64), "properties_json": texts}
        store.engine.insert_arrow(store.table("profiles"), pa.table(given))
    for table in ("events", "profiles"):
        store.engine.command(f"OPTIMIZE TABLE {store.table(table)} FINAL")


@dataclass(frozen=True)
class Question:
    """What is compared: ``ask`` returns how many people there are."""

    title: str
    touch: str
    ask: Callable[[], int]
    goal: float | None = None


def compare(engine: QuietEngine, question: Question, rounds: int) -> Compared:
    """Both alternately; the first of each is not counted."""
    people = question.ask()
    engine.rows(question.touch)
    taken: list[tuple[float, float]] = []
    for _ in range(rounds):
        taken.append((_seconds(lambda: engine.rows(question.touch)), _seconds(question.ask)))
    ratio = median(mine / base for base, mine in taken)
    touch, mine = (median(seconds) for seconds in zip(*taken, strict=True))
    return Compared(question.title, people, touch, mine, ratio, question.goal)


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def comparisons(store: ProjectStore, ctx: ProjectContext, rounds: int) -> list[Compared]:
    """Everything that has a touch scan."""
    engine = QuietEngine(store.engine)
    events = ctx.table("events")
    march = (
        f"toDate(time, '{TIME_ZONE}') BETWEEN '{MARCH.from_date}' AND '{MARCH.to_date}' AND "
        f"toDate(time) BETWEEN toDate('{MARCH.from_date}') - 1 AND toDate('{MARCH.to_date}')"
    )
    # The audience reads three events of a month, the amounts of payments, and everyone's level.
    audience_touch = (
        f"SELECT (SELECT (count(), max(person_id), max(time), max(properties.`$revenue`)) FROM {events} "
        f"WHERE event IN ('pay', 'view', 'cart') AND {march}), "
        f"(SELECT (count(), max(properties.level.:String)) FROM {ctx.table('profiles')})"
    )
    everyone = f"SELECT max(person_id) FROM {events}"

    questions = [
        Question(
            "audience of four conditions", audience_touch, _counted(engine, people_sql(ctx, audience())), 3.0
        ),
        *_rfm_questions(engine, store, ctx),
        Question("everyone", everyone, _counted(engine, everyone_sql(ctx))),
    ]
    return [compare(engine, question, rounds) for question in questions]


def _rfm_questions(engine: QuietEngine, store: ProjectStore, ctx: ProjectContext) -> Iterator[Question]:
    """Buyers are those who viewed; few events have a revenue, all have a quantity."""
    states = LogStates()
    for name, column in (("$revenue", "`$revenue`"), ("quantity", "quantity.:Float64")):
        touch = (
            f"SELECT count(), max(person_id), max(time), max(properties.{column}) "
            f"FROM {ctx.table('events')} WHERE event = 'view'"
        )
        query = RfmQuery(event=VIEWED, revenue=PropertyRef(name=name))

        def ask(query: RfmQuery = query) -> int:
            kept = replace(ctx, sequences=states.of(store, data_version(store)).sequences())
            return ask_rfm(engine, kept, query, Limits()).people

        yield Question(f"RFM of everyone who viewed, {name}", touch, ask, 2.0)
        tag = f"… its groups as a tag, {name}"
        yield Question(tag, touch, _counted(engine, values_sql(ctx, query)))


def _counted(engine: QuietEngine, sql: str) -> Callable[[], int]:
    """Counts the rows of a SELECT."""
    return lambda: int(engine.rows(f"SELECT count() FROM ({sql})")[0][0])


def estimates(store: ProjectStore, ctx: ProjectContext, shape: Shape, times: int) -> list[float]:
    """Seconds of estimates as the editor asks for them, each with other figures."""
    engine = QuietEngine(store.engine)
    sample = min(1.0, 3_000_000 / shape.events)
    taken = []
    for index in range(times):
        wanted = All(
            items=(
                audience(),
                Did(event=VIEWED, window=MARCH, compare=Comparison(operator="lt", value=40 + index)),
            )
        )
        begun = time.perf_counter()
        for sql in (people_sql(ctx, wanted, sample=sample), everyone_sql(ctx, sample=sample)):
            engine.rows(f"SELECT count() FROM ({sql})")
        taken.append(time.perf_counter() - begun)
    return sorted(taken)


def section(
    shape: Shape,
    compared: Sequence[Compared],
    estimated: Sequence[float],
    live: LiveFigures | None,
    machine: str,
) -> str:
    """The section."""
    at_95 = estimated[min(len(estimated) - 1, round(0.95 * len(estimated)))]
    lines = [
        HEAD,
        "",
        f"Written by `python -m bench.people`: {shape.events:,} events of {shape.people:,} people, each with "
        "a profile. The ratio is to the cheapest query that reads the same rows and columns, in the same "
        f"round. Medians; {machine}.",
        "",
        "| question | people | touch | Bihuan | ratio | goal |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for each in compared:
        missed = each.goal is not None and each.ratio > each.goal
        goal = "" if each.goal is None else f"≤ {each.goal:g}{' **missed**' if missed else ''}"
        figures = f"{each.touch * 1000:.0f} ms | {each.seconds * 1000:.0f} ms | {each.ratio:.2f}"
        lines.append(f"| {each.title} | {each.people:,} | {figures} | {goal} |")
    lines += [
        "",
        f"Estimates while a condition is written: {median(estimated) * 1000:.0f} ms, "
        f"{at_95 * 1000:.0f} ms at the 95th of 100 (goal 300 ms).",
    ]
    if live is not None:
        late = "not within two minutes" if live.behind is None else f"within {live.behind:.1f} s"
        lines += [
            "",
            f"Beside {live.audiences} live audiences (a count, a sum, a sequence) collection in batches of "
            f"100 takes {live.beside:,.0f} events/s; without them {live.without:,.0f}/s. That is "
            f"{100 * live.share:.0f} % (goal 80 %). After the load all of them were right {late}.",
        ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.people", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000, help="events of the log")
    parser.add_argument("--people", type=int, default=1_000_000, help="people in it")
    parser.add_argument("--rounds", type=int, default=7, help="repetitions of every question")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each load over HTTP")
    parser.add_argument("--loads", type=int, default=3, help="repetitions of each load over HTTP")
    parser.add_argument("--skip-live", action="store_true", help="no live audiences")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the report")
    given = parser.parse_args(arguments)
    shape = Shape(events=given.events, people=given.people)
    machine = ", ".join(f"{name} {value}" for name, value in facts()[:4])
    with open_log(shape, say) as (store, ctx):
        compared = comparisons(store, ctx, given.rounds)
        for each in compared:
            say(f"{each.title}: {each.people:,} people, {each.seconds:.3f} s, {each.ratio:.2f} × touch")
        estimated = estimates(store, ctx, shape, 20 * given.rounds)
        say(f"estimate: {median(estimated):.3f} s")
    live = None
    if not given.skip_live:
        live = measure_live(log_events=2_000_000, seconds=given.seconds, rounds=given.loads, say=say)
    write_section(given.output, HEAD, section(shape, compared, estimated, live, machine))


if __name__ == "__main__":
    main()
