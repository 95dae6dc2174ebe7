"""The wire forms of uploads, guesses and imports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bihuan.collect.files.guess import Guess
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.options import ReadOptions
from bihuan.collect.files.previewing import Previewed, column_of, line_at, line_of
from bihuan.collect.files.uploads import Upload
from bihuan.collect.incoming import IdentityLink, IncomingEvent, Item, ProfileChange
from bihuan.kernel.errors import Language

_EPOCH = datetime.fromtimestamp(0, UTC)
UploadId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,40}$")]
ImportId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,40}$")]
ImportState = Literal[
    "queued", "running", "succeeded", "failed", "cancelled", "undoing", "undo_stopped", "undone"
]
SourceName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class UploadOutput(BaseModel):
    """A file that waits to be imported; it is given up after a week."""

    id: str
    name: str
    size_bytes: int
    uploaded_at: datetime

    @classmethod
    def of(cls, upload: Upload) -> UploadOutput:
        """The wire form."""
        moment = datetime.fromtimestamp(upload.created_ms / 1000, UTC)
        return cls(id=upload.id, name=upload.name, size_bytes=upload.size_bytes, uploaded_at=moment)


class GuessInput(BaseModel):
    """What is known about a file before its mapping is guessed."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UploadId
    time_zone: str | None = Field(
        default=None, max_length=64, description="Of times that carry none; null: the project's."
    )
    read: ReadOptions = ReadOptions()


class ColumnOutput(BaseModel):
    """What one column was taken for, and why."""

    column: str
    role: str = Field(description="event, distinct_id, time, message_id, property, person or skip.")
    name: str = Field(description="The property's name; empty for other roles.")
    type: str
    why: str
    examples: list[str]


class GuessOutput(BaseModel):
    """A guessed mapping, as a value and as YAML with the reasons in comments."""

    mapping: Mapping
    yaml: str
    columns: list[ColumnOutput]
    warnings: list[str] = Field(description="What a person should decide.")

    @classmethod
    def of(cls, guess: Guess, language: Language) -> GuessOutput:
        """The wire form in the caller's language."""
        zh = language == "zh"
        columns = [
            ColumnOutput(
                column=each.column,
                role=each.role,
                name=each.name,
                type=each.type,
                why=each.why_zh if zh else each.why_en,
                examples=list(each.examples),
            )
            for each in guess.columns
        ]
        return cls(
            mapping=guess.mapping,
            yaml=guess.to_yaml(language),
            columns=columns,
            warnings=[chinese if zh else english for english, chinese in guess.warnings],
        )


class PreviewInput(BaseModel):
    """What to look at, and how."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UploadId
    mapping: Mapping | None = Field(default=None, description="Null: as guessed, with the project's zone.")
    source: SourceName = "import"


class PreviewRow(BaseModel):
    """A row as it stands in the file."""

    line: int = Field(description="As in reasons and quarantine; in tables without lines, the row.")
    cells: list[str]


class PreviewItem(BaseModel):
    """What becomes of a row: an event, a change of a profile, or two ids that are one person."""

    line: int
    kind: Literal["event", "profile", "link"]
    event: str | None
    distinct_id: str
    anonymous_id: str | None
    time: datetime | None = Field(description="Null: when the file arrived.")
    properties: dict[str, Any]


class PreviewFault(BaseModel):
    """A row that goes to quarantine, and why."""

    line: int
    column: str | None
    reason: str
    detail: str


class PreviewOutput(BaseModel):
    """What an import would do with the first rows of a file."""

    mapping: Mapping
    columns: list[str]
    rows: list[PreviewRow] = Field(description="The first 20.")
    items: list[PreviewItem] = Field(description="What becomes of these.")
    faults: list[PreviewFault] = Field(description="Of the rows that were read; at most 100.")
    read: int = Field(description="How many rows were read: at most about 5,000.")
    faulty: int = Field(description="How many of these have faults.")
    skipped: int
    complete: bool = Field(description="Whether that was the whole file.")

    @classmethod
    def of(cls, found: Previewed, mapping: Mapping, language: Language) -> PreviewOutput:
        """The wire form in the caller's language."""
        faults = [
            PreviewFault(
                line=line_of(each),
                column=column_of(each),
                reason=each.reason,
                detail=each.detail_zh if language == "zh" else each.detail_en,
            )
            for each in found.faults
        ]
        return cls(
            mapping=mapping,
            columns=found.columns,
            rows=[PreviewRow(line=row.line, cells=row.cells) for row in found.rows],
            items=[_preview_item(item) for item in found.items],
            faults=faults,
            read=found.read,
            faulty=found.faulty,
            skipped=found.skipped,
            complete=found.complete,
        )


def _preview_item(item: Item) -> PreviewItem:
    event = item if isinstance(item, IncomingEvent) else None
    profile = item if isinstance(item, ProfileChange) else None
    who = item.known_id if isinstance(item, IdentityLink) else item.distinct_id
    said = event.properties if event is not None else profile.values if profile is not None else {}
    return PreviewItem(
        line=line_at(item.position),
        kind="event" if event is not None else "profile" if profile is not None else "link",
        event=event.event if event is not None else None,
        distinct_id=who,
        anonymous_id=item.anonymous_id if isinstance(item, IdentityLink) else None,
        time=None if item.time_ms is None else _EPOCH + timedelta(milliseconds=item.time_ms),
        properties=msgspec.to_builtins(said),
    )


class ImportInput(BaseModel):
    """What to import, and how."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UploadId
    mapping: Mapping | None = Field(default=None, description="Null: as guessed, with the project's zone.")
    source: SourceName = Field(
        default="import",
        description="Name under which the rows are kept; part of the identity of rows with ids of their own.",
    )


class ImportTotals(BaseModel):
    """The result of an import job."""

    file: str
    rows: int = Field(description="Rows read.")
    accepted: int = Field(description="Stored now.")
    duplicates: int = Field(description="Stored before.")
    rejected: int = Field(description="In quarantine.")
    skipped: int = Field(description="Left out by the mapping's rules.")
    resumed_from: int = Field(description="Rows that an interrupted run had done.")
    seconds: float


class UndoneRows(BaseModel):
    """The result of an undo job: what was deleted."""

    events: int
    profile_changes: int
    links: int = Field(description="Links between ids that the import was the first to name.")
    quarantined: int


class FileImportOutput(BaseModel):
    """An import: what, when, by whom, and what became of it."""

    id: str
    file: str
    size_bytes: int
    source: str
    started_by: str
    created_at: datetime
    finished_at: datetime | None
    state: ImportState
    job_id: str = Field(description="The job that runs it now, or ran it last; of its undoing, once begun.")
    done: int = Field(description="Bytes read, or rows deleted.")
    total: int | None
    note: str | None
    error: str | None
    totals: ImportTotals | None
    undone: UndoneRows | None
    undone_at: datetime | None
    can_resume: bool = Field(description="It stopped half-way, and the uploaded file is still here.")
    can_undo: bool
