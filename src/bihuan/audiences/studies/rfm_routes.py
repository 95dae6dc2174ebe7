"""``/api/projects/{project_id}/rfm``: buyers by recency, frequency and monetary value."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.access import Viewer
from bihuan.analytics import rfm
from bihuan.analytics.rfm import RfmQuery, RfmResult, RfmSelection
from bihuan.audiences.studies.asking import Asking, PersonCursor
from bihuan.database import Page
from bihuan.insights import Input, Limit, PersonBehind

router = APIRouter(prefix="/api/projects/{project_id}/rfm", tags=["studies"])


class RfmPeople(Input):
    """Buyers of a group, or of scores."""

    query: RfmQuery
    selection: RfmSelection


@router.post("")
def ask_rfm(caller: Viewer, asking: Asking, body: RfmQuery) -> RfmResult:
    """Groups, cells of recency and frequency, and the cuts between the scores."""
    asking.check(body, "query")
    ctx = asking.context
    return rfm.read_rfm(ctx, body, asking.rows(rfm.rfm_sql(ctx, body)))


@router.post("/people")
def rfm_people(
    caller: Viewer, asking: Asking, body: RfmPeople, cursor: PersonCursor = None, limit: Limit = 100
) -> Page[PersonBehind]:
    """Who is in a group or a cell."""
    sql = rfm.people_sql(asking.context, body.query, body.selection)
    return asking.page(sql, cursor, limit, "rfm")
