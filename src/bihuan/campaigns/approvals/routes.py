"""``/api/projects/{project_id}/campaign-approval-rules`` and the approvals of a campaign."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bihuan.access import ControlDatabase, InsightEditor, ProjectManager, Viewer
from bihuan.campaigns.approvals import service
from bihuan.campaigns.approvals.models import ApprovalRule
from bihuan.campaigns.approvals.schemas import (
    ApprovalState,
    DecisionInput,
    RuleInput,
    RuleOutput,
)
from bihuan.campaigns.plan.people import size_of_row
from bihuan.campaigns.service import get_campaign
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, newest_first

router = APIRouter(prefix="/api/projects/{project_id}", tags=["campaigns"])


@router.get("/campaign-approval-rules")
def list_rules(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[RuleOutput]:
    """The rules, the newest first."""
    with database.read_session() as session:
        rows, after = newest_first(session, service.rules(caller.project.id), ApprovalRule.id, cursor, limit)
    return Page(items=[RuleOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/campaign-approval-rules", status_code=201)
def create_rule(caller: ProjectManager, database: ControlDatabase, body: RuleInput) -> RuleOutput:
    """Have campaigns above a budget or a reach need the agreement of some roles."""
    with database.session() as session:
        row = service.create_rule(session, caller, body)
        session.flush()
        return RuleOutput.model_validate(row)


@router.delete("/campaign-approval-rules/{rule_id}", status_code=204)
def delete_rule(caller: ProjectManager, database: ControlDatabase, rule_id: Identifier) -> None:
    """Need it no longer."""
    with database.session() as session:
        service.delete_rule(session, caller, rule_id)


@router.get("/campaigns/{campaign_id}/approvals")
def get_approvals(
    caller: Viewer, database: ControlDatabase, request: Request, campaign_id: Identifier
) -> ApprovalState:
    """Who has to agree, and who did."""
    with database.read_session() as session:
        row = get_campaign(session, caller.project.id, campaign_id)
        size = size_of_row(request.app.state.people(caller.project.id).store, row)
        return service.state_of(session, row, audience_size=size)


@router.post("/campaigns/{campaign_id}/approvals", status_code=201)
def decide(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    campaign_id: Identifier,
    body: DecisionInput,
) -> ApprovalState:
    """Agree or refuse, as a member in a role that a rule names; nobody decides on their own work."""
    with database.read_session() as session:
        row = get_campaign(session, caller.project.id, campaign_id)
    size = size_of_row(request.app.state.people(caller.project.id).store, row)
    with database.session() as session:
        row = get_campaign(session, caller.project.id, campaign_id, for_update=True)
        return service.decide(session, caller, row, body, audience_size=size)
