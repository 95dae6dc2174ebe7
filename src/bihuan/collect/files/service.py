"""Imports of uploaded files, as background jobs that go on after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bihuan.collect.files.checkpoints import CheckpointDirectory
from bihuan.collect.files.guess import guess_file
from bihuan.collect.files.importer import ImportProgress, import_file
from bihuan.collect.files.mapper import RowMapper
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.reader import FileReader
from bihuan.collect.files.schemas import ImportTotals
from bihuan.collect.files.sink import IntakeSink
from bihuan.collect.files.uploads import Uploads
from bihuan.collect.intake import Intake
from bihuan.jobs import Job, Jobs, JobStatus

JOB = "collect.import"


class Imports:
    """Imports of every project.

    Args:
        directory: where uploads and checkpoints of all projects go.
        intake_of: the intake of a project by its id.
    """

    def __init__(self, directory: Path, jobs: Jobs, intake_of: Callable[[str], Intake]) -> None:
        self._directory = directory
        self._jobs = jobs
        self._intake_of = intake_of
        jobs.register(JOB, self._run)

    def uploads(self, project_id: str) -> Uploads:
        """The uploads of a project."""
        return Uploads(self._directory / project_id)

    def start(self, project_id: str, upload_id: str, mapping: Mapping, source: str) -> JobStatus:
        """Begin to import an upload; faults of the file or mapping are found here, before anything is stored.

        Raises:
            UploadNotFound, ColumnMissing, the reader's errors.
        """
        upload = self.uploads(project_id).get(upload_id)
        with FileReader(upload.path, mapping.read) as reader:
            sample = reader.sample(1)
            if sample.layout.kind not in ("json", "jsonl"):
                RowMapper(mapping).check_columns(sample.names, sample.layout.part)
        args = {
            "project_id": project_id,
            "upload_id": upload_id,
            "mapping": mapping.model_dump(mode="json", exclude_defaults=True),
            "source": source,
        }
        return self._jobs.status(self._jobs.enqueue(JOB, args, project_id=project_id))

    def guessed(self, project_id: str, upload_id: str, time_zone: str) -> Mapping:
        """The mapping guessed for an upload. Raises ``UploadNotFound`` and the reader's errors."""
        return guess_file(self.uploads(project_id).get(upload_id).path, timezone=time_zone).mapping

    def _run(
        self, job: Job, *, project_id: str, upload_id: str, mapping: dict[str, Any], source: str
    ) -> dict[str, Any]:
        uploads = self.uploads(project_id)
        uploads.expire()
        upload = uploads.get(upload_id)
        sink = IntakeSink(self._intake_of(project_id), source=source, received_ms=upload.created_ms)
        checkpoints = CheckpointDirectory(uploads.checkpoints)
        result = import_file(
            upload.path,
            Mapping.model_validate(mapping),
            sink,
            checkpoints=checkpoints,
            progress=lambda progress: _report(job, progress),
        )
        totals = result.totals
        uploads.remove(upload_id)
        done = ImportTotals(
            file=upload.name,
            rows=totals.rows,
            accepted=totals.accepted,
            duplicates=totals.duplicates,
            rejected=totals.rejected,
            skipped=totals.skipped,
            resumed_from=result.resumed_from,
            seconds=result.seconds,
        )
        return done.model_dump()


def _report(job: Job, progress: ImportProgress) -> None:
    totals = progress.totals
    note = (
        f"rows={totals.rows} accepted={totals.accepted} duplicates={totals.duplicates} "
        f"rejected={totals.rejected} rows_per_second={progress.rows_per_second:.0f}"
    )
    job.progress(min(progress.bytes_read, progress.size_bytes), progress.size_bytes, note)
