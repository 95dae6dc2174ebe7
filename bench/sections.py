"""Sections of the report that commands of their own write."""

from __future__ import annotations

import re
import time
from pathlib import Path


def with_section(report: str, head: str, section: str) -> str:
    """A report with this section under ``head`` (a line ``## …``) instead of one that it has."""
    rest = re.sub(rf"\n*^{head}\n.*?(?=^## |\Z)", "\n\n", report, flags=re.M | re.S)
    return f"{rest.rstrip()}\n\n{section}" if section else rest


def section_in(report: str, head: str) -> str:
    """The section under ``head`` in a report; empty when it has none."""
    found = re.search(rf"^{head}\n.*?(?=^## |\Z)", report, flags=re.M | re.S)
    return found.group() if found else ""


def write_section(output: Path, head: str, section: str) -> None:
    """Put a section into a report's file, which need not be there yet."""
    before = output.read_text(encoding="utf-8") if output.exists() else "# Measured speed\n"
    output.write_text(with_section(before, head, section), encoding="utf-8")


def say(text: str) -> None:
    """Tell how far it is, with the time of day."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def heads_in(report: str) -> list[str]:
    """The lines ``## …`` of a report, in order."""
    return re.findall(r"^## .+$", report, flags=re.M)
