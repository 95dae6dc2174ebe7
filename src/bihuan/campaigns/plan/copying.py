"""A new campaign from a template's tasks or from a past campaign."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bihuan.access import Caller
from bihuan.campaigns import repository
from bihuan.campaigns.activity import log
from bihuan.campaigns.models import Campaign, CampaignCost
from bihuan.campaigns.plan.schemas import Hypothesis
from bihuan.campaigns.service import new_row, plan_of
from bihuan.campaigns.templates.catalogue import find_template
from bihuan.campaigns.work.models import CampaignTask
from bihuan.campaigns.work.service import tasks
from bihuan.database import new_id
from bihuan.insights import author_of


def add_template_tasks(session: Session, caller: Caller, row: Campaign, key: str, language: str) -> None:
    """Give a new campaign its template's tasks, due as many days from its start as the template says."""
    for each in sorted(find_template(key).tasks, key=lambda task: task.day):
        title = getattr(each.title, language)
        due = None if row.starts_at is None else row.starts_at + timedelta(days=each.day)
        session.add(_task(row, caller, title, due))
    session.flush()


def copy_campaign(
    session: Session, caller: Caller, past: Campaign, name: str, measured: Hypothesis | None = None
) -> Campaign:
    """A draft with the plan, planned costs and tasks of a past campaign, and no times yet.

    Args:
        measured: what was measured, as the new hypothesis; the past one's if not given.
    """
    plan = plan_of(past).model_copy(update={"starts_at": None, "ends_at": None})
    if measured is not None:
        plan = plan.model_copy(update={"hypothesis": measured})
    row = new_row(caller, name, past.lever, plan)
    row.id = new_id()
    row.description, row.template, row.copied_from = past.description, past.template, past.id
    session.add(row)
    session.flush()
    _copy_tasks(session, caller, past, row)
    for cost in session.scalars(repository.costs(past.id)):
        if cost.kind == "planned":
            by = author_of(caller).model_dump()
            values = {"category": cost.category, "label": cost.label, "amount": cost.amount}
            session.add(CampaignCost(campaign_id=row.id, kind="planned", created_by=by, **values))
    session.flush()
    log(session, caller, row, "copied", {"from": past.id, "measured": measured is not None})
    return row


def _copy_tasks(session: Session, caller: Caller, past: Campaign, row: Campaign) -> None:
    known: dict[str, CampaignTask] = {}
    for each in session.scalars(tasks(past.id)):
        made = _task(row, caller, each.title, None)
        made.description, made.required = each.description, each.required
        made.owner_id, made.owner_name = each.owner_id, each.owner_name
        made.checklist = [{**item, "done": False} for item in each.checklist]
        made.depends_on = list(each.depends_on)
        known[each.id] = made
    for made in known.values():
        made.depends_on = [known[each].id for each in made.depends_on if each in known]
        session.add(made)


def _task(row: Campaign, caller: Caller, title: str, due: datetime | None) -> CampaignTask:
    by = author_of(caller).model_dump()
    made = CampaignTask(id=new_id(), campaign_id=row.id, title=title, due_at=due, created_by=by)
    made.description, made.owner_name, made.state, made.required = "", "", "open", False
    made.checklist, made.depends_on = [], []
    return made
