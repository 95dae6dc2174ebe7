"""The wire forms of uploads, guesses and imports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bihuan.collect.files.guess import Guess
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.options import ReadOptions
from bihuan.collect.files.uploads import Upload
from bihuan.kernel.errors import Language

UploadId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,40}$")]
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
