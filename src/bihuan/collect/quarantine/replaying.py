"""The port through which items go back into the pipeline, and the one that uses a project's intake."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, Item, Parsed, ProfileChange
from bihuan.collect.intake import Intake
from bihuan.collect.protocols import all_protocols
from bihuan.collect.quarantine.errors import ItemUnreadable
from bihuan.collect.quarantine.repository import HeldItem
from bihuan.kernel.errors import BihuanError


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

    A payload in its vendor's form is read by the protocol that it came by, as it would be today; one in the
    form of ``collect.incoming`` is taken as it is. Items without a message id get ids made of the one under
    which the payload was held and the time, so that replaying it twice stores it once. They keep the time
    when they were received, unless they say when they happened.

    Args:
        intake: of the project.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def __call__(self, item: HeldItem) -> Replayed:
        """Store the item anew."""
        try:
            # Examined first, so that an item that is still bad is not held twice; each read is used up.
            still = self._intake.examine(read(item), source=item.source, received_ms=item.received_ms)
            parsed = read(item)
        except BihuanError as error:
            return Replayed(item.item_id, False, error.code, error.path or item.path)
        if still:
            return Replayed(item.item_id, False, still[0].reason, still[0].path)
        self._intake.take_blocking(
            parsed, source=item.source, protocol=item.protocol, received_ms=item.received_ms
        )
        return Replayed(item.item_id, True)


def read(item: HeldItem) -> Parsed:
    """What is in a raw payload; what its protocol still refuses is in ``rejected``.

    Raises:
        ItemUnreadable: it is neither in its protocol's form nor in that of ``collect.incoming``.
        BihuanError: the protocol cannot read it at all.
    """
    try:
        raw: Any = msgspec.json.decode(item.raw)
    except msgspec.DecodeError as error:
        raise ItemUnreadable(path=item.path, reason=str(error)) from error
    protocol = all_protocols().get(item.protocol)
    # Every item that was read before it was set aside says where it stood; vendors have no such field.
    if protocol is None or (isinstance(raw, dict) and _POSITION in raw):
        return Parsed(items=_identified([read_item(raw)], item))
    ours = _ours(raw)
    try:
        parsed = protocol.parse(protocol.carrying(raw, item.received_ms))
    except BihuanError:
        if ours is None:
            raise
        parsed = Parsed(items=[ours])
    if parsed.rejected and ours is not None:
        parsed = Parsed(items=[ours])
    parsed.items = _identified(parsed.items, item)
    return parsed


def _identified(items: list[Item], held: HeldItem) -> list[Item]:
    for place, found in enumerate(items):
        if not found.message_id:
            # An occurrence each: the same payload without an id, sent twice, is two events.
            found.message_id = f"{held.item_id}-{held.received_ms}-{place}"
        if found.time_ms is None:
            found.time_ms = held.received_ms
    return items


_POSITION = "position"
# The field that only this kind of item has.
_KINDS: tuple[tuple[str, type[Item]], ...] = (
    ("event", IncomingEvent),
    ("operation", ProfileChange),
    ("known_id", IdentityLink),
    ("previous_id", IdentityAlias),
)


def read_item(raw: Any) -> Item:
    """The item in the form of ``collect.incoming``. Raises ``ItemUnreadable``."""
    kind = _kind(raw)
    if kind is None:
        raise ItemUnreadable(reason="none of event, operation, known_id, previous_id is given")
    try:
        found: Item = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise ItemUnreadable(reason=str(error)) from error
    return found


def _kind(raw: Any) -> type[Item] | None:
    return next((kind for name, kind in _KINDS if isinstance(raw, dict) and name in raw), None)


def _ours(raw: Any) -> Item | None:
    """The item in the form of ``collect.incoming`` and with nothing beside it, as an operator writes it."""
    kind = _kind(raw)
    if kind is None or not set(raw) <= set(kind.__struct_fields__):
        return None
    try:
        return read_item(raw)
    except ItemUnreadable:
        return None
