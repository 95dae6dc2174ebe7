"""Hillstrom's mailing as people and events of a log."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from pathlib import Path

from bihuan.analytics.reference import LogEvent, Properties
from bihuan.kernel.hashing import key64

MAILED_MS = 1_767_225_600_000  # 2026-01-01
HOUR_MS = 3_600_000
CONTROL, MENS, WOMENS = "No E-Mail", "Mens E-Mail", "Womens E-Mail"


def rows(path: Path) -> list[dict[str, str]]:
    """One row a person."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def person(number: int) -> int:
    """The person of a row."""
    return key64(f"h{number}")


def events(path: Path) -> Iterator[LogEvent]:
    """Everybody is drawn into a segment; some visit an hour later, some buy."""
    for number, row in enumerate(rows(path)):
        yield _event(number, "drawn", 0, {"segment": row["segment"], "newbie": row["newbie"]})
        if row["visit"] == "1":
            yield _event(number, "visited", 1, {})
        if row["conversion"] == "1":
            yield _event(number, "bought", 2, {"$revenue": float(row["spend"])})


def _event(number: int, name: str, hours: int, properties: Properties) -> LogEvent:
    return LogEvent(
        event=name,
        time_ms=MAILED_MS + hours * HOUR_MS,
        person=person(number),
        distinct_id=f"h{number}",
        properties=properties,
        event_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{number}/{name}"),
    )
