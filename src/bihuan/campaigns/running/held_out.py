"""Telling the log who was held out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from bihuan.campaigns.plan.schemas import HOLDOUT
from bihuan.experiments import HELD_OUT
from bihuan.people import People
from bihuan.warehouse import EventRow, event_row

SOURCE = "bihuan"
_NAMESPACE = uuid.UUID("5f6d3a5e-0b0c-5b7e-9b1a-2c54c7a3d9f1")


def held_out_rows(
    people: People, project_id: str, campaign_id: str, persons: Sequence[int], at_ms: int
) -> list[EventRow]:
    """An event for each; its id is derived, so that writing it twice stores it once.

    Whoever was erased meanwhile has no id any more and is left out.
    """
    rows = []
    for each in people.summaries(persons):
        if not each.distinct_ids:
            continue
        name = f"{project_id}/{campaign_id}/{each.person_id}/{HELD_OUT}"
        rows.append(
            event_row(
                event_id=uuid.uuid5(_NAMESPACE, name),
                event=HELD_OUT,
                time_ms=at_ms,
                received_ms=at_ms,
                distinct_id=each.distinct_ids[0],
                source=SOURCE,
                properties={"$campaign_id": campaign_id, "$variant": HOLDOUT},
                person_id=each.person_id,
            )
        )
    return rows
