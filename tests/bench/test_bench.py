"""The benchmark on a small log: every way gives the same numbers, and the report says what it must."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.boards import HEAD, BoardSeconds, section
from bench.journeys import HEAD as JOURNEYS
from bench.outbox import HEAD as OUTBOX
from bench.sections import section_in, with_section

pytest.importorskip("duckdb")

ROOT = Path(__file__).resolve().parent.parent.parent
ANALYSES = (
    "funnel, ordered",
    "funnel, by first-touch channel",
    "funnel, strict",
    "funnel, time to convert",
    "people behind a funnel's last step",
    "funnel, ordered, from the log alone",
    "sequences compared with the log",
    "retention, recurring",
    "retention, first-time",
    "daily unique people by channel",
    "events by day",
    "revenue by day",
    "lifecycle by day",
    "stickiness, days of a month",
    "people by day compared with the log",
    "paths in sessions",
)


def bench(*arguments: str) -> str:
    # In a process of its own: this one has another directory's engine open.
    command = [sys.executable, "-m", "bench", *arguments]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_every_way_gives_the_same_numbers_and_the_report_is_written(tmp_path: Path) -> None:
    output = tmp_path / "RESULTS.md"
    output.write_text("# Measured speed\n\n## Measured by another command\n\nIts figures.\n", "utf-8")
    said = bench(
        "--events", "40000", "--rounds", "1", "--skip-collection", "--mails", "0", "--travellers", "0",
        "--data", str(tmp_path / "stores"), "--output", str(output),
    )  # fmt: skip

    assert "differs" not in said
    text = output.read_text(encoding="utf-8")
    assert "gives other numbers" not in text
    rows = dict(re.findall(r"^\| ([^|]+?) \| [\d.]+ s \| [\d.]+ s \| ([\d.]+) \(", text, re.M))
    assert tuple(rows) == ANALYSES
    for fact in ("processor", "memory", "chdb-core", "duckdb", "On disk:"):
        assert fact in text
    assert text.endswith("\n\n## Measured by another command\n\nIts figures.\n")


def test_a_load_over_http_is_acknowledged_kept_and_reported(tmp_path: Path) -> None:
    output = tmp_path / "RESULTS.md"
    bench(
        "--events", "5000", "--seconds", "1", "--loads", "1", "--skip-analyses",
        "--mails", "40", "--travellers", "200", "--output", str(output),
    )  # fmt: skip

    text = output.read_text(encoding="utf-8")
    found = re.search(r"([\d,]+) events were acknowledged, (\d+) are not there, (\d+) are there twice", text)
    assert found is not None
    acknowledged, lost, doubled = (int(figure.replace(",", "")) for figure in found.groups())
    assert acknowledged > 0
    assert (lost, doubled) == (0, 0)
    assert "failed" not in text
    assert re.search(r"one event a request, 64 connections \| [\d,]+/s", text)
    assert re.search(r"^40 mails with HTML", section_in(text, OUTBOX), re.M)
    assert "| messages queued | 1" in section_in(text, JOURNEYS), "of 200 people 30 % had paid"


def test_the_section_of_boards_is_replaced_and_outlives_the_rest_of_the_report() -> None:
    def measured(first: float) -> str:
        return section([[BoardSeconds("Channels", 5, first, 2.0, 0.01)] * 3], "two cores")

    report = "# Measured speed\n\n## Analyses\n\nFast.\n"
    once = with_section(report, HEAD, measured(1.5))
    assert once.startswith(report)
    assert "| Channels | 5 | 1.50 s | 2.00 s | 0.010 s |" in once
    again = with_section(once, HEAD, measured(2.5))
    assert again == with_section(report, HEAD, measured(2.5))
    assert with_section(report, HEAD, section_in(again, HEAD)) == again
    assert with_section(report, HEAD, section_in(report, HEAD)) == report
