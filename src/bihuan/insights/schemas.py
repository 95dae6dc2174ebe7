"""The wire forms of questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bihuan.access import Mask
from bihuan.analytics.registry import AnyQuery
from bihuan.people import PersonSummary


class PeopleQuestion(BaseModel):
    """Who is behind one number of an answer: the query, and what of it was selected."""

    model_config = ConfigDict(extra="forbid")

    query: AnyQuery
    selection: dict[str, Any] = Field(
        default_factory=dict, description="Names one number; its fields depend on the kind of analysis."
    )


class PersonBehind(BaseModel):
    """A person behind a number. The id is a 64-bit number, as text because JSON readers round it."""

    person_id: str
    distinct_ids: list[str]
    properties: dict[str, Any]

    @classmethod
    def of(cls, person: PersonSummary, mask: Mask) -> PersonBehind:
        """From the service's value, as the caller may see it."""
        return cls(
            person_id=str(person.person_id),
            distinct_ids=mask.texts(person.distinct_ids),
            properties=mask.properties(person.properties),
        )


class RunningQueryOutput(BaseModel):
    """A query under way."""

    model_config = ConfigDict(from_attributes=True)

    query_id: str
    kind: str
    started_at: datetime
