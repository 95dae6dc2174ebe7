"""``/api/projects/{project_id}/rfm``: buyers by recency, frequency and monetary value."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.access import Viewer
from bihuan.analytics import rfm
from bihuan.analytics.rfm import RfmQuery, RfmResult, RfmSelection
from bihuan.audiences.studies.asking import LIMITS, Asking, PersonCursor
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
    return rfm.ask_rfm(asking.people.store.engine, asking.kept_context, body, LIMITS)


@router.post("/people")
def rfm_people(
    caller: Viewer, asking: Asking, body: RfmPeople, cursor: PersonCursor = None, limit: Limit = 100
) -> Page[PersonBehind]:
    """Who is in a group or a cell."""
    after = None if cursor is None else int(cursor)
    ids = rfm.ask_people(
        asking.people.store.engine,
        asking.kept_context,
        body.query,
        body.selection,
        after=after,
        limit=limit + 1,
        limits=LIMITS,
    )
    return asking.page_of(ids, limit, "rfm")
