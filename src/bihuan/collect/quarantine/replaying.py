"""The port through which items go back into the pipeline, and the one that uses a project's intake."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, Item, Parsed, ProfileChange
from bihuan.collect.intake import Intake
from bihuan.collect.quarantine.errors import ItemUnreadable
from bihuan.collect.quarantine.repository import HeldItem


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of an item: stored (again or for the first time), or why not."""

    item_id: uuid.UUID
    stored: bool
    reason: str = ""
    path: str = ""


class Replay(Protocol):
    """Stores one item anew. It must be idempotent: a kill may come between it and the item's new status."""

    def __call__(self, item: HeldItem) -> Replayed:
        """Store the item; failures of the item are values, failures of the engine are raised."""


class IntakeReplay:
    """Sends items through ``Intake.take_blocking``.

    An item without a message id gets the id under which it was held, so that replaying it twice stores it
    once. It keeps the time it was received, unless it says when it happened.

    Args:
        intake: of the project.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def __call__(self, item: HeldItem) -> Replayed:
        """Store the item anew."""
        try:
            # Examined first, so that an item that is still bad is not held twice; each read is used up.
            still = self._intake.examine(
                Parsed(items=[read_item(item)]), source=item.source, received_ms=item.received_ms
            )
            parsed = Parsed(items=[read_item(item)])
        except ItemUnreadable as error:
            return Replayed(item.item_id, False, error.code, item.path)
        if still:
            return Replayed(item.item_id, False, still[0].reason, still[0].path)
        self._intake.take_blocking(
            parsed, source=item.source, protocol=item.protocol, received_ms=item.received_ms
        )
        return Replayed(item.item_id, True)


# The field that only this kind of item has.
_KINDS: tuple[tuple[str, type[Item]], ...] = (
    ("event", IncomingEvent),
    ("operation", ProfileChange),
    ("known_id", IdentityLink),
    ("previous_id", IdentityAlias),
)


def read_item(item: HeldItem) -> Item:
    """The item in the raw payload, in the form of ``collect.incoming``.

    Raises:
        ItemUnreadable: it is in no such form; a payload in a vendor's form must be edited into it first.
    """
    try:
        raw: Any = msgspec.json.decode(item.raw)
    except msgspec.DecodeError as error:
        raise ItemUnreadable(reason=str(error)) from error
    kind = next((kind for name, kind in _KINDS if isinstance(raw, dict) and name in raw), None)
    if kind is None:
        raise ItemUnreadable(reason="none of event, operation, known_id, previous_id is given")
    try:
        found: Item = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise ItemUnreadable(reason=str(error)) from error
    if not found.message_id:
        found.message_id = str(item.item_id)
    if found.time_ms is None:
        found.time_ms = item.received_ms
    return found
