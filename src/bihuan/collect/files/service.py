"""Imports of uploaded files, as background jobs that go on after a restart."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bihuan.access import Acting, record_change
from bihuan.collect.files import repository
from bihuan.collect.files.checkpoints import CheckpointDirectory, checkpoint_key, identify
from bihuan.collect.files.errors import ImportNotStopped, ImportUnderWay, ImportUndone, UndoUnderWay
from bihuan.collect.files.guess import guess_file
from bihuan.collect.files.importer import ImportProgress, import_file
from bihuan.collect.files.mapper import RowMapper
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.models import FileImport
from bihuan.collect.files.previewing import Previewed, preview_file
from bihuan.collect.files.reader import FileReader
from bihuan.collect.files.schemas import FileImportOutput, ImportTotals
from bihuan.collect.files.sink import IntakeSink
from bihuan.collect.files.undoing import undo_rows
from bihuan.collect.files.uploads import Upload, Uploads
from bihuan.collect.files.watching import found_jobs, shown
from bihuan.collect.intake import Intake
from bihuan.database import Database, new_id, utc_now
from bihuan.jobs import Job, Jobs, JobsStopped, JobStatus
from bihuan.jobs.schemas import FINISHED
from bihuan.people import People, Said

_log = logging.getLogger(__name__)

JOB = "collect.import"
UNDO_JOB = "collect.undo_import"
SHOWN = 200


class Imports:
    """Imports of every project.

    Args:
        directory: where uploads and checkpoints of all projects go.
        intake_of, people_of: of a project by its id.
        begun, ended: are told of project, source and moment before an import stores its first row, and when
            it has stored or undone rows for now.
    """

    def __init__(
        self,
        directory: Path,
        database: Database,
        jobs: Jobs,
        intake_of: Callable[[str], Intake],
        people_of: Callable[[str], People],
        *,
        begun: Callable[[Session, str, str, int], None] = lambda *_: None,
        ended: Callable[[str, str, int], None] = lambda *_: None,
    ) -> None:
        self._directory = directory
        self._database = database
        self._jobs = jobs
        self._intake_of = intake_of
        self._people_of = people_of
        self._begun = begun
        self._ended = ended
        self._starting = threading.Lock()
        self._running: dict[str, threading.Lock] = {}
        self._running_lock = threading.Lock()
        jobs.register(JOB, self._run)
        jobs.register(UNDO_JOB, self._undo)

    def uploads(self, project_id: str) -> Uploads:
        """The uploads of a project."""
        return Uploads(self._directory / project_id)

    def list(self, project_id: str) -> Sequence[FileImportOutput]:
        """The last imports of a project, the latest first."""
        with self._database.read_session() as session:
            rows = repository.imports(session, project_id, limit=SHOWN)
        return shown(rows, self._jobs, self.uploads(project_id))

    def get(self, project_id: str, import_id: str) -> FileImportOutput:
        """One import. Raises ``ImportNotFound``."""
        with self._database.read_session() as session:
            row = repository.find(session, project_id, import_id)
        return shown([row], self._jobs, self.uploads(project_id))[0]

    def start(self, who: Acting, project_id: str, upload_id: str, mapping: Mapping, source: str) -> JobStatus:
        """Begin to import an upload; faults of the file or mapping are found here, before anything is stored.

        One that stopped half-way with the same file, mapping and source is continued instead.

        Raises:
            UploadNotFound, ColumnMissing, UndoUnderWay, the reader's errors.
        """
        upload = self.uploads(project_id).get(upload_id)
        with FileReader(upload.path, mapping.read) as reader:
            sample = reader.sample(1)
            if sample.layout.kind not in ("json", "jsonl"):
                RowMapper(mapping).check_columns(sample.names, sample.layout.part)
        file_key = checkpoint_key(identify(upload.path), mapping.digest())
        with self._starting, self._database.session() as session:
            stopped = self._stopped(session, project_id, file_key, source)
            row = stopped or self._new(session, who, project_id, upload, file_key, mapping, source)
            row.upload_id = upload_id
            job_id = self._enqueue(session, who, row, "import.resumed" if stopped else "import.started")
        return self._jobs.status(job_id)

    def resume(self, who: Acting, project_id: str, import_id: str) -> JobStatus:
        """Go on with an import that stopped half-way.

        Raises:
            ImportNotFound, ImportNotStopped, ImportUndone, UndoUnderWay, UploadNotFound.
        """
        with self._starting, self._database.session() as session:
            row = repository.find(session, project_id, import_id, for_update=True)
            self._refuse_while_undoing(session, project_id)
            if row.undone_at is not None:
                raise ImportUndone(file=row.file_name)
            if row.totals is not None or self._is_active(row.job_id):
                raise ImportNotStopped(file=row.file_name)
            self.uploads(project_id).get(row.upload_id)
            job_id = self._enqueue(session, who, row, "import.resumed")
        return self._jobs.status(job_id)

    def undo(self, who: Acting, project_id: str, import_id: str) -> JobStatus:
        """Begin to delete every row that an import stored.

        Raises:
            ImportNotFound, ImportUndone, ImportUnderWay.
        """
        with self._starting, self._database.session() as session:
            row = repository.find(session, project_id, import_id, for_update=True)
            if row.undone_at is not None:
                raise ImportUndone(file=row.file_name)
            for other in repository.open_imports(session, project_id):
                if other.totals is None and self._is_active(other.job_id):
                    raise ImportUnderWay(file=other.file_name)
                if self._is_active(other.undo_job_id):
                    raise UndoUnderWay(file=other.file_name)
            args = {"import_id": row.id, "project_id": project_id}
            row.undo_job_id = self._jobs.enqueue(UNDO_JOB, args, project_id=project_id, session=session)
            before = {"file": row.file_name, "source": row.source, "totals": row.totals}
            target = ("import", row.id)
            record_change(session, who, "import.undone", target, project_id=project_id, before=before)
            job_id = row.undo_job_id
        return self._jobs.status(job_id)

    def guessed(self, project_id: str, upload_id: str, time_zone: str) -> Mapping:
        """The mapping guessed for an upload. Raises ``UploadNotFound`` and the reader's errors."""
        return guess_file(self.uploads(project_id).get(upload_id).path, timezone=time_zone).mapping

    def preview(self, project_id: str, upload_id: str, mapping: Mapping, source: str) -> Previewed:
        """What an import would do. Raises ``UploadNotFound``, ``ColumnMissing``, the reader's errors."""
        upload = self.uploads(project_id).get(upload_id)
        intake = self._intake_of(project_id)
        return preview_file(upload.path, mapping, intake, source=source, received_ms=upload.created_ms)

    def _stopped(self, session: Session, project_id: str, file_key: str, source: str) -> FileImport | None:
        """The import of this file that stopped half-way. Raises ``UndoUnderWay``."""
        self._refuse_while_undoing(session, project_id)
        for row in repository.open_imports(session, project_id):
            same = (row.file_key, row.source) == (file_key, source)
            if same and row.totals is None and not self._is_active(row.job_id):
                return row
        return None

    def _refuse_while_undoing(self, session: Session, project_id: str) -> None:
        for row in repository.open_imports(session, project_id):
            if row.undo_job_id is not None:
                raise UndoUnderWay(file=row.file_name)

    def _new(
        self,
        session: Session,
        who: Acting,
        project_id: str,
        upload: Upload,
        file_key: str,
        mapping: Mapping,
        source: str,
    ) -> FileImport:
        received_ms = repository.free_moment(
            self._people_of(project_id).store,
            source,
            repository.moments(session, project_id, source),
            upload.created_ms,
            time.time_ns() // 1_000_000,
        )
        row = FileImport(
            id=new_id(),
            project_id=project_id,
            upload_id=upload.id,
            file_name=upload.name,
            file_key=file_key,
            size_bytes=upload.size_bytes,
            source=source,
            received_ms=received_ms,
            mapping=mapping.model_dump(mode="json", exclude_defaults=True),
            started_by=who.actor.name[:200],
        )
        session.add(row)
        self._begun(session, project_id, source, received_ms)
        return row

    def _enqueue(self, session: Session, who: Acting, row: FileImport, action: str) -> str:
        args = {"import_id": row.id, "project_id": row.project_id}
        row.job_id = self._jobs.enqueue(JOB, args, project_id=row.project_id, session=session)
        after = {"file": row.file_name, "source": row.source}
        target = ("import", row.id)
        record_change(session, who, action, target, project_id=row.project_id, after=after)
        return row.job_id

    def _is_active(self, job_id: str | None) -> bool:
        return any(job.state not in FINISHED for job in found_jobs(self._jobs, [job_id or ""]).values())

    def _run(self, job: Job, *, import_id: str, project_id: str) -> dict[str, Any]:
        uploads = self.uploads(project_id)
        uploads.expire()
        with self._alone(import_id):
            with self._database.read_session() as session:
                row = repository.find(session, project_id, import_id)
            if row.totals is not None:
                return row.totals
            try:
                done = self._import(job, row, uploads)
            except JobsStopped:
                raise
            except BaseException:
                self._tell_ended(row)
                raise
            with self._database.session() as session:
                row = repository.find(session, project_id, import_id, for_update=True)
                row.totals, row.finished_at = done.model_dump(), utc_now()
            self._tell_ended(row)
            uploads.remove(row.upload_id)
            uploads.forget(import_id)
        return done.model_dump()

    def _import(self, job: Job, row: FileImport, uploads: Uploads) -> ImportTotals:
        intake = self._intake_of(row.project_id)
        sink = IntakeSink(intake, source=row.source, received_ms=row.received_ms, actor=row.actor)
        result = import_file(
            uploads.get(row.upload_id).path,
            Mapping.model_validate(row.mapping),
            sink,
            checkpoints=CheckpointDirectory(uploads.checkpoints(row.id)),
            progress=lambda progress: _report(job, progress),
        )
        totals = result.totals
        return ImportTotals(
            file=row.file_name,
            rows=totals.rows,
            accepted=totals.accepted,
            duplicates=totals.duplicates,
            rejected=totals.rejected,
            skipped=totals.skipped,
            resumed_from=result.resumed_from,
            seconds=result.seconds,
        )

    def _undo(self, job: Job, *, import_id: str, project_id: str) -> dict[str, Any]:
        uploads = self.uploads(project_id)
        with self._alone(import_id):
            with self._database.read_session() as session:
                row = repository.find(session, project_id, import_id)
            if row.undone is not None:
                return row.undone
            gone = undo_rows(
                self._people_of(project_id),
                Said(row.source, row.received_ms, row.actor),
                uploads.checkpoints(import_id),
                job.progress,
                ended=row.totals is not None,
            )
            self._tell_ended(row)
            with self._database.session() as session:
                row = repository.find(session, project_id, import_id, for_update=True)
                row.undone, row.undone_at = gone.model_dump(), utc_now()
            uploads.remove(row.upload_id)
            uploads.forget(import_id)
        return gone.model_dump()

    @contextmanager
    def _alone(self, import_id: str) -> Iterator[None]:
        """Wait until a cancelled run of the import has put down the batch that it had in hand."""
        with self._running_lock:
            lock = self._running.setdefault(import_id, threading.Lock())
        with lock:
            yield

    def _tell_ended(self, row: FileImport) -> None:
        try:
            self._ended(row.project_id, row.source, row.received_ms)
        except Exception:
            _log.warning("what import %s has stored was not learned", row.id, exc_info=True)


def _report(job: Job, progress: ImportProgress) -> None:
    totals = progress.totals
    note = (
        f"rows={totals.rows} accepted={totals.accepted} duplicates={totals.duplicates} "
        f"rejected={totals.rejected} rows_per_second={progress.rows_per_second:.0f}"
    )
    job.progress(min(progress.bytes_read, progress.size_bytes), progress.size_bytes, note)
