"""``/api/projects/{project_id}/consent``: figures, suppressions as a file, the page people see."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, StreamingResponse

from bihuan.access import ControlDatabase, Exporter, Viewer, record_act
from bihuan.messages.consent import suppressions
from bihuan.messages.consent.figures import MOST_EXPORTED, ConsentFigures, figures, suppressions_csv
from bihuan.messages.consent.models import Suppression
from bihuan.messages.consent.public_routes import preview

router = APIRouter(prefix="/api/projects/{project_id}/consent", tags=["consent"])
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/figures")
def consent_figures(caller: Viewer, database: ControlDatabase) -> ConsentFigures:
    """How many people said what, who is suppressed why, and the words that people were shown."""
    with database.read_session() as session:
        return figures(session, caller.project.id)


@router.get("/suppressions.csv", response_class=StreamingResponse, responses=_CSV)
def export_suppressions(caller: Exporter, database: ControlDatabase) -> StreamingResponse:
    """The list of suppressions as CSV; addresses, of which only a hash is kept, as lists show them."""
    with database.read_session() as session:
        wanted = suppressions.suppressions(caller.project.id).order_by(Suppression.id.desc())
        rows = list(session.scalars(wanted.limit(MOST_EXPORTED)))
        session.expunge_all()
    target, after = ("suppression", caller.project.id), {"rows": len(rows)}
    record_act(database, caller, "suppression.exported", target, project_id=caller.project.id, after=after)
    headers = {"content-disposition": 'attachment; filename="suppressions.csv"'}
    return StreamingResponse(suppressions_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/preference-page", response_class=HTMLResponse)
def preference_page(
    caller: Viewer, database: ControlDatabase, lang: Annotated[Literal["en", "zh"], Query()] = "zh"
) -> HTMLResponse:
    """The page on which people say what they want, as somebody sees it who said nothing so far."""
    return preview(database, caller.project.id, lang)
