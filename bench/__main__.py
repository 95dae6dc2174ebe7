"""``python -m bench``: measure everything and write bench/RESULTS.md."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from pathlib import Path

from bench import journeys, outbox
from bench.cases import all_cases
from bench.collection.session import CollectionFigures, measure_collection
from bench.generate import Shape
from bench.machine import facts
from bench.measure import Measured, measure
from bench.report import report
from bench.sections import heads_in, say, section_in, with_section
from bench.stores import Stores, open_stores

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
EVENTS_A_PERSON = 50
# The server's own log is this share of the analyses', so that it is made quickly.
SERVER_SHARE = 10


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, default=Shape.events, help="events of the log")
    parser.add_argument("--rounds", type=int, default=7, help="repetitions of every query")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each load over HTTP")
    parser.add_argument("--loads", type=int, default=3, help="repetitions of each load over HTTP")
    parser.add_argument("--only", default="", help="only the cases whose title has this text")
    parser.add_argument("--skip-collection", action="store_true", help="analyses only")
    parser.add_argument("--skip-analyses", action="store_true", help="collection only")
    parser.add_argument("--mails", type=int, default=10_000, help="mails of the outbox; 0: not measured anew")
    parser.add_argument(
        "--travellers", type=int, default=1_000_000, help="people of the journey; 0: not measured anew"
    )
    parser.add_argument("--data", type=Path, help="directory for the stores instead of bench/data")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the report")
    given = parser.parse_args(arguments)
    begun = facts()
    shape = Shape(events=given.events, people=max(100, given.events // EVENTS_A_PERSON))
    sizes: dict[str, int] = {}
    measured: list[Measured] = []
    if not given.skip_analyses:
        with open_stores(shape, say, given.data) as stores:
            sizes = stores.sizes_bytes()
            measured = _analyses(stores, given.rounds, given.only)
    collection: CollectionFigures | None = None
    if not given.skip_collection:
        collection = measure_collection(
            log_events=given.events // SERVER_SHARE, seconds=given.seconds, rounds=given.loads, say=say
        )
    before = given.output.read_text(encoding="utf-8") if given.output.exists() else ""
    text = report(
        shape=shape, facts=begun, sizes=sizes, measured=measured, collection=collection, before=before
    )
    others = [head for head in heads_in(before) if head not in heads_in(text)]
    kept = {head: section_in(before, head) for head in others}
    for head, section in (kept | _sending(given.mails, given.travellers)).items():
        text = with_section(text, head, section)
    given.output.write_text(text, encoding="utf-8")
    say(f"written: {given.output}")


def _sending(mails: int, travellers: int) -> dict[str, str]:
    """The sections of the outbox and of journeys, where they are measured anew."""
    found: dict[str, str] = {}
    if mails:
        figures = outbox.measure(mails, outbox.CONNECTIONS, outbox.BATCH)
        found[outbox.HEAD] = outbox.section(figures)
        say(f"outbox: {figures.outbox:,.0f} mails/s of {figures.ceiling:,.0f}")
    if travellers:
        moved = journeys.measure(travellers)
        found[journeys.HEAD] = journeys.section(moved)
        say(f"journeys: {moved.transitions:,} transitions in {moved.seconds:.1f} s")
    return found


def _analyses(stores: Stores, rounds: int, only: str) -> list[Measured]:
    measured = []
    cases = all_cases(stores)
    # Each timing begins with a collection, which need not look through what is there all the time.
    gc.freeze()
    for case in cases:
        if only in case.title:
            measured.append(measure(case, rounds=rounds, say=say))
            ratios = ", ".join(
                f"{label} {measured[-1].ratio(label).median:.2f}" for label in measured[-1].timings
            )
            say(f"{case.title}: {measured[-1].seconds(case.base):.3f} s; {ratios}")
    gc.unfreeze()
    return measured


if __name__ == "__main__":
    main()
