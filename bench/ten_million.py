"""``python -m bench.ten_million``: audiences of ten million people, found, stored and changed.

Writes the section "Ten million people" of bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.generate import Shape
from bench.machine import facts, peak_memory_bytes
from bench.people import RESULTS, VIEWED, audience, open_log
from bench.sections import say, write_section
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Did, everyone_sql, people_sql
from bihuan.audiences.refreshing.service import SETTINGS
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import MEMBER, assign, forget, sizes, value_sql

HEAD = "## Ten million people"
_SUBJECT = "bench"
_OWN = os.getpid()


@dataclass(frozen=True)
class Step:
    """What was done: ``people`` are those it ends with, ``peak`` the most bytes resident meanwhile."""

    title: str
    people: int
    seconds: float
    peak: int


def steps(store: ProjectStore, ctx: ProjectContext, say: Callable[[str], None]) -> list[Step]:
    """Found by a query; stored as members; the same once more; all but those who viewed leave; forgotten."""
    everyone, viewers = everyone_sql(ctx), people_sql(ctx, Did(event=VIEWED))
    done: list[Step] = []

    def step(title: str, run: Callable[[], int]) -> None:
        _count_peak_anew()
        begun = time.perf_counter()
        people = run()
        taken = time.perf_counter() - begun
        done.append(Step(title, people, taken, peak_memory_bytes(_OWN)))
        say(f"{title}: {people:,} people, {taken:.1f} s, {done[-1].peak / 2**30:.1f} GiB")

    def count(sql: str) -> int:
        return int(store.engine.scalar(f"SELECT count() FROM ({sql})"))

    def found(condition: AnyCondition) -> Callable[[], int]:
        return lambda: count(people_sql(ctx, condition))

    def stored(people: str, at_ms: int) -> Callable[[], int]:
        def run() -> int:
            wanted = f"SELECT person, '{MEMBER}' AS value FROM ({people})"
            assign(store, _SUBJECT, wanted, at_ms=at_ms, cause="refresh", settings=SETTINGS)
            return sizes(store, [_SUBJECT])[_SUBJECT].people

        return run

    none = f"SELECT person FROM ({everyone}) WHERE false"
    forget(store, _SUBJECT)
    last_ms = store.engine.scalar(
        f"SELECT toUnixTimestamp64Milli(max(time)) FROM {store.table('assignments')}"
    )
    step("everyone is counted", lambda: count(everyone))
    step("an audience of four conditions is counted", found(audience()))
    step("everyone enters an audience", stored(everyone, last_ms + 1))
    step("it is refreshed, nobody changes", stored(everyone, last_ms + 2))
    step("all but those who viewed leave", stored(viewers, last_ms + 3))
    step("its members are listed", lambda: count(value_sql(store.table, _SUBJECT)))
    step("everybody leaves", stored(none, last_ms + 4))
    return done


def _count_peak_anew() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def section(shape: Shape, done: Sequence[Step]) -> str:
    """The section."""
    machine = ", ".join(f"{name} {value}" for name, value in facts()[:4])
    lines = [
        HEAD,
        "",
        f"Written by `python -m bench.ten_million`: {shape.events:,} events and {shape.people:,} profiles; "
        f"members are stored as a refresh does. Memory is what the process had at most, with what "
        f"steps before it left. {machine}.",
        "",
        "| step | people | time | memory |",
        "| --- | --- | --- | --- |",
        *(
            f"| {each.title} | {each.people:,} | {each.seconds:.1f} s | {each.peak / 2**30:.1f} GiB |"
            for each in done
        ),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.ten_million", description=__doc__)
    parser.add_argument("--events", type=int, default=30_000_000, help="events of the log")
    parser.add_argument("--people", type=int, default=10_000_000, help="people with a profile")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the report")
    given = parser.parse_args(arguments)
    shape = Shape(events=given.events, people=given.people)
    with open_log(shape, say) as (store, ctx):
        done = steps(store, ctx, say)
    write_section(given.output, HEAD, section(shape, done))


if __name__ == "__main__":
    main()
