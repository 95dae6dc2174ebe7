"""``python -m bench.journeys``: people entering a journey at once and passing wait → branch → send.

Writes the section "Journeys" of bench/RESULTS.md. The log is made by one process; another, fresh one moves
the people, so that its memory is that of moving. Messages go into the real outbox.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import func, select

from bench.machine import facts
from bench.sections import write_section
from bihuan.access import ProjectInput, create_project
from bihuan.app import Installation
from bihuan.audiences.models import Audience
from bihuan.audiences.repository import add_people
from bihuan.database import utc_now
from bihuan.journeys.adapters import OutboxSending
from bihuan.journeys.engine.ticking import tick
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.models import Journey, JourneyEntry, JourneyFlow, JourneyVersion
from bihuan.journeys.ports import Services
from bihuan.kernel.arrays import Array
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.settings import Settings

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HEAD = "## Journeys"
PROJECT, AUDIENCE, PAID = "journeys", "0" * 26, "Paid"
SHARE_PAID = 0.3
AUTHOR = {"kind": "key", "id": "1", "name": "bench"}
DEFINITION = {
    "entry": {"kind": "audience", "audience": AUDIENCE, "present": True},
    "start": "rest",
    "nodes": {
        "rest": {"kind": "wait", "span": {"count": 1, "unit": "hour"}, "next": "paid"},
        "paid": {
            "kind": "branch",
            "cases": [{"name": "yes", "condition": {"kind": "did", "event": {"events": [PAID]}}}],
            "otherwise": "remind",
        },
        "remind": {"kind": "send", "template": "t", "channels": ["c"]},
    },
}


@dataclass(frozen=True)
class Moved:
    """Figures of one run; seconds, and megabytes above what the idle process takes."""

    people: int
    enter_seconds: float
    move_seconds: float
    transitions: int
    messages: int
    idle_megabytes: float
    peak_megabytes: float
    longest_write_seconds: float
    median_write_seconds: float

    @property
    def seconds(self) -> float:
        """Of letting in and moving."""
        return self.enter_seconds + self.move_seconds


def prepare(data: Path, people: int) -> None:
    """A project with an audience of so many people, of whom a share has paid."""
    installation = Installation(Settings(data=data, durability="process"))
    with installation.database.session() as session:
        create_project(session, ProjectInput(id=PROJECT, name="Journeys", time_zone="Asia/Shanghai"))
    with installation.database.session() as session:
        session.add(
            Audience(id=AUDIENCE, project_id=PROJECT, name="Everybody", created_by=AUTHOR, refresh="never")
        )
    store = installation.project(PROJECT).store
    draw = np.random.default_rng(7)
    persons = np.unique(draw.integers(0, 2**64 - 1, people, np.uint64))
    add_people(store, AUDIENCE, persons, utc_now())
    _add_events(installation, persons[draw.random(len(persons)) < SHARE_PAID])
    installation.close()


def _add_events(installation: Installation, persons: Array) -> None:
    store = installation.project(PROJECT).store
    now = pa.scalar(utc_now(), pa.timestamp("ms", tz="UTC"))
    for start in range(0, len(persons), 200_000):
        part = persons[start : start + 200_000]
        same = {"event": PAID, "session_id": "", "source": "bench", "properties_json": "{}"}
        ids = [f"00000000-0000-0000-0000-{number:012d}" for number in range(start, start + len(part))]
        columns = {
            "event_id": ids,
            "time": pa.repeat(now, len(part)),
            "received_at": pa.repeat(now, len(part)),
            "person_id": part,
            "distinct_key": part,
            "distinct_id": [str(each) for each in part.tolist()],
            **{name: pa.repeat(pa.scalar(value), len(part)) for name, value in same.items()},
        }
        store.engine.insert_arrow(store.table("events"), pa.table(columns))


def move(data: Path) -> Moved:
    """Let everybody in, then move everybody on an hour later; for a process of its own."""
    installation = Installation(Settings(data=data, durability="process"))
    project = installation.project(PROJECT)
    now_ms = time.time_ns() // 1_000_000
    journey_id = _begin(installation, now_ms)
    services = Services(sending=OutboxSending())

    def step(moment_ms: int) -> float:
        begun = time.perf_counter()
        tick(
            installation.database,
            project.row,
            project.people,
            services,
            journey_id,
            owner="b",
            now_ms=moment_ms,
        )
        return time.perf_counter() - begun

    idle = _megabytes()
    with _watched(installation) as watched:
        entered, moved = step(now_ms + 1_000), step(now_ms + 3_602_000)
    with installation.database.read_session() as session:
        people = session.scalar(select(func.count()).select_from(JourneyEntry)) or 0
        flows = session.scalar(select(func.sum(JourneyFlow.people))) or 0
        messages = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
    installation.close()
    return Moved(
        people=people,
        enter_seconds=entered,
        move_seconds=moved,
        transitions=int(flows),
        messages=messages,
        idle_megabytes=idle,
        peak_megabytes=watched["peak"] - idle,
        longest_write_seconds=max(watched["writes"]),
        median_write_seconds=float(np.median(watched["writes"])),
    )


def _begin(installation: Installation, now_ms: int) -> str:
    with installation.database.session() as session:
        stored = Definition.model_validate(DEFINITION).stored()
        row = Journey(
            project_id=PROJECT,
            name="Bench",
            state="running",
            draft=stored,
            version=1,
            created_by=AUTHOR,
            admit_ms=now_ms,
        )
        session.add(row)
        session.flush()
        session.add(JourneyVersion(journey_id=row.id, number=1, definition=stored, created_by=AUTHOR))
        return row.id


@contextmanager
def _watched(installation: Installation) -> Iterator[dict[str, Any]]:
    """The most memory meanwhile, and how long small transactions of somebody else took."""
    found: dict[str, Any] = {"peak": _megabytes(), "writes": [0.0]}
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.05):
            found["peak"] = max(found["peak"], _megabytes())

    def write() -> None:
        while not stop.wait(0.2):
            begun = time.perf_counter()
            with installation.database.session() as session:
                session.get_one(Audience, AUDIENCE).description = f"{begun}"
            found["writes"].append(time.perf_counter() - begun)

    threads = [threading.Thread(target=each, daemon=True) for each in (look, write)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4_096 / 2**20


def section(moved: Moved) -> str:
    """The section of the report."""
    return "\n".join(
        [
            HEAD,
            "",
            f"{moved.people:,} people of an audience enter a journey at once, pass wait",
            "→ branch (a condition on events) → send into the outbox, on SQLite with every commit on disk.",
            "",
            "| figure | value |",
            "|---|---|",
            f"| letting everybody in | {moved.enter_seconds:.1f} s |",
            f"| moving everybody on | {moved.move_seconds:.1f} s |",
            f"| transitions | {moved.transitions:,} ({moved.transitions / moved.seconds:,.0f} a second) |",
            f"| messages queued | {moved.messages:,} |",
            f"| peak memory above idle ({moved.idle_megabytes:.0f} MB) | {moved.peak_megabytes:.0f} MB |",
            f"| a small transaction of somebody else meanwhile | median {moved.median_write_seconds:.2f} s, "
            f"longest {moved.longest_write_seconds:.2f} s |",
            "",
            "; ".join(f"{name} {value}" for name, value in facts()[:6]),
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, measure in a process of its own, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.journeys", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, help="directory for the stores; a temporary one by default")
    parser.add_argument("--phase", choices=["prepare", "move"], help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, default=RESULTS)
    given = parser.parse_args(arguments)
    if given.phase == "prepare":
        prepare(given.data, given.people)
    elif given.phase == "move":
        print(json.dumps(asdict(move(given.data))))
    else:
        made = section(measure(given.people, given.data))
        write_section(given.output, HEAD, made)
        print(made)


def measure(people: int, data: Path | None = None) -> Moved:
    """Make the log and move everybody, in a process each; ``data``: where, if it is to be kept."""
    with tempfile.TemporaryDirectory() as directory:
        where = str(data or directory)
        command = [sys.executable, "-m", "bench.journeys", "--data", where, "--people", str(people)]
        subprocess.run([*command, "--phase", "prepare"], check=True)
        done = subprocess.run([*command, "--phase", "move"], check=True, stdout=subprocess.PIPE, text=True)
    return Moved(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
