"""Sections of the report that commands of their own write."""

from __future__ import annotations

import re


def with_section(report: str, head: str, section: str) -> str:
    """A report with this section under ``head`` (a line ``## …``) instead of one that it has."""
    rest = re.sub(rf"\n*^{head}\n.*?(?=^## |\Z)", "\n\n", report, flags=re.M | re.S)
    return f"{rest.rstrip()}\n\n{section}" if section else rest


def section_in(report: str, head: str) -> str:
    """The section under ``head`` in a report; empty when it has none."""
    found = re.search(rf"^{head}\n.*?(?=^## |\Z)", report, flags=re.M | re.S)
    return found.group() if found else ""


def heads_in(report: str) -> list[str]:
    """The lines ``## …`` of a report, in order."""
    return re.findall(r"^## .+$", report, flags=re.M)
