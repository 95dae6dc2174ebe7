"""What was not done, on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from bihuan.insights import Input, PersonBehind
from bihuan.journeys.graph.nodes import NodeId

DeedState = Literal["waiting", "failed", "uncertain"]
Decision = Literal["retry", "happened", "give_up"]
DeedId = Annotated[int, Field(ge=1, le=9_007_199_254_740_991)]


class DeedOutput(BaseModel):
    """What was not done (yet): ``waiting`` is tried again at ``due_ms``, ``uncertain`` may have happened."""

    id: int
    node: str
    version: int
    person_id: str
    person: PersonBehind | None = Field(description="Null: nothing is recorded of this person (any more).")
    state: DeedState
    attempts: int
    at_ms: int
    due_ms: int
    reason: str | None
    reason_zh: str | None = Field(description="Null: there are no Chinese words for it.")


class ResolveDeeds(Input):
    """What is to be done about what failed or is uncertain.

    Without ``deed_ids``: about all of ``node``, or of the journey.
    """

    decision: Decision = Field(
        description="retry: once more under the same key. happened: an uncertain one was done after all. "
        "give_up: it is left at that."
    )
    deed_ids: list[DeedId] | None = Field(default=None, min_length=1, max_length=1_000)
    node: NodeId | None = None


class DeedsResolved(BaseModel):
    """About how many it was decided; what had been decided before, or is being tried, stays as it is."""

    changed: int
