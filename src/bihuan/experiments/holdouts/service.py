"""Setting the global holdout, and asking for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics.conditions import everyone_sql
from bihuan.audiences.subjects import check_definition, log_context, log_until_now
from bihuan.database import new_id, utc_now
from bihuan.experiments.errors import HoldoutNotFound
from bihuan.experiments.holdouts.membership import HeldOut, round_of, stored
from bihuan.experiments.holdouts.models import GlobalHoldout
from bihuan.experiments.holdouts.schemas import HoldoutInput, HoldoutOutput, HoldoutSize
from bihuan.insights import Author
from bihuan.warehouse import ProjectStore


def held_out(session: Session, project_id: str, at: datetime | None = None) -> HeldOut | None:
    """Who is held out of everything, now or at a time; None where nobody is."""
    row = session.get(GlobalHoldout, project_id)
    return None if row is None else HeldOut.at(row, at or utc_now())


def get_holdout(session: Session, project_id: str) -> GlobalHoldout:
    """The row. Raises ``HoldoutNotFound``."""
    row = session.get(GlobalHoldout, project_id)
    if row is None:
        raise HoldoutNotFound
    return row


def set_holdout(
    session: Session, project: Project, store: ProjectStore, author: Author, given: HoldoutInput
) -> tuple[dict[str, Any] | None, GlobalHoldout]:
    """Hold people out. A larger share adds people to those of before; a new rotation draws anew.

    Returns what it was before, and the row. Raises what ``check_definition`` raises.
    """
    row = session.get(GlobalHoldout, project.id)
    before = None if row is None else {"percent": row.percent, "rotation_days": row.rotation_days}
    if row is None:
        row = GlobalHoldout(project_id=project.id, salt=new_id(), started_at=utc_now())
        session.add(row)
    elif row.rotation_days != given.rotation_days:
        row.salt, row.started_at = new_id(), utc_now()
    if given.excluded is not None:
        with session.no_autoflush:
            check_definition(session, project, store, "", given.excluded, "excluded")
    row.percent, row.rotation_days = given.percent, given.rotation_days
    row.excluded = stored(given.excluded)
    row.updated_by, row.updated_at = author.model_dump(), utc_now()
    session.flush()
    return before, row


def size_of(project: Project, store: ProjectStore, held: HeldOut) -> HoldoutSize:
    """How many people are held out now."""
    everyone = everyone_sql(log_until_now(project, store))
    rows = store.engine.rows(
        f"SELECT countIf({held.sql(log_context(project, store))}), count() FROM (\n{everyone}\n)"
    )
    return HoldoutSize(people=rows[0][0], of=rows[0][1])


def output(row: GlobalHoldout) -> HoldoutOutput:
    """The holdout on the wire."""
    number = round_of(row, utc_now())
    ends = None
    if row.rotation_days is not None:
        ends = row.started_at + timedelta(days=row.rotation_days) * (number + 1)
    names = [name for name in HoldoutOutput.model_fields if name not in ("round", "next_round_at")]
    values = {name: getattr(row, name) for name in names}
    return HoldoutOutput.model_validate({**values, "round": number, "next_round_at": ends})
