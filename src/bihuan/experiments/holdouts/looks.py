"""Readings of the global holdout: each is kept, and a question is read again every day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.database import Database, utc_now
from bihuan.experiments.holdouts.models import GlobalHoldout, HoldoutLook
from bihuan.experiments.holdouts.schemas import HoldoutQuestion, HoldoutReading
from bihuan.experiments.holdouts.service import get_holdout
from bihuan.experiments.holdouts.showing import counts_since, shown_since
from bihuan.experiments.readings.course import CourseOutput, course_of, thinned
from bihuan.experiments.readings.schemas import Reading
from bihuan.kernel.hashing import key64
from bihuan.warehouse import ProjectStore

# The schedule reads the questions that members asked lately, so that no question is read for ever.
ASKED_DAYS, MOST_DAILY = 30, 10


def read_holdout(
    database: Database, project: Project, store: ProjectStore, question: HoldoutQuestion, *, cause: str
) -> HoldoutReading:
    """Take a reading now and keep it. Raises ``HoldoutNotFound`` and what the engine raises."""
    with database.read_session() as session:
        row = get_holdout(session, project.id)
        session.expunge(row)
    since, reading = shown_since(project, store, row, question)
    look = HoldoutLook(project_id=project.id, since=since, at=utc_now(), cause=cause)
    look.question_key, look.question = key_of(question), question.model_dump(mode="json")
    look.reading = reading.model_dump(mode="json")
    with database.session() as session:
        session.add(look)
        session.flush()
        course = _course(session, look)
    return HoldoutReading(since=since, reading=reading, course=course)


def looks(project_id: str) -> Select[HoldoutLook]:
    """The readings that were taken in a project."""
    return select(HoldoutLook).where(HoldoutLook.project_id == project_id)


def due_questions(session: Session, project_id: str, before: datetime) -> list[HoldoutQuestion]:
    """What members asked lately of the people held out now and nobody has read since ``before``."""
    row = session.get(GlobalHoldout, project_id)
    if row is None:
        return []
    now = utc_now()
    counted = looks(project_id).where(HoldoutLook.since == counts_since(row, now))
    asked = counted.where(HoldoutLook.cause == "member", HoldoutLook.at > now - timedelta(days=ASKED_DAYS))
    newest = (
        asked.with_only_columns(func.max(HoldoutLook.id))
        .group_by(HoldoutLook.question_key)
        .order_by(func.max(HoldoutLook.at).desc())
        .limit(MOST_DAILY)
    )
    wanted = list(session.scalars(looks(project_id).where(HoldoutLook.id.in_(session.scalars(newest).all()))))
    read = set(
        session.scalars(
            counted.where(HoldoutLook.at > before).with_only_columns(HoldoutLook.question_key).distinct()
        )
    )
    return [HoldoutQuestion.model_validate(each.question) for each in wanted if each.question_key not in read]


def key_of(question: HoldoutQuestion) -> str:
    """The same for questions that differ in words alone."""
    return f"{key64(question.model_dump_json(exclude={'metrics': {'__all__': {'name'}}})):016x}"


def _course(session: Session, last: HoldoutLook) -> list[CourseOutput]:
    same = looks(last.project_id).where(
        HoldoutLook.since == last.since, HoldoutLook.question_key == last.question_key
    )
    ids = list(session.scalars(same.with_only_columns(HoldoutLook.id).order_by(HoldoutLook.id)))
    rows = session.scalars(
        select(HoldoutLook).where(HoldoutLook.id.in_(thinned(ids))).order_by(HoldoutLook.id)
    )
    return course_of([(row.at, row.cause, Reading.model_validate(row.reading)) for row in rows])
