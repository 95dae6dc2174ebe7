"""One change of a person's properties, as it is logged."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from bihuan.kernel.hashing import event_uuid

Operation = Literal["set", "set_once", "increment", "append", "union", "unset", "delete"]


@dataclass(frozen=True, slots=True)
class Change:
    """``values`` maps property names to operands; ``unset`` reads the names only, ``delete`` nothing."""

    change_id: uuid.UUID
    distinct_id: str
    time_ms: int
    received_ms: int
    operation: Operation
    values: dict[str, Any] = field(default_factory=dict)
    source: str = ""


def change_uuid(message_id: str, operation: Operation, ordinal: int = 0) -> uuid.UUID:
    """The id of a change from the sender's message id: one message may carry several changes."""
    return event_uuid(f"{message_id}\0{operation}\0{ordinal}")
