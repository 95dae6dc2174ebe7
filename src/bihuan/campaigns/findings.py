"""What is missing or noteworthy about a campaign: where, and how to mend it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

Level = Literal["block", "warn", "note"]


class Sentence(BaseModel):
    """A sentence in both languages."""

    en: str
    zh: str


class Finding(BaseModel):
    """Something a check found. ``block``: the campaign cannot start with it.

    Attributes:
        code: stable name of what was found.
        path: where in the campaign it is.
        figures: the numbers behind the sentence.
    """

    code: str
    level: Level
    path: str
    message: Sentence
    hint: Sentence | None = None
    figures: dict[str, Any] = Field(default_factory=dict)


def block(code: str, path: str, said: tuple[str, str], mend: tuple[str, str], **figures: Any) -> Finding:
    """Something that must be mended first; sentences are (English, Chinese)."""
    return _finding("block", code, path, said, mend, figures)


def warn(code: str, path: str, said: tuple[str, str], mend: tuple[str, str], **figures: Any) -> Finding:
    """Something that had better be mended."""
    return _finding("warn", code, path, said, mend, figures)


def note(code: str, path: str, said: tuple[str, str], **figures: Any) -> Finding:
    """Something to know."""
    return _finding("note", code, path, said, None, figures)


def blocking(findings: list[Finding]) -> list[Finding]:
    """Those that must be mended first."""
    return [each for each in findings if each.level == "block"]


def _finding(
    level: Level,
    code: str,
    path: str,
    said: tuple[str, str],
    mend: tuple[str, str] | None,
    figures: dict[str, Any],
) -> Finding:
    hint = None if mend is None else Sentence(en=mend[0], zh=mend[1])
    message = Sentence(en=said[0], zh=said[1])
    return Finding(code=code, level=level, path=path, message=message, hint=hint, figures=figures)
