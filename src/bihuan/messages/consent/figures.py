"""How many people said what, and in which words they were asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bihuan.messages.consent.models import Consent, Proof, Suppression
from bihuan.messages.consent.schemas import moment

Model = TypeVar("Model", bound=BaseModel)
MOST_WORDINGS = 200
MOST_EXPORTED = 1_000_000
_COLUMNS = ("medium", "shown", "person_id", "reason", "detail", "at", "expires")


class ConsentCount(BaseModel):
    """How many people are in a state."""

    purpose: str
    medium: str
    state: str
    confirmed: bool
    people: int


class SuppressionCount(BaseModel):
    """How many entries there are for a reason."""

    medium: str
    reason: str
    count: int


class WordingOutput(BaseModel):
    """Words that people were shown when they said something, from where, and when first and last."""

    purpose: str
    medium: str
    action: str
    source: str
    language: str
    wording: str
    count: int
    first_at: datetime
    last_at: datetime


class ConsentFigures(BaseModel):
    """Counts of consents and suppressions, and the wordings that were used last."""

    consents: list[ConsentCount]
    suppressions: list[SuppressionCount]
    wordings: list[WordingOutput]


def figures(session: Session, project_id: str) -> ConsentFigures:
    """The figures of a project; three statements."""
    of = (Consent.purpose, Consent.medium, Consent.state, Consent.confirmed)
    said = session.execute(
        select(*of, func.count()).where(Consent.project_id == project_id).group_by(*of).order_by(*of)
    )
    by = (Suppression.medium, Suppression.reason)
    never = session.execute(
        select(*by, func.count()).where(Suppression.project_id == project_id).group_by(*by).order_by(*by)
    )
    return ConsentFigures(
        consents=[_as(ConsentCount, row) for row in said],
        suppressions=[_as(SuppressionCount, row) for row in never],
        wordings=_wordings(session, project_id),
    )


def _wordings(session: Session, project_id: str) -> list[WordingOutput]:
    of = (Proof.purpose, Proof.medium, Proof.action, Proof.source, Proof.language, Proof.wording)
    last = func.max(Proof.at_ms)
    wanted = select(*of, func.count(), func.min(Proof.at_ms), last).where(
        Proof.project_id == project_id, Proof.wording != ""
    )
    rows = session.execute(wanted.group_by(*of).order_by(last.desc()).limit(MOST_WORDINGS))
    return [_as(WordingOutput, (*row[:-2], moment(row[-2]), moment(row[-1]))) for row in rows]


def suppressions_csv(rows: Iterable[Suppression]) -> Iterator[str]:
    """The list as CSV, with the mark by which Excel knows UTF-8; addresses are masked, as they are kept."""
    yield "\ufeff" + _line(_COLUMNS)
    for row in rows:
        expires = "" if row.expires_ms is None else moment(row.expires_ms).isoformat()
        person = "" if row.person_id is None else f"#{row.person_id}"
        at = moment(row.at_ms).isoformat()
        yield _line([row.medium, row.shown, person, row.reason, row.detail, at, expires])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    # A cell that begins so is a formula to spreadsheets.
    csv.writer(out).writerow([f"'{each}" if each[:1] in ("=", "+", "-", "@") else each for each in cells])
    return out.getvalue()


def _as(model: type[Model], row: Iterable[Any]) -> Model:
    return model.model_validate(dict(zip(model.model_fields, row, strict=True)))
