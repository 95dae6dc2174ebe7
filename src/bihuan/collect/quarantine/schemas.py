"""The quarantine on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bihuan.access import Mask
from bihuan.collect.quarantine.replaying import Replayed
from bihuan.collect.quarantine.repository import Filter, ItemStatus, ReasonCount, SeenItem
from bihuan.collect.quarantine.service import ReplayOutcome
from bihuan.kernel.errors import Language


class FilterInput(BaseModel):
    """Which items a verb is for; a field that is left out does not narrow."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(default=None, max_length=100)
    source: str | None = Field(default=None, max_length=100)
    protocol: str | None = Field(default=None, max_length=100)
    event: str | None = Field(default=None, max_length=255)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    search: str | None = Field(default=None, max_length=200, description="Text in the payload.")
    item_ids: list[UUID] | None = Field(default=None, max_length=1_000)

    def filter(self, status: ItemStatus | None = None) -> Filter:
        """As the service takes it."""
        return Filter(
            status=status,
            reason=self.reason,
            source=self.source,
            protocol=self.protocol,
            event=self.event,
            since_ms=_milliseconds(self.since),
            until_ms=_milliseconds(self.until),
            search=self.search,
            item_ids=None if self.item_ids is None else tuple(self.item_ids),
        )


class PatchInput(BaseModel):
    """A JSON merge patch (RFC 7396) for the payloads of the items that the filter finds."""

    model_config = ConfigDict(extra="forbid")

    filter: FilterInput = FilterInput()
    patch: dict[str, Any]


class RawInput(BaseModel):
    """The new payload of one item: JSON as text."""

    model_config = ConfigDict(extra="forbid")

    raw: str = Field(max_length=1_000_000)


class HeldItemOutput(BaseModel):
    """One item: why it was not let in, what was sent, and how often the same was."""

    item_id: UUID
    received_at: datetime = Field(description="When it was seen last.")
    first_at: datetime
    times: int = Field(description="How often it was seen; each verb is for all of these.")
    source: str
    protocol: str
    event: str
    reason: str
    path: str
    detail: str
    raw: str
    status: ItemStatus

    @classmethod
    def of(cls, seen: SeenItem, language: Language, mask: Mask) -> HeldItemOutput:
        """From the stored rows, in the caller's language, as they may see it."""
        item = seen.item
        return cls(
            item_id=item.item_id,
            received_at=datetime.fromtimestamp(seen.last_ms / 1000, UTC),
            first_at=datetime.fromtimestamp(seen.first_ms / 1000, UTC),
            times=seen.times,
            source=item.source,
            protocol=item.protocol,
            event=item.event,
            reason=item.reason,
            path=item.path,
            detail=item.detail_zh if language == "zh" else item.detail_en,
            raw=mask.payload(item.raw),
            status=item.status,
        )


class ReasonCountOutput(BaseModel):
    """How many items there are of one kind."""

    reason: str
    event: str
    source: str
    status: ItemStatus
    count: int = Field(description="Items.")
    times: int = Field(description="How often they were seen.")
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(cls, row: ReasonCount) -> ReasonCountOutput:
        """From the counted row."""
        return cls(
            reason=row.reason,
            event=row.event,
            source=row.source,
            status=row.status,
            count=row.count,
            times=row.times,
            first_at=datetime.fromtimestamp(row.first_ms / 1000, UTC),
            last_at=datetime.fromtimestamp(row.last_ms / 1000, UTC),
        )


class ReplayedOutput(BaseModel):
    """An item that could not be stored, and why."""

    item_id: UUID
    reason: str
    path: str

    @classmethod
    def of(cls, replayed: Replayed) -> ReplayedOutput:
        """From the replay's value."""
        return cls(item_id=replayed.item_id, reason=replayed.reason, path=replayed.path)


class ReplayOutput(BaseModel):
    """What became of a replay."""

    stored: int
    failed: list[ReplayedOutput]

    @classmethod
    def of(cls, outcome: ReplayOutcome) -> ReplayOutput:
        """From the service's value."""
        return cls(stored=outcome.stored, failed=[ReplayedOutput.of(each) for each in outcome.failed])


class ChangedOutput(BaseModel):
    """How many items a verb changed."""

    changed: int


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
