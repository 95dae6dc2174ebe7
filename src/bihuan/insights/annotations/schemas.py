"""Annotations on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from bihuan.insights.wire import Author, Input


def _storable(moment: datetime) -> datetime:
    # Near its ends the calendar has no room for another zone.
    if not 1970 <= moment.year < 2262:
        raise ValueError("the year must be from 1970 to 2261")
    return moment.astimezone(UTC)


Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")]
Kind = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Field(examples=["release", "campaign"])
]
Moment = Annotated[AwareDatetime, AfterValidator(_storable)]


class AnnotationInput(Input):
    """A new annotation. ``kind`` is a word for its sign: note, release, campaign, incident, holiday, …"""

    time: Moment
    text: Text
    kind: Kind = "note"


class AnnotationChange(Input):
    """New values for the fields that are given; the others stay."""

    time: Moment | None = None
    text: Text | None = None
    kind: Kind | None = None


class AnnotationOutput(BaseModel):
    """Something that happened."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    time: datetime
    text: str
    kind: str
    created_by: Author
    created_at: datetime
