"""``/api/projects/{project_id}/campaigns``: the campaign itself, what was said and done, what it costs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from bihuan.access import ControlDatabase, InsightEditor, Viewer
from bihuan.campaigns import repository, service, talk
from bihuan.campaigns.judging.reports import measured_hypothesis
from bihuan.campaigns.models import Campaign, CampaignActivity, CampaignComment
from bihuan.campaigns.plan.copying import add_template_tasks, copy_campaign
from bihuan.campaigns.plan.schemas import Lever
from bihuan.campaigns.schemas import (
    ActivityOutput,
    CampaignChange,
    CampaignInput,
    CampaignOutput,
    CommentInput,
    CommentOutput,
    CopyInput,
    CostInput,
    CostOutput,
    Money,
    Status,
)
from bihuan.campaigns.templates.catalogue import TEMPLATES
from bihuan.campaigns.templates.template import Template
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, Search, newest_first
from bihuan.kernel.errors import Language

router = APIRouter(prefix="/api/projects/{project_id}", tags=["campaigns"])
Statuses = Annotated[list[Status] | None, Query(alias="status", max_length=7)]
InLanguage = Annotated[Language, Query(description="In which language a template's tasks are written.")]


@router.get("/campaign-templates")
def list_templates(caller: Viewer) -> list[Template]:
    """Ready campaigns to begin with: goal, audience, timeline, tasks and drafts in Chinese and English."""
    return list(TEMPLATES)


@router.get("/campaigns")
def list_campaigns(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    statuses: Statuses = None,
    lever: Lever | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[CampaignOutput]:
    """The campaigns, the newest first; ``search`` looks in names."""
    wanted = repository.campaigns(caller.project.id, search=search, status=statuses or (), lever=lever)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Campaign.id, cursor, limit)
        return Page(items=service.outputs(session, rows), next_cursor=after)


@router.post("/campaigns", status_code=201)
def create_campaign(
    caller: InsightEditor, database: ControlDatabase, body: CampaignInput, language: InLanguage = "zh"
) -> CampaignOutput:
    """Begin a campaign as a draft, maybe from a template, with its tasks."""
    with database.session() as session:
        row = service.create_campaign(session, caller, body, language)
        if body.template is not None:
            add_template_tasks(session, caller, row, body.template, language)
        return service.output(session, row)


@router.get("/campaigns/{campaign_id}")
def get_campaign(caller: Viewer, database: ControlDatabase, campaign_id: Identifier) -> CampaignOutput:
    """One campaign."""
    with database.read_session() as session:
        return service.output(session, service.get_campaign(session, caller.project.id, campaign_id))


@router.patch("/campaigns/{campaign_id}")
def change_campaign(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, body: CampaignChange
) -> CampaignOutput:
    """Give a campaign new values; its plan only while it is a draft."""
    with database.session() as session:
        return service.output(session, service.change_campaign(session, caller, campaign_id, body))


@router.delete("/campaigns/{campaign_id}", status_code=204)
def delete_campaign(
    caller: InsightEditor, database: ControlDatabase, request: Request, campaign_id: Identifier
) -> None:
    """Delete a draft with its tasks, files and comments."""
    with database.session() as session:
        service.delete_campaign(session, caller, campaign_id)
    request.app.state.campaign_files.remove_all(caller.project.id, campaign_id)


@router.post("/campaigns/{campaign_id}/copy", status_code=201)
def copy(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, body: CopyInput
) -> CampaignOutput:
    """Start the next one from this: its plan, tasks and planned costs; maybe what was measured."""
    with database.session() as session:
        past = service.get_campaign(session, caller.project.id, campaign_id)
        measured = measured_hypothesis(session, past) if body.from_report else None
        return service.output(session, copy_campaign(session, caller, past, body.name, measured))


@router.get("/campaigns/{campaign_id}/activity")
def list_activity(
    caller: Viewer,
    database: ControlDatabase,
    campaign_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[ActivityOutput]:
    """Who did what, the newest first."""
    with database.read_session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id)
        found, after = newest_first(
            session, repository.activities(row.id), CampaignActivity.id, cursor, limit
        )
    return Page(items=[ActivityOutput.model_validate(each) for each in found], next_cursor=after)


@router.get("/campaigns/{campaign_id}/comments")
def list_comments(
    caller: Viewer,
    database: ControlDatabase,
    campaign_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[CommentOutput]:
    """What was said, the newest first."""
    with database.read_session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id)
        found, after = newest_first(session, repository.comments(row.id), CampaignComment.id, cursor, limit)
    return Page(items=[CommentOutput.model_validate(each) for each in found], next_cursor=after)


@router.post("/campaigns/{campaign_id}/comments", status_code=201)
def add_comment(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, body: CommentInput
) -> CommentOutput:
    """Say something."""
    with database.session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id)
        return CommentOutput.model_validate(talk.add_comment(session, caller, row, body.text))


@router.patch("/campaigns/{campaign_id}/comments/{comment_id}")
def change_comment(
    caller: InsightEditor,
    database: ControlDatabase,
    campaign_id: Identifier,
    comment_id: Identifier,
    body: CommentInput,
) -> CommentOutput:
    """Put one's own comment otherwise."""
    with database.session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id)
        return CommentOutput.model_validate(talk.change_comment(session, caller, row, comment_id, body.text))


@router.delete("/campaigns/{campaign_id}/comments/{comment_id}", status_code=204)
def delete_comment(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, comment_id: Identifier
) -> None:
    """Take one's own comment back."""
    with database.session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id)
        talk.delete_comment(session, caller, row, comment_id)


@router.get("/campaigns/{campaign_id}/costs")
def get_costs(caller: Viewer, database: ControlDatabase, campaign_id: Identifier) -> Money:
    """What it is planned to cost, and what was spent."""
    with database.read_session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id)
        return talk.money_of(session, row, caller.project.currency)


@router.post("/campaigns/{campaign_id}/costs", status_code=201)
def add_cost(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, body: CostInput
) -> CostOutput:
    """Add a line of money; planned ones only to a draft."""
    with database.session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id, for_update=True)
        return CostOutput.model_validate(talk.add_cost(session, caller, row, body))


@router.delete("/campaigns/{campaign_id}/costs/{cost_id}", status_code=204)
def delete_cost(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, cost_id: Identifier
) -> None:
    """Take a line of money out; planned ones only of a draft."""
    with database.session() as session:
        row = service.get_campaign(session, caller.project.id, campaign_id, for_update=True)
        talk.delete_cost(session, caller, row, cost_id)
