"""Making, changing, copying and reading campaigns."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bihuan.access import Caller
from bihuan.campaigns import repository
from bihuan.campaigns.activity import log
from bihuan.campaigns.errors import (
    CampaignFixed,
    CampaignKept,
    CampaignNotFound,
)
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.owners import hand_to
from bihuan.campaigns.plan.schemas import Plan
from bihuan.campaigns.schemas import CampaignChange, CampaignInput, CampaignOutput
from bihuan.campaigns.states.transitions import state_words, verbs_from
from bihuan.campaigns.templates.catalogue import find_template
from bihuan.database import utc_now
from bihuan.insights import author_of

_DERIVED = ("plan", "actions", "expected", "planned_cost", "actual_cost")


def get_campaign(
    session: Session, project_id: str, campaign_id: str, *, for_update: bool = False
) -> Campaign:
    """One campaign. Raises ``CampaignNotFound``."""
    found = repository.find_campaign(session, project_id, campaign_id, for_update=for_update)
    if found is None:
        raise CampaignNotFound(campaign_id=campaign_id)
    return found


def plan_of(row: Campaign) -> Plan:
    """The plan of a campaign as a value."""
    return Plan.model_validate(row.plan)


def create_campaign(session: Session, caller: Caller, given: CampaignInput, language: str = "zh") -> Campaign:
    """Begin a draft, its template's words in a language. Raises ``CampaignTemplateNotFound``."""
    template = None if given.template is None else find_template(given.template)
    plan = given.plan or (Plan() if template is None else template.plan(language))
    lever = given.lever or ("activate" if template is None else template.lever)
    row = new_row(caller, given.name, lever, plan)
    row.description, row.template = given.description, given.template
    if given.owner_id is not None:
        hand_to(session, row, given.owner_id)
    session.add(row)
    session.flush()
    log(session, caller, row, "created", {"template": given.template})
    return row


def new_row(caller: Caller, name: str, lever: str, plan: Plan) -> Campaign:
    """A draft that is in no session yet."""
    by = author_of(caller).model_dump()
    row = Campaign(project_id=caller.project.id, name=name, lever=lever, created_by=by, updated_by=by)
    if caller.actor.kind == "member":
        row.owner_id, row.owner_name = caller.actor.id, caller.actor.name
    else:
        row.owner_id, row.owner_name = None, ""
    row.description, row.status, row.revision, row.round = "", "draft", 1, 0
    _keep(row, plan)
    return row


def change_campaign(session: Session, caller: Caller, campaign_id: str, change: CampaignChange) -> Campaign:
    """Give a campaign new values; its plan only while it is a draft.

    Raises:
        CampaignNotFound, CampaignFixed, ChangedMeanwhile.
    """
    row = get_campaign(session, caller.project.id, campaign_id, for_update=True)
    row.require_revision(change.revision, caller.project.time_zone)
    if row.status != "draft" and (change.plan is not None or change.lever is not None):
        raise CampaignFixed(name=row.name, path="plan", **state_words(row.status))
    given = change.model_dump(include={"name", "description", "lever"}, exclude_none=True)
    before = {name: getattr(row, name) for name in given}
    if change.plan is not None:
        given["plan"], before["plan"] = _differing(row.plan, change.plan.model_dump(mode="json"))
        _keep(row, change.plan)
    for name in ("name", "description", "lever"):
        setattr(row, name, given.get(name, getattr(row, name)))
    if "owner_id" in change.model_fields_set:
        before["owner"] = row.owner_name
        hand_to(session, row, change.owner_id)
        given["owner"] = row.owner_name
    author = author_of(caller).model_dump()
    if change.plan is not None or change.lever is not None:
        row.saved(author)
    row.updated_by, row.updated_at = author, utc_now()
    session.flush()
    log(session, caller, row, "changed", given, before=before)
    return row


def delete_campaign(session: Session, caller: Caller, campaign_id: str) -> None:
    """Delete a draft with all that belongs to it. Raises ``CampaignNotFound``, ``CampaignKept``."""
    row = get_campaign(session, caller.project.id, campaign_id, for_update=True)
    if row.status != "draft":
        raise CampaignKept(name=row.name, **state_words(row.status))
    log(session, caller, row, "deleted")
    session.flush()
    session.delete(row)


def outputs(session: Session, rows: list[Campaign]) -> list[CampaignOutput]:
    """Campaigns on the wire."""
    sums = repository.cost_sums(session, [row.id for row in rows])
    return [_output(row, sums) for row in rows]


def output(session: Session, row: Campaign) -> CampaignOutput:
    """One campaign on the wire."""
    return outputs(session, [row])[0]


def _output(row: Campaign, sums: dict[tuple[str, str], float]) -> CampaignOutput:
    plan = plan_of(row)
    values = {name: getattr(row, name) for name in CampaignOutput.model_fields if name not in _DERIVED}
    values |= {"plan": plan, "actions": verbs_from(row.status), "expected": plan.hypothesis.expected}
    values |= {f"{kind}_cost": sums.get((row.id, kind), 0.0) for kind in ("planned", "actual")}
    return CampaignOutput.model_validate(values)


def _keep(row: Campaign, plan: Plan) -> None:
    row.plan = plan.model_dump(mode="json")
    row.starts_at, row.ends_at = plan.starts_at, plan.ends_at


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before.get(name) != after[name]]
    return {name: after[name] for name in names}, {name: before.get(name) for name in names}
