"""``/api/projects/{project_id}/campaigns/{campaign_id}/report``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bihuan.access import Caller, CallerSight, ControlDatabase, Exporter, Viewer, record_act
from bihuan.analytics.run import page_sql
from bihuan.audiences.subjects import log_until_now
from bihuan.campaigns.judging.comparing import names_of
from bihuan.campaigns.judging.errors import ArmUnknown
from bihuan.campaigns.judging.export import csv_of
from bihuan.campaigns.judging.looks import Look, looks_of
from bihuan.campaigns.judging.measuring import Window, behind_sql
from bihuan.campaigns.judging.report import ran
from bihuan.campaigns.judging.reports import kept_report, report_now
from bihuan.campaigns.judging.schemas import Report
from bihuan.campaigns.judging.words import ALL
from bihuan.campaigns.plan.schemas import GLOBAL, HOLDOUT
from bihuan.campaigns.service import get_campaign
from bihuan.database import Database, Page
from bihuan.insights import Identifier, Limit, PersonBehind
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/campaigns/{campaign_id}", tags=["campaigns"])
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Fresh = Annotated[bool, Query(description="Ask the log now, not what was kept at the evaluation.")]
Of = Literal[
    "people",
    "reached",
    "converted",
    "delivered",
    "opened",
    "clicked",
    "replied",
    "bounced",
    "complained",
    "unsubscribed",
    "suppressed",
]


@router.get("/report")
def get_report(
    caller: Viewer, database: ControlDatabase, request: Request, campaign_id: Identifier, fresh: Fresh = False
) -> Report:
    """What the campaign did: as kept at its evaluation, or as it is now.

    The page of the report is printed to PDF by the browser.
    """
    return _report(caller, database, request, campaign_id, fresh=fresh)


@router.get("/report.csv", response_class=Response, responses=_CSV)
def export_report(
    caller: Exporter,
    database: ControlDatabase,
    request: Request,
    campaign_id: Identifier,
    fresh: Fresh = False,
) -> Response:
    """Every figure of the report, one a row."""
    report = _report(caller, database, request, campaign_id, fresh=fresh)
    target = ("campaign", campaign_id)
    record_act(database, caller, "export.campaign_report", target, project_id=caller.project.id)
    headers = {"content-disposition": f'attachment; filename="campaign-{campaign_id}.csv"'}
    return Response(csv_of(report), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/report/looks")
def get_looks(
    caller: Viewer, database: ControlDatabase, request: Request, campaign_id: Identifier
) -> list[Look]:
    """How the effect on conversion looked since the start, at up to 40 moments; none without a holdout."""
    store = request.app.state.people(caller.project.id).store
    with database.read_session() as session:
        of = ran(session, get_campaign(session, caller.project.id, campaign_id), {})
    return looks_of(caller.project, store, of)


@router.get("/report/people")
def people_behind(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    campaign_id: Identifier,
    arm: Annotated[str, Query(max_length=40)] = ALL,
    of: Of = "people",
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Who is behind a number of the report: people of an arm, those reached, at a step, or converted."""
    people: People = request.app.state.people(caller.project.id)
    with database.read_session() as session:
        row = get_campaign(session, caller.project.id, campaign_id)
        of_row = ran(session, row, {})
    known = [HOLDOUT, GLOBAL, ALL, *(each.name for each in of_row.plan.variants)]
    if arm not in known:
        raise ArmUnknown(arm=arm, arms=", ".join(known), path="arm")
    ctx = log_until_now(caller.project, people.store)
    window = Window.of(of_row.at_ms, of_row.outcome, ctx.now_ms)
    sql = behind_sql(ctx, campaign_id, of_row.outcome, window, of, list(names_of(of_row.plan, arm)))
    statement = page_sql(sql, None if cursor is None else int(cursor), limit + 1)
    ids = [found[0] for found in people.store.engine.rows(statement)]
    shown = people.summaries(ids[:limit])
    sight.saw("campaign", campaign_id, same=f"{arm} {of}", of=[each.seen() for each in shown])
    items = [PersonBehind.of(each, sight.mask) for each in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


def _report(caller: Caller, database: Database, request: Request, campaign_id: str, *, fresh: bool) -> Report:
    with database.read_session() as session:
        get_campaign(session, caller.project.id, campaign_id)
        kept = None if fresh else kept_report(session, campaign_id)
    if kept is not None:
        return kept
    state = request.app.state
    store = state.people(caller.project.id).store
    messenger = state.campaigns.messenger(caller.project.id)
    return report_now(database, state.queries, caller.project, store, messenger, campaign_id)
