"""``/api/projects/{project_id}/imports``: upload a file, look at the guessed mapping, import it as a job.

Imports are found with ``request.app.state.imports``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from bihuan.access import DataEditor, Viewer
from bihuan.collect.asgi import language_of
from bihuan.collect.files.guess import guess_file
from bihuan.collect.files.schemas import (
    FileImportOutput,
    GuessInput,
    GuessOutput,
    ImportId,
    ImportInput,
    PreviewInput,
    PreviewOutput,
    UploadId,
    UploadOutput,
)
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


@router.post("/preview")
def preview_import(
    request: Request, caller: DataEditor, imports: FileImports, body: PreviewInput
) -> PreviewOutput:
    """What an import would do with the first rows: events, profiles, faults. Nothing is stored."""
    project = caller.project
    mapping = body.mapping or imports.guessed(project.id, body.upload_id, project.time_zone)
    found = imports.preview(project.id, body.upload_id, mapping, body.source)
    language = language_of({"accept-language": request.headers.get("accept-language", "")})
    return PreviewOutput.of(found, mapping, language)


@router.post("", status_code=202)
def start_import(caller: DataEditor, imports: FileImports, body: ImportInput) -> JobStatus:
    """Import an uploaded file as a job; its result is an ImportTotals, its progress counts bytes read.

    One that stopped half-way with the same file, mapping and source is continued.
    """
    project = caller.project
    mapping = body.mapping or imports.guessed(project.id, body.upload_id, project.time_zone)
    return imports.start(caller, project.id, body.upload_id, mapping, body.source)


@router.get("")
def list_imports(caller: Viewer, imports: FileImports) -> list[FileImportOutput]:
    """The last 200 imports, the latest first, and what became of them."""
    return list(imports.list(caller.project.id))


@router.get("/{import_id}")
def get_import(caller: Viewer, imports: FileImports, import_id: ImportId) -> FileImportOutput:
    """One import."""
    return imports.get(caller.project.id, import_id)


@router.post("/{import_id}/resume", status_code=202)
def resume_import(caller: DataEditor, imports: FileImports, import_id: ImportId) -> JobStatus:
    """Go on with an import that stopped half-way, from the file as it was uploaded."""
    return imports.resume(caller, caller.project.id, import_id)


@router.post("/{import_id}/undo", status_code=202)
def undo_import(caller: DataEditor, imports: FileImports, import_id: ImportId) -> JobStatus:
    """Delete every row that an import stored, as a job; its result is an UndoneRows.

    Events, changes of profiles, links between ids and items in quarantine go; rows that were there before
    stay. What came again later, and was known from the import, goes with it. The file can be imported anew.
    """
    return imports.undo(caller, caller.project.id, import_id)
