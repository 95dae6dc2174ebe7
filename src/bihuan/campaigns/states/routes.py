"""``/api/projects/{project_id}/campaigns/{campaign_id}/do/{verb}``; preflight and progress."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer
from bihuan.campaigns.preflight.rehearsing import RehearsalOutput, rehearsal_of
from bihuan.campaigns.preflight.schemas import Preflight
from bihuan.campaigns.preflight.service import preflight
from bihuan.campaigns.running.errors import CampaignNotBegun
from bihuan.campaigns.running.messenger import occurrence_of
from bihuan.campaigns.running.models import Launch
from bihuan.campaigns.running.wiring import Campaigns
from bihuan.campaigns.schemas import CampaignOutput, TransitionInput, Verb
from bihuan.campaigns.service import get_campaign, output
from bihuan.campaigns.states.schemas import Progress
from bihuan.campaigns.states.service import Asked
from bihuan.database import utc_now
from bihuan.insights import Identifier

router = APIRouter(prefix="/api/projects/{project_id}/campaigns/{campaign_id}", tags=["campaigns"])
AnyVerb = Annotated[Verb, Path(description="What to do; GET the campaign for what can be done.")]


@router.get("/preflight")
def get_preflight(caller: Viewer, request: Request, sight: CallerSight, campaign_id: Identifier) -> Preflight:
    """What would happen if it began now, and what is missing and how to mend it; nothing is sent."""
    ground = _campaigns(request).ground(caller.project.id)
    found = preflight(ground, campaign_id, sight.mask)
    if found.samples:
        sight.saw("campaign_preflight", campaign_id)
    return found


@router.get("/rehearsal")
def get_rehearsal(
    caller: Viewer,
    request: Request,
    sight: CallerSight,
    campaign_id: Identifier,
    doubt: Annotated[float, Query(ge=0, le=2, description="Standard error of effect and value.")] = 0.5,
    cost_per_message: Annotated[
        float | None, Query(ge=0, le=1e6, description="Left out: by the prices of the channels.")
    ] = None,
    runs: Annotated[int, Query(ge=100, le=10_000)] = 2_000,
) -> RehearsalOutput:
    """The plan played through on simulated people: what may come out, before anything is spent."""
    ground = _campaigns(request).ground(caller.project.id)
    mask = sight.mask.hiding()
    return rehearsal_of(ground, campaign_id, mask, doubt=doubt, cost_per_message=cost_per_message, runs=runs)


@router.get("/progress")
def get_progress(
    caller: Viewer, database: ControlDatabase, request: Request, campaign_id: Identifier
) -> Progress:
    """How far a campaign that began is: people by arm, messages by state."""
    messenger = _campaigns(request).messenger(caller.project.id)
    with database.read_session() as session:
        row = get_campaign(session, caller.project.id, campaign_id)
        launch = session.get(Launch, row.id)
        if launch is None:
            raise CampaignNotBegun(name=row.name)
        return Progress(
            campaign=output(session, row),
            phase=launch.phase,
            arms=launch.arms,
            handed_over=launch.handed_over,
            messages=messenger.states(session, row.project_id, occurrence_of(row.id)),
            begun_at=launch.begun_at,
            ended_at=launch.ended_at,
            error=launch.error,
        )


@router.post("/do/{verb}")
def act(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    campaign_id: Identifier,
    verb: AnyVerb,
    body: TransitionInput,
) -> CampaignOutput:
    """Submit, withdraw, schedule, unschedule, start, pause, resume, finish or evaluate a campaign."""
    campaigns = _campaigns(request)
    asked = Asked(caller, caller.permissions, utc_now(), note=body.note)
    with database.read_session() as session:
        get_campaign(session, caller.project.id, campaign_id)
    if verb == "evaluate":
        campaigns.evaluate(caller.project.id, campaign_id, asked)
    else:
        campaigns.conductor(caller.project.id).act(campaign_id, verb, asked)
    with database.read_session() as session:
        return output(session, get_campaign(session, caller.project.id, campaign_id))


def _campaigns(request: Request) -> Campaigns:
    found: Campaigns = request.app.state.campaigns
    return found
