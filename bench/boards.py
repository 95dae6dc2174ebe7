"""``python -m bench.boards --data DIR``: how long the boards of a loaded demo take.

Writes the section "Boards" of bench/RESULTS.md; the demo must not be served meanwhile.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bench.collection.engine_work import apart
from bench.machine import facts
from bench.sections import write_section
from bihuan.access import Project
from bihuan.app import Installation
from bihuan.insights.dashboards.models import Dashboard
from bihuan.insights.dashboards.results import BoardAnswers, board_tiles
from bihuan.insights.dashboards.schemas import ResultsQuestion
from bihuan.settings import Settings

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HEAD = "## Boards"


@dataclass(frozen=True)
class BoardSeconds:
    """A board: seconds of all its tiles as the first that a process is asked, the processor time in them, and
    seconds of the same again.
    """

    name: str
    tiles: int
    first: float
    processor: float
    again: float


def boards(data: Path) -> list[tuple[str, str]]:
    """Project and id of every board."""
    installation = Installation(Settings(data=data))
    try:
        with installation.database.read_session() as session:
            wanted = select(Dashboard.project_id, Dashboard.id).order_by(Dashboard.id)
            return [(project_id, board_id) for project_id, board_id in session.execute(wanted)]
    finally:
        installation.close()


def seconds_of(data: Path, project_id: str, board_id: str) -> BoardSeconds:
    """Ask a board twice; for a process of its own."""
    installation = Installation(Settings(data=data))
    try:
        project = installation.project(project_id)
        tiles = board_tiles(installation.database, project_id, board_id, ResultsQuestion())
        with installation.database.read_session() as session:
            row = session.get_one(Project, project_id)
            name = session.get_one(Dashboard, board_id).name
        answers = BoardAnswers(installation.queries, row, project.store)
        taken, used = [], []
        for _ in range(2):
            started, before = time.perf_counter(), time.process_time()
            faults = [each.fault for each in answers.in_order(tiles) if each.fault is not None]
            taken.append(time.perf_counter() - started)
            used.append(time.process_time() - before)
            if faults:
                raise faults[0]
        return BoardSeconds(name, len(tiles), taken[0], used[0], taken[1])
    finally:
        installation.close()


def section(measured: Sequence[Sequence[BoardSeconds]], machine: str) -> str:
    """The section; of each board several times."""
    lines = [
        HEAD,
        "",
        "The boards of the demo, written by `python -m bench.boards`: seconds until all tiles are there, as "
        "the first thing that a process is asked, with the processor time in them, and asked again while no "
        "row changed. A server asks its boards by itself when it starts and when rows came. "
        f"Medians of {len(measured[0])}; {machine}.",
        "",
        "| board | tiles | first | … of processors | again |",
        "| --- | --- | --- | --- | --- |",
    ]
    for runs in measured:
        first, again = median(run.first for run in runs), median(run.again for run in runs)
        used = median(run.processor for run in runs)
        lines.append(f"| {runs[0].name} | {runs[0].tiles} | {first:.2f} s | {used:.2f} s | {again:.3f} s |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.boards", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data directory of a loaded demo")
    parser.add_argument("--rounds", type=int, default=3, help="processes that ask each board")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the report")
    given = parser.parse_args(arguments)
    machine = ", ".join(f"{name} {value}" for name, value in facts()[:4])
    measured = []
    for project_id, board_id in apart(boards, given.data):
        measured.append([apart(seconds_of, given.data, project_id, board_id) for _ in range(given.rounds)])
        last = measured[-1][-1]
        print(f"{last.name}: {last.first:.2f} s, again {last.again:.3f} s", flush=True)
    write_section(given.output, HEAD, section(measured, machine))


if __name__ == "__main__":
    main()
