"""``/api/backup``."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from bihuan.access import InstanceAdmin, record_act
from bihuan.app import Installation
from bihuan.kernel.streaming import Written
from bihuan.server.backups.creation import check_embedded, write_backup

router = APIRouter(prefix="/api", tags=["operations"])

TAR = "application/x-tar"


@router.post(
    "/backup",
    response_class=StreamingResponse,
    responses={200: {"content": {TAR: {"schema": {"type": "string", "format": "binary"}}}}},
)
def make_backup(caller: InstanceAdmin, request: Request) -> StreamingResponse:
    """Everything as one tar archive, streamed, consistent although the server goes on writing.

    It holds every event acknowledged before the request, and the first API key: keep it as safe as the
    server itself.
    """
    installation: Installation = request.app.state.installation
    check_embedded(installation.settings)
    record_act(installation.database, caller, "export.backup", ("instance", ""))
    name = f"bihuan-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    return StreamingResponse(
        Written(lambda stream: write_backup(installation, stream)),
        media_type=TAR,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
