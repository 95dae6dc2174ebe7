"""Making tasks, and ticking them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bihuan.access.members.models import Member, Membership
from bihuan.database import Database, new_id, utc_now
from bihuan.insights import Author
from bihuan.journeys.errors import MemberTaskNotFound, TaskMemberMissing
from bihuan.journeys.graph.nodes import CreateTask
from bihuan.journeys.ports import Origin, Outcome, Wanted, failed
from bihuan.journeys.tasks.models import JourneyTask
from bihuan.journeys.tasks.schemas import MemberTaskState


class MemberTasks:
    """``ports.Tasks``: rows that members see among the tasks of journeys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, origin: Origin, node: CreateTask, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
        """Make one for each, in this order; the same key makes one."""
        with self._database.session() as session:
            name = members(session, origin.project_id).get(node.member)
            if name is None:
                return [failed(TaskMemberMissing(member_id=node.member))] * len(wanted)
            rows = [
                {
                    "id": new_id(),
                    "project_id": origin.project_id,
                    "journey_id": origin.journey_id,
                    "node": origin.node,
                    "key": each.key,
                    "person_id": each.person_id,
                    "member_id": node.member,
                    "member_name": name,
                    "title": node.title,
                    "due_at": _due(node, each.at_ms),
                    "state": "open",
                    "created_at": utc_now(),
                }
                for each in wanted
            ]
            insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
            session.execute(insert(JourneyTask).on_conflict_do_nothing(), rows)
        return [Outcome()] * len(wanted)


def members(session: Session, project_id: str) -> dict[str, str]:
    """The names of the members of a project, by id."""
    joined = select(Member.id, Member.name).join(Membership, Membership.member_id == Member.id)
    return {row[0]: row[1] for row in session.execute(joined.where(Membership.project_id == project_id))}


def tasks(project_id: str, *, state: MemberTaskState | None, member_id: str | None) -> Select[JourneyTask]:
    """Tasks of a project: of all members, or of one."""
    wanted = select(JourneyTask).where(JourneyTask.project_id == project_id)
    if state is not None:
        wanted = wanted.where(JourneyTask.state == state)
    return wanted if member_id is None else wanted.where(JourneyTask.member_id == member_id)


def set_state(
    session: Session, project_id: str, task_id: str, state: MemberTaskState, by: Author
) -> JourneyTask:
    """Tick a task off, or open it again. Raises ``MemberTaskNotFound``."""
    row = session.get(JourneyTask, task_id)
    if row is None or row.project_id != project_id:
        raise MemberTaskNotFound(task_id=task_id)
    if row.state != state:
        row.state = state
        row.done_at, row.done_by = (utc_now(), by.model_dump()) if state == "done" else (None, None)
    return row


def _due(node: CreateTask, at_ms: int) -> datetime | None:
    if node.due is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, UTC) + timedelta(milliseconds=node.due.milliseconds)
