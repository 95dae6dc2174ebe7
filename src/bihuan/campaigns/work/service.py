"""Tasks of a campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.access import Caller
from bihuan.campaigns.activity import log
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.owners import owner_of
from bihuan.campaigns.work.dependencies import circle_from
from bihuan.campaigns.work.errors import TaskNotFound, TasksCircular, TaskWaits, TooManyTasks
from bihuan.campaigns.work.models import CampaignTask
from bihuan.campaigns.work.schemas import TaskChange, TaskInput, TaskOutput
from bihuan.database import new_id, utc_now
from bihuan.insights import author_of

MOST_TASKS = 200


def tasks(campaign_id: str) -> Select[CampaignTask]:
    """The tasks of a campaign, in the order of their making."""
    wanted = select(CampaignTask).where(CampaignTask.campaign_id == campaign_id)
    return wanted.order_by(CampaignTask.id)


def create_task(session: Session, caller: Caller, campaign: Campaign, given: TaskInput) -> CampaignTask:
    """Add a task.

    Raises:
        OwnerNotMember, TaskNotFound: it depends on one that is not there; TooManyTasks.
    """
    others = list(session.scalars(tasks(campaign.id)))
    if len(others) >= MOST_TASKS:
        raise TooManyTasks(most=MOST_TASKS)
    row = CampaignTask(id=new_id(), campaign_id=campaign.id, created_by=author_of(caller).model_dump())
    row.state = "open"
    _set(session, campaign, row, given.model_dump(mode="python"), others)
    session.add(row)
    session.flush()
    log(session, caller, campaign, "task_added", {"task": row.title, "owner": row.owner_name})
    return row


def change_task(
    session: Session, caller: Caller, campaign: Campaign, task_id: str, change: TaskChange
) -> CampaignTask:
    """Give a task new values.

    Raises:
        TaskNotFound, OwnerNotMember, TasksCircular, TaskWaits: it is begun before those it depends on.
    """
    others = list(session.scalars(tasks(campaign.id)))
    row = next((each for each in others if each.id == task_id), None)
    if row is None:
        raise TaskNotFound(task_id=task_id)
    given = change.model_dump(mode="python", exclude_unset=True)
    given = {name: value for name, value in given.items() if value is not None or name in _CLEARABLE}
    before = {name: getattr(row, name) for name in given if name not in ("checklist", "description")}
    _set(session, campaign, row, given, others)
    if row.state != "open" and "state" in given:
        waits = [each.title for each in others if each.id in row.depends_on and each.state != "done"]
        if waits:
            raise TaskWaits(title=row.title, before=", ".join(waits))
    row.done_at = None if row.state != "done" else row.done_at or utc_now()
    session.flush()
    log(
        session, caller, campaign, "task_changed", {"task": row.title, **_plain(given)}, before=_plain(before)
    )
    return row


def delete_task(session: Session, caller: Caller, campaign: Campaign, task_id: str) -> None:
    """Delete a task; what waited for it waits no longer. Raises ``TaskNotFound``."""
    found = {each.id: each for each in session.scalars(tasks(campaign.id))}
    row = found.pop(task_id, None)
    if row is None:
        raise TaskNotFound(task_id=task_id)
    for other in found.values():
        if task_id in other.depends_on:
            other.depends_on = [each for each in other.depends_on if each != task_id]
    session.delete(row)
    session.flush()
    log(session, caller, campaign, "task_deleted", {"task": row.title})


def outputs(rows: list[CampaignTask]) -> list[TaskOutput]:
    """All tasks of a campaign on the wire."""
    undone = {row.id for row in rows if row.state != "done"}
    now = utc_now()
    found = []
    for row in rows:
        names = [name for name in TaskOutput.model_fields if name not in ("waits_for", "overdue")]
        values = {name: getattr(row, name) for name in names}
        overdue = row.state != "done" and row.due_at is not None and row.due_at < now
        waits = [each for each in row.depends_on if each in undone]
        found.append(TaskOutput.model_validate({**values, "overdue": overdue, "waits_for": waits}))
    return found


_CLEARABLE = ("owner_id", "due_at")


def _set(
    session: Session,
    campaign: Campaign,
    row: CampaignTask,
    given: dict[str, Any],
    others: list[CampaignTask],
) -> None:
    if "owner_id" in given:
        owner = given["owner_id"]
        member = owner_of(session, campaign.project_id, owner)
        row.owner_name = "" if member is None else member.name
    wanted = given.get("depends_on", [])
    titles = {each.id: each.title for each in others} | {row.id: given.get("title") or row.title}
    for number, each in enumerate(wanted):
        if each not in titles:
            raise TaskNotFound(task_id=each, path=f"depends_on[{number}]")
    known = {each.id: each.depends_on for each in others} | {row.id: wanted}
    circle = circle_from(row.id, known) if "depends_on" in given else None
    if circle is not None:
        way = " → ".join(titles[each] for each in circle)
        raise TasksCircular(title=titles[row.id], circle=way, path="depends_on")
    for name, value in given.items():
        setattr(row, name, value)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
