"""The report: bench/RESULTS.md."""

from __future__ import annotations

from collections.abc import Sequence

from bench.cases.case import BIHUAN, DUCKDB, POSTHOG
from bench.collection.session import CollectionFigures, LoadFigures
from bench.generate import DAYS, Shape
from bench.measure import Measured, Spread
from bench.sections import section_in

LIMITS = """\
What stands between a figure and its touch scan
- Funnels and paths read sequences: files beside the log in which everybody's events lie in order, read
  by compiled loops. They were compared with the log, which is remembered while the tables' parts stay
  the same, as here; after any change the first question pays the row "sequences compared with the log"
  more, and the changed people's events are read from the log. All events of everybody are read, where
  the touch scan of a funnel reads those of its steps alone, and each event that matters costs a branch
  that the processor cannot foresee.
- "From the log alone" is the way of questions with conditions, and of servers: grouping the 64-bit ids
  of that many people in a hash table is most of what it costs beyond its touch scan; then each
  person's events have to be put in order of time, because the log lies by event and day.
- Retention, lifecycle, stickiness and unique people read bitmaps that were compared with the log. What
  the comparison gave is remembered while the tables' parts stay the same, as here; after any change the
  first query of the same events and property pays the row "people by day compared with the log" more.
- Events and revenue by day are sums of quarters of an hour that are kept beside the log and compared
  with it likewise. Whether any part came or went is seen in the tables' directories.
- PostHog's SQL was written for this benchmark in the style of that product's generator, on its
  order of rows, in the same engine; properties are read from JSON text. DuckDB has a column for
  each property and the local day of each event stored beside it, which is the best that was
  tried.
"""

NO_SLOWER = 1.0  # than DuckDB
ANALYSES, COLLECTION = "## Analyses", "## Collection over HTTP"

Row = Sequence[str]


def report(
    *,
    shape: Shape,
    facts: Sequence[tuple[str, str]],
    sizes: dict[str, int],
    measured: Sequence[Measured],
    collection: CollectionFigures | None,
    before: str = "",
) -> str:
    """The report as Markdown; what was not measured is as it was ``before``."""
    when = f"Date {dict(facts).get('date', 'unknown')}."
    parts = [
        "# Measured speed\n\nWritten by `make bench`; do not edit. All ratios of a section are of one run on "
        "one machine, all ways "
        "alternately; medians, with quartiles in brackets.",
        _table(("", ""), facts),
    ]
    analyses = "\n\n".join(_analyses_part(shape, sizes, measured, when)) if measured else ""
    parts.append(analyses or section_in(before, ANALYSES).rstrip())
    loads = _collection(collection, when) if collection is not None else ""
    parts.append(loads or section_in(before, COLLECTION).rstrip())
    return "\n\n".join(part for part in parts if part) + "\n"


def _analyses_part(shape: Shape, sizes: dict[str, int], measured: Sequence[Measured], when: str) -> list[str]:
    return [
        f"{ANALYSES}\n\n{shape.events:,} generated events of {shape.people:,} people over {DAYS} days, six "
        "properties. *Touch* is the cheapest query of the same engine that reads the same rows and columns. "
        + when,
        _analyses(measured),
        _agreement(measured),
        "On disk: " + ", ".join(f"{name} {size / 2**20:,.0f} MiB" for name, size in sizes.items()) + ".",
        LIMITS.rstrip(),
    ]


def _analyses(measured: Sequence[Measured]) -> str:
    rows = []
    for each in measured:
        rows.append(
            (
                each.case.title,
                f"{each.seconds(each.case.base):.3f} s",
                f"{each.seconds(BIHUAN):.3f} s",
                _times(each.ratio(BIHUAN)),
                "" if each.case.goal is None else f"≤ {each.case.goal:g} {_mark(each.reached)}",
                _factor(each.times_faster(DUCKDB), NO_SLOWER),
                _factor(each.times_faster(POSTHOG), each.case.posthog_goal),
            )
        )
    heads = (
        "analysis",
        "base",
        "Bihuan",
        "Bihuan / base",
        "goal",
        "DuckDB / Bihuan (≥ 1)",
        "PostHog's SQL / Bihuan (funnels ≥ 8)",
    )
    return _table(heads, rows)


def _agreement(measured: Sequence[Measured]) -> str:
    lines = []
    for each in measured:
        for label, timing in each.timings.items():
            if timing.agrees is False:
                lines.append(f"- {each.case.title}: **{label} gives other numbers**.")
            elif timing.way.differs and label != each.case.base:
                lines.append(
                    f"- {each.case.title}: {label} {timing.way.differs}; its numbers are not compared."
                )
    told = "The numbers of all ways are compared, and equal unless said here."
    return "\n".join([told, *lines])


def _collection(figures: CollectionFigures, when: str) -> str:
    ratio, rates = figures.arrow_ratio, figures.arrow_rates
    singles = _middle(figures.singles)
    rows = [
        ("events in batches of 100, 16 connections", *_load(_middle(figures.batches)), ""),
        (
            "the same rows from Arrow in batches of 10,000, one thread",
            f"{sorted(rates)[len(rates) // 2]:,.0f}/s", "", "", "", "",
        ),
        ("… share that HTTP reaches", _times(ratio), "", "", "", f"≥ 0.25 {_mark(ratio.median >= 0.25)}"),
        (
            "one event a request, 64 connections",
            *_load(singles),
            f"≥ 3,100/s {_mark(singles.events_per_second >= 3_100)}",
        ),
        (
            "a funnel beside 5,000 events/s, times as long as alone",
            f"{figures.slowdown_paced:.2f}", "", "", "", f"≤ 2 {_mark(figures.slowdown_paced <= 2)}",
        ),
        (
            "a funnel beside the full load, times as long as alone",
            f"{figures.slowdown_full:.2f}", "", "", "", f"≤ 2 {_mark(figures.slowdown_full <= 2)}",
        ),
    ]  # fmt: skip
    heads = ("load", "rate", "p50", "p99", "cores used by the server", "goal")
    return "\n\n".join(
        [
            f"{COLLECTION}\n\nA server process and a load generator on the same machine, "
            "loopback, every "
            f"request acknowledged after its rows are stored with fsync. {when}",
            _table(heads, rows),
            f"Alone the funnel over {figures.log_events:,} events takes "
            f"{figures.query_seconds:.3f} s through the API. "
            f"The server's peak memory was {figures.peak_memory_bytes / 2**20:,.0f} MiB. Afterwards: "
            f"{figures.acknowledged:,} events were acknowledged, {figures.lost:,} are not there, "
            f"{figures.doubled:,} are there twice.",
        ]
    )


def _middle(loads: Sequence[LoadFigures]) -> LoadFigures:
    return sorted(loads, key=lambda load: load.events_per_second)[len(loads) // 2]


def _load(load: LoadFigures) -> tuple[str, str, str, str]:
    failed = f", {load.failed} failed" if load.failed else ""
    return (
        f"{load.events_per_second:,.0f}/s{failed}", f"{load.p50_ms:.1f} ms", f"{load.p99_ms:.1f} ms",
        f"{load.server_cores:.2f}",
    )  # fmt: skip


def _times(ratio: Spread) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"


def _factor(value: float | None, goal: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if goal is None else f"{value:.1f} {_mark(value >= goal)}"


def _mark(reached: bool | None) -> str:
    return "✓" if reached else "✗"


def _table(heads: Row, rows: Sequence[Row]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
