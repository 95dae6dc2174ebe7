"""One project's side of collection: prepared rows into its log, in an order that a crash cannot spoil.

What is said about people first, then events and quarantine in one acknowledged write. Everything is
idempotent by id, so a sender that got no answer sends the request again.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import xxhash

from bihuan.collect.enrichment import EnrichmentSettings
from bihuan.collect.incoming import Parsed, Rejected
from bihuan.collect.lane import Lane
from bihuan.collect.names import EventNames
from bihuan.collect.preparation import PlanCheck, Preparation, Prepared, TimeRules
from bihuan.collect.protocols.base import Outcome
from bihuan.people import Change, Link, People
from bihuan.warehouse import Batch, GroupWriter

HELD = "held"


class Intake:
    """Stores what was sent to one project. Thread-safe, but ``take`` belongs to one event loop.

    Attributes:
        names: those of the events it has let in.
        stored: told of what was stored, in the thread that stored it: it must be quick.
    """

    def __init__(
        self,
        people: People,
        writer: GroupWriter,
        *,
        rules: TimeRules,
        enrichment: EnrichmentSettings,
        plan: Callable[[], PlanCheck | None] = lambda: None,
    ) -> None:
        self._people = people
        self._store = people.store
        self._writer = writer
        self._rules = rules
        self._enrichment = enrichment
        self._plan = plan
        self.names = EventNames()
        self.stored: Callable[[Prepared], None] = _nobody
        self._records: Lane[Link | Change, None] = Lane(self._record)

    async def take(self, parsed: Parsed, *, source: str, protocol: str, received_ms: int) -> Outcome:
        """Store a request; all of it is durable on return. Raises ``Overloaded``, ``EngineUnavailable``."""
        prepared = self._preparation(source).prepare(parsed, received_ms)
        if prepared.records:
            await self._records.do(prepared.records)
        duplicates = 0
        batch = _batch(prepared, source, protocol, received_ms)
        if batch is not None:
            duplicates = (await self._writer.write(self._store, batch)).duplicates
        self.stored(prepared)
        return _outcome(prepared, duplicates)

    def take_blocking(
        self, parsed: Parsed, *, source: str, protocol: str, received_ms: int, actor: str = ""
    ) -> Outcome:
        """The same for threads: imports and replays. ``actor`` is kept with links between ids."""
        prepared = self._preparation(source, actor).prepare(parsed, received_ms)
        if prepared.records:
            self._record(prepared.records)
        duplicates = 0
        batch = _batch(prepared, source, protocol, received_ms)
        if batch is not None:
            duplicates = self._writer.submit(self._store, batch).result().duplicates
        self.stored(prepared)
        return _outcome(prepared, duplicates)

    def examine(self, parsed: Parsed, *, source: str, received_ms: int) -> list[Rejected]:
        """What would be set aside of this request; nothing is stored, and nothing counted."""
        plan = self._plan()
        preparation = Preparation(
            source,
            self._people,
            rules=self._rules,
            enrichment=self._enrichment,
            plan=plan.quiet() if plan is not None else None,
        )
        return preparation.prepare(parsed, received_ms).rejected

    def _record(self, records: list[Link | Change]) -> None:
        links = [record for record in records if isinstance(record, Link)]
        changes = [record for record in records if isinstance(record, Change)]
        self._people.record(links, changes, received_ms=time.time_ns() // 1_000_000)

    def _preparation(self, source: str, actor: str = "") -> Preparation:
        return Preparation(
            source,
            self._people,
            rules=self._rules,
            enrichment=self._enrichment,
            plan=self._plan(),
            names=self.names,
            actor=actor,
        )


def _nobody(prepared: Prepared) -> None:
    """Whom to tell of what was stored, as long as nobody asked."""


def _outcome(prepared: Prepared, duplicates: int) -> Outcome:
    return Outcome(
        accepted=prepared.accepted,
        duplicates=duplicates,
        quarantined=[(each.path, each.reason) for each in prepared.rejected],
    )


def _batch(prepared: Prepared, source: str, protocol: str, received_ms: int) -> Batch | None:
    if not prepared.events and not prepared.rejected:
        return None
    held = [_quarantine_row(each, source, protocol, received_ms) for each in prepared.rejected]
    return Batch(events=prepared.events, others={"quarantine": held} if held else {})


def _quarantine_row(rejected: Rejected, source: str, protocol: str, received_ms: int) -> dict[str, Any]:
    raw = _json(rejected.raw)
    identity = f"{source}\0{rejected.reason}\0{rejected.path}\0{raw}"
    event = rejected.raw.get("event") if isinstance(rejected.raw, dict) else None
    return {
        "item_id": uuid.UUID(int=xxhash.xxh3_128_intdigest(identity.encode("utf-8", "surrogatepass"))),
        "received_at": received_ms,
        "source": source,
        "protocol": protocol,
        "event": event if isinstance(event, str) else "",
        "reason": rejected.reason,
        "path": rejected.path,
        "detail_en": rejected.detail_en,
        "detail_zh": rejected.detail_zh,
        "raw": raw,
        "status": HELD,
        "version": received_ms,
    }


def _json(raw: Any) -> str:
    if isinstance(raw, str):
        return raw.encode("utf-8", "replace").decode()
    try:
        return msgspec.json.encode(raw).decode()
    except (TypeError, UnicodeEncodeError, RecursionError):
        return repr(raw).encode("utf-8", "replace").decode()
