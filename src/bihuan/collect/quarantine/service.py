"""Verbs on items kept aside: list, count, show, fix, replay, discard."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from bihuan.collect.quarantine import repository
from bihuan.collect.quarantine.errors import QuarantineItemDone, QuarantineItemNotFound, RawInvalid
from bihuan.collect.quarantine.replaying import Replay, Replayed
from bihuan.collect.quarantine.repository import Filter, HeldItem, ReasonCount, SeenItem
from bihuan.database import CursorInvalid
from bihuan.database.pagination import decode_cursor, encode_cursor
from bihuan.warehouse import ProjectStore

# Occurrences of one replay or patch; callers repeat until nothing is left.
ITEMS_AT_ONCE = 1_000
_ANY = 10_000_000


@dataclass
class ReplayOutcome:
    """How many items were stored, and those that were not, with why."""

    stored: int = 0
    failed: list[Replayed] = field(default_factory=list)


class Quarantine:
    """The items kept aside in one project.

    Args:
        replay: the way back into the pipeline.
    """

    def __init__(self, store: ProjectStore, replay: Replay) -> None:
        self.store = store
        self._replay = replay

    def list(
        self, wanted: Filter, *, cursor: str | None = None, limit: int = 100
    ) -> tuple[Sequence[SeenItem], str | None]:
        """Items, those seen last first, and the cursor of the next page.

        Raises:
            CursorInvalid.
        """
        before = None if cursor is None else _decoded(cursor)
        items = repository.list_items(self.store, wanted, before=before, limit=limit + 1)
        if len(items) <= limit:
            return items, None
        last = items[limit - 1]
        return items[:limit], encode_cursor(f"{last.last_ms}:{last.item.item_id}")

    def summary(self, wanted: Filter) -> Sequence[ReasonCount]:
        """Counts by reason, event, source and status, the most frequent first."""
        return repository.count_by_reason(self.store, wanted.condition())

    def get(self, item_id: uuid.UUID) -> SeenItem:
        """One item. Raises ``QuarantineItemNotFound``."""
        items = repository.list_items(self.store, Filter(item_ids=(item_id,)), limit=1)
        if not items:
            raise QuarantineItemNotFound(item_id=item_id)
        return items[0]

    def fix(self, item_id: uuid.UUID, raw: str) -> SeenItem:
        """Replace the payload of one item, in all its occurrences that are held.

        Raises:
            QuarantineItemNotFound, QuarantineItemDone, RawInvalid.
        """
        seen = self.get(item_id)
        if seen.item.status != "held":
            raise QuarantineItemDone(item_id=item_id, status=seen.item.status)
        _checked(raw)
        # However many there are: half of an item mended would be two.
        wanted = Filter(status="held", item_ids=(item_id,)).condition()
        held = repository.select_items(self.store, wanted, limit=_ANY)
        repository.insert_items(self.store, [_with_raw(item, raw) for item in held])
        return self.get(item_id)

    def patch(self, wanted: Filter, patch: Any) -> int:
        """Apply a JSON merge patch (RFC 7396) to the payloads of the held items; returns how many changed.

        At most ``ITEMS_AT_ONCE`` items are looked at, the latest; payloads that are not JSON stay.
        """
        fixed: list[HeldItem] = []
        for item in self._held(wanted):
            try:
                before = msgspec.json.decode(item.raw)
            except msgspec.DecodeError:
                continue
            after = merge_patch(before, patch)
            if after != before:
                fixed.append(_with_raw(item, msgspec.json.encode(after).decode()))
        repository.insert_items(self.store, fixed)
        return len(fixed)

    def replay(self, wanted: Filter) -> ReplayOutcome:
        """Send held items through the pipeline again; those that are stored become ``replayed``.

        At most ``ITEMS_AT_ONCE`` occurrences at a time, the latest first. Of several occurrences of an item
        without an id of its own each is an event, as they would have been. A kill in the middle leaves some
        stored and still held; replaying those again stores nothing twice.
        """
        outcome = ReplayOutcome()
        done: list[HeldItem] = []
        try:
            for item in self._held(wanted):
                result = self._replay(item)
                if result.stored:
                    done.append(item)
                else:
                    outcome.failed.append(result)
        finally:
            repository.insert_items(self.store, repository.with_status(done, "replayed"))
        outcome.stored = len(done)
        return outcome

    def discard(self, wanted: Filter) -> int:
        """Mark held items as not wanted; returns how many. At most ``ITEMS_AT_ONCE`` at a time."""
        items = self._held(wanted)
        repository.insert_items(self.store, repository.with_status(items, "discarded"))
        return len(items)

    def _held(self, wanted: Filter) -> Sequence[HeldItem]:
        condition = replace(wanted, status="held").condition()
        return repository.select_items(self.store, condition, limit=ITEMS_AT_ONCE)


def merge_patch(target: Any, patch: Any) -> Any:
    """``target`` after a JSON merge patch (RFC 7396): objects are merged, null removes, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def _with_raw(item: HeldItem, raw: str) -> HeldItem:
    decoded = msgspec.json.decode(raw)
    event = decoded.get("event") if isinstance(decoded, dict) else None
    return replace(
        item, raw=raw, event=event if isinstance(event, str) else item.event, version=item.version + 1
    )


def _checked(raw: str) -> str:
    try:
        msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise RawInvalid(path="raw", reason=str(error)) from error
    return raw


def _decoded(cursor: str) -> tuple[int, uuid.UUID]:
    received, _, item_id = decode_cursor(cursor).partition(":")
    try:
        return int(received), uuid.UUID(item_id)
    except ValueError as error:
        raise CursorInvalid(path="cursor") from error
