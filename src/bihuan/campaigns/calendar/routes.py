"""``/api/projects/{project_id}/campaign-calendar``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bihuan.access import Caller, ControlDatabase, Exporter, Viewer, record_act
from bihuan.campaigns.calendar.ics import ics_of
from bihuan.campaigns.calendar.overlap import sizes_of
from bihuan.campaigns.calendar.schemas import Calendar
from bihuan.campaigns.calendar.service import calendar_of
from bihuan.campaigns.calendar.table import csv_of
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import Id
from bihuan.campaigns.repository import campaigns
from bihuan.database import Database, utc_now
from bihuan.kernel.errors import InputInvalid

router = APIRouter(prefix="/api/projects/{project_id}/campaign-calendar", tags=["campaigns"])
sizes_router = APIRouter(prefix="/api/projects/{project_id}", tags=["campaigns"])
MOST_DAYS = 400
CampaignIds = Annotated[list[Id], Query(alias="campaign_id", max_length=100)]
FromDay = Annotated[date, Query(alias="from", ge=date(1971, 1, 1), le=date(2200, 1, 1))]
ToDay = Annotated[date, Query(alias="to", ge=date(1971, 1, 1), le=date(2200, 1, 1))]


def _files(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string"}}}}}


@router.get("")
def get_calendar(
    caller: Viewer, database: ControlDatabase, request: Request, from_day: FromDay, to_day: ToDay
) -> Calendar:
    """Campaigns and tasks between two days (both included), and where campaigns are in each other's way."""
    return _calendar(caller, database, request, from_day, to_day)


@router.get(".csv", response_class=Response, responses=_files("text/csv"))
def export_csv(
    caller: Exporter, database: ControlDatabase, request: Request, from_day: FromDay, to_day: ToDay
) -> Response:
    """The same as a table for spreadsheets."""
    calendar = _calendar(caller, database, request, from_day, to_day)
    _record(database, caller, "csv", from_day, to_day)
    return _download(csv_of(calendar), "text/csv; charset=utf-8", f"{caller.project.id}-campaigns.csv")


@router.get(".ics", response_class=Response, responses=_files("text/calendar"))
def export_ics(
    caller: Exporter, database: ControlDatabase, request: Request, from_day: FromDay, to_day: ToDay
) -> Response:
    """The same for calendar programs (iCalendar)."""
    calendar = _calendar(caller, database, request, from_day, to_day)
    _record(database, caller, "ics", from_day, to_day)
    text = ics_of(calendar, caller.project.name, utc_now())
    return _download(text.encode(), "text/calendar; charset=utf-8", f"{caller.project.id}-campaigns.ics")


@sizes_router.get("/campaign-sizes")
def get_sizes(
    caller: Viewer, database: ControlDatabase, request: Request, campaign_ids: CampaignIds
) -> dict[str, int]:
    """How many people campaigns are for, by id: now, or as they were fixed when they began."""
    store = request.app.state.people(caller.project.id).store
    with database.read_session() as session:
        wanted = campaigns(caller.project.id).where(Campaign.id.in_(campaign_ids))
        return sizes_of(store, list(session.scalars(wanted)))


def _calendar(caller: Caller, database: Database, request: Request, from_day: date, to_day: date) -> Calendar:
    if not timedelta(0) <= to_day - from_day < timedelta(days=MOST_DAYS):
        said = {
            "reason_en": f"The calendar shows 1 to {MOST_DAYS} days.",
            "reason_zh": f"日历可显示 1 到 {MOST_DAYS} 天。",
        }
        raise InputInvalid(path="to", **said)
    store = request.app.state.people(caller.project.id).store
    with database.read_session() as session:
        return calendar_of(session, caller.project, store, from_day, to_day)


def _record(database: Database, caller: Caller, kind: str, from_day: date, to_day: date) -> None:
    after = {"format": kind, "from": from_day.isoformat(), "to": to_day.isoformat()}
    target = ("project", caller.project.id)
    record_act(
        database, caller, "export.campaign_calendar", target, project_id=caller.project.id, after=after
    )


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
