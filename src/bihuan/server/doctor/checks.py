"""What a check is, and how its findings are said."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from bihuan.kernel.errors import Language

CheckState = Literal["ok", "warn", "fail"]


class Check(BaseModel):
    """One finding."""

    name: str = Field(description="Stable; for programs.")
    state: CheckState
    detail: str
    mend: str | None = Field(default=None, description="What to do about it; null when nothing is wrong.")


class Findings:
    """Collects checks in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.checks: list[Check] = []

    def say(self, en: str, zh: str) -> str:
        """The sentence in the reader's language."""
        return zh if self._language == "zh" else en

    def ok(self, name: str, detail: str) -> None:
        """Nothing is wrong."""
        self.checks.append(Check(name=name, state="ok", detail=detail))

    def bad(self, name: str, state: CheckState, detail: str, en: str, zh: str) -> None:
        """Something is wrong; ``en`` and ``zh`` say how to mend it."""
        self.checks.append(Check(name=name, state=state, detail=detail, mend=self.say(en, zh)))
