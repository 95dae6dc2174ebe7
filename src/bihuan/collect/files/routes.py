"""``/api/projects/{project_id}/imports``: upload a file, look at the guessed mapping, import it as a job.

Imports are found with ``request.app.state.imports``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from bihuan.access import ControlDatabase, DataEditor, record_act
from bihuan.collect.asgi import language_of
from bihuan.collect.files.guess import guess_file
from bihuan.collect.files.schemas import GuessInput, GuessOutput, ImportInput, UploadId, UploadOutput
from bihuan.collect.files.service import Imports
from bihuan.collect.files.times import zone_of
from bihuan.database import new_id
from bihuan.jobs import JobStatus

router = APIRouter(prefix="/api/projects/{project_id}/imports", tags=["imports"])


def _imports(request: Request) -> Imports:
    imports: Imports = request.app.state.imports
    return imports


FileImports = Annotated[Imports, Depends(_imports)]
FileName = Annotated[
    str, Query(min_length=1, max_length=255, description="Name of the file with its ending.")
]

_FILE_BODY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.post("/uploads", status_code=201, openapi_extra={"requestBody": {"required": True, **_FILE_BODY}})
async def upload_file(
    request: Request, caller: DataEditor, imports: FileImports, name: FileName
) -> UploadOutput:
    """Send a file of any size as the request's body; it is streamed to disk."""
    upload = await imports.uploads(caller.project.id).save(new_id(), name, request.stream())
    return UploadOutput.of(upload)


@router.delete("/uploads/{upload_id}", status_code=204)
def remove_upload(caller: DataEditor, imports: FileImports, upload_id: UploadId) -> None:
    """Delete an upload that is not to be imported after all."""
    imports.uploads(caller.project.id).remove(upload_id)


@router.post("/guess")
def guess_mapping(
    request: Request, caller: DataEditor, imports: FileImports, body: GuessInput
) -> GuessOutput:
    """What the columns of an uploaded file seem to mean, and why."""
    upload = imports.uploads(caller.project.id).get(body.upload_id)
    zone = body.time_zone or caller.project.time_zone
    zone_of(zone)
    guess = guess_file(upload.path, timezone=zone, options=body.read)
    language = language_of({"accept-language": request.headers.get("accept-language", "")})
    return GuessOutput.of(guess, language)


@router.post("", status_code=202)
def start_import(
    caller: DataEditor, imports: FileImports, database: ControlDatabase, body: ImportInput
) -> JobStatus:
    """Import an uploaded file as a job; its result is an ImportTotals, its progress counts bytes read."""
    project = caller.project
    mapping = body.mapping or imports.guessed(project.id, body.upload_id, project.time_zone)
    job = imports.start(project.id, body.upload_id, mapping, body.source)
    target, after = ("job", job.id), {"upload_id": body.upload_id, "source": body.source}
    record_act(database, caller, "import.started", target, project_id=project.id, after=after)
    return job
