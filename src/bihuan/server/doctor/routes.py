"""``/api/doctor``."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bihuan.access import InstanceAdmin
from bihuan.app import Installation
from bihuan.collect import language_of
from bihuan.server.doctor.checks import Check
from bihuan.server.doctor.local import local_checks
from bihuan.server.doctor.stores import store_checks

router = APIRouter(prefix="/api", tags=["operations"])


@router.get("/doctor")
def examine(caller: InstanceAdmin, request: Request) -> list[Check]:
    """Every check of the server's machine, stores and backlogs, with how to mend what is wrong."""
    installation: Installation = request.app.state.installation
    language = language_of({"accept-language": request.headers.get("accept-language", "")})
    return [*local_checks(installation.settings, language), *store_checks(installation, language)]
