"""The calendar as iCalendar (RFC 5545) and as rows for a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bihuan.campaigns.calendar.schemas import Calendar, Due, Entry

_LINE_BYTES = 75
_TASK_STATES = {True: "COMPLETED", False: "NEEDS-ACTION"}


def ics_of(calendar: Calendar, name: str, now: datetime) -> str:
    """An iCalendar object: an event for each campaign, a to-do for each task that is due."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bihuan//Campaigns//EN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in calendar.entries:
        lines += _event(entry, now)
    for task in calendar.tasks:
        lines += _todo(task, now)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(entry: Entry, now: datetime) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.campaign_id}@bihuan"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"DTSTART:{_utc(entry.starts_at)}"
    if entry.ends_at is not None and entry.ends_at > entry.starts_at:
        yield f"DTEND:{_utc(entry.ends_at)}"
    yield f"SUMMARY:{_text(entry.name)}"
    yield f"CATEGORIES:{_text(entry.lever)},{_text(entry.status)}"
    yield "STATUS:" + ("TENTATIVE" if entry.status in ("draft", "review") else "CONFIRMED")
    yield "END:VEVENT"


def _todo(task: Due, now: datetime) -> Iterable[str]:
    yield "BEGIN:VTODO"
    yield f"UID:{task.task_id}@bihuan"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"DUE:{_utc(task.due_at)}"
    yield f"SUMMARY:{_text(f'{task.campaign}: {task.title}')}"
    yield f"STATUS:{_TASK_STATES[task.done]}"
    yield "END:VTODO"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text.replace("\r", "")


def _folded(line: str) -> Iterable[str]:
    """A line in pieces of at most 75 bytes, those after the first begun with a space (RFC 5545, 3.1)."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE_BYTES:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece
