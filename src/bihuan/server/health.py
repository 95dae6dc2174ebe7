"""Whether the server is up and can store: for load balancers and people."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

import bihuan
from bihuan.access import Public
from bihuan.app import Installation
from bihuan.kernel.errors import BihuanError

router = APIRouter(tags=["health"])

State = Literal["ok", "unavailable"]


class Health(BaseModel):
    """The state of the parts; ``status`` is ok when all are."""

    status: State
    version: str
    event_store: State
    control_database: State
    queued_rows: int


@router.get("/health", responses={503: {"model": Health}})
def health(caller: Public, request: Request, response: Response) -> Health:
    """Whether events can be stored and questions answered; 503 when not. Needs no key."""
    installation: Installation = request.app.state.installation
    event_store, control_database = _event_store(installation), _control_database(installation)
    well = event_store == control_database == "ok"
    response.status_code = 200 if well else 503
    return Health(
        status="ok" if well else "unavailable",
        version=bihuan.__version__,
        event_store=event_store,
        control_database=control_database,
        queued_rows=installation.writer.queued_rows(),
    )


def _event_store(installation: Installation) -> State:
    try:
        installation.engine.scalar("SELECT 1")
    except BihuanError:
        return "unavailable"
    return "ok"


def _control_database(installation: Installation) -> State:
    try:
        installation.database.ping()
    except SQLAlchemyError:
        return "unavailable"
    return "ok"
