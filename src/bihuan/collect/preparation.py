"""From the items of a request to rows: times put right, properties enriched, bad items set aside."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from bihuan.collect.enrichment import EnrichmentSettings, enrich
from bihuan.collect.incoming import (
    IdentityAlias,
    IdentityLink,
    IncomingEvent,
    Item,
    Parsed,
    ProfileChange,
    Rejected,
)
from bihuan.collect.names import EventNames
from bihuan.kernel.hashing import event_uuid, key64
from bihuan.people import Change, Link, People, change_uuid, is_usable, new_link
from bihuan.warehouse import EventRow, RowRejected, event_row

_UUID_CHARS = 36
_UUID_HYPHENS = 4
_UUID_BYTES = 16


@dataclass(frozen=True)
class TimeRules:
    """How senders' clocks are treated, in milliseconds.

    ``skew_ms``: difference between the sender's and our clock beyond which times are corrected.
    ``future_ms``: how far ahead an event may still be after that.
    """

    skew_ms: int = 10_000
    future_ms: int = 3_600_000


class PlanCheck(Protocol):
    """The tracking plan as preparation needs it."""

    def refuse(self, event: str, properties: dict[str, Any]) -> Rejected | None:
        """Why the plan does not let this event in; None when it does."""

    def quiet(self) -> PlanCheck:
        """The same, without counting what breaks the plan."""


@dataclass
class Prepared:
    """A request as rows: events, what it says about people (``records``), and what is set aside."""

    events: list[EventRow] = field(default_factory=list)
    records: list[Link | Change] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many rows there are to store."""
        return len(self.events) + len(self.records)


class Preparation:
    """Prepares the requests of one source of one project.

    Args:
        source: name of the source, kept with every row and part of ids that senders number themselves.
        people: who is who in the project.
        plan: the tracking plan, or None where nothing is enforced.
        names: where to tell of names that were not met before.
        actor: who says what links between ids say.
    """

    def __init__(
        self,
        source: str,
        people: People,
        *,
        rules: TimeRules,
        enrichment: EnrichmentSettings,
        plan: PlanCheck | None = None,
        names: EventNames | None = None,
        actor: str = "",
    ) -> None:
        self._source = source
        self._people = people
        self._rules = rules
        self._enrichment = enrichment
        self._plan = plan
        self._names = names
        self._known = names.known if names is not None else None
        self._actor = actor

    def prepare(self, parsed: Parsed, received_ms: int) -> Prepared:
        """The rows of a parsed request; items that break a limit or the plan are set aside one by one."""
        prepared = Prepared(rejected=list(parsed.rejected))
        shift_ms = self._shift(parsed.sent_at_ms, received_ms)
        for item in parsed.items:
            try:
                self._take(item, received_ms, shift_ms, prepared)
            except RowRejected as fault:
                prepared.rejected.append(_aside(item, fault))
        return prepared

    def _shift(self, sent_at_ms: int | None, received_ms: int) -> int:
        if sent_at_ms is None:
            return 0
        skew_ms = received_ms - sent_at_ms
        return skew_ms if abs(skew_ms) > self._rules.skew_ms else 0

    def _take(self, item: Item, received_ms: int, shift_ms: int, prepared: Prepared) -> None:
        time_ms = received_ms if item.time_ms is None else item.time_ms + shift_ms
        if time_ms > received_ms + self._rules.future_ms:
            raise RowRejected("time_in_future", "time")
        if time_ms < 0:
            # As for events; a clock far ahead puts times back by thousands of years.
            raise RowRejected("time_out_of_range", "time")
        if isinstance(item, IncomingEvent):
            self._take_event(item, time_ms, received_ms, prepared)
        elif isinstance(item, ProfileChange):
            prepared.records.append(self._change(item, time_ms, received_ms))
        else:
            prepared.records.append(_link(item, time_ms, self._actor))

    def _take_event(self, item: IncomingEvent, time_ms: int, received_ms: int, prepared: Prepared) -> None:
        properties = item.properties
        enrich(properties, user_agent=item.user_agent, ip=item.ip, settings=self._enrichment)
        refused = self._plan.refuse(item.event, properties) if self._plan is not None else None
        if refused is not None:
            refused.raw = msgspec.to_builtins(item)
            refused.path = f"{item.position}.{refused.path}" if item.position else refused.path
            prepared.rejected.append(refused)
            return
        distinct_key = key64(item.distinct_id)
        if self._people.erasures.covers(distinct_key, time_ms):
            return
        if self._known is not None and item.event not in self._known and self._names is not None:
            self._names.met(item.event)
        prepared.events.append(
            event_row(
                event_id=self._event_id(item.message_id),
                event=item.event,
                time_ms=time_ms,
                received_ms=received_ms,
                distinct_id=item.distinct_id,
                source=self._source,
                properties=properties,
                session_id=item.session_id,
                person_id=self._people.identities.person_of(distinct_key),
            )
        )

    def _event_id(self, message_id: str | None) -> bytes:
        if not message_id:
            return os.urandom(16)
        # A UUID is unique by itself; other ids are so only within their source.
        if len(message_id) == _UUID_CHARS:
            # A third of the time that uuid.UUID takes; what this cannot read, that may.
            try:
                event_id = bytes.fromhex(message_id.replace("-", ""))
                if len(event_id) == _UUID_BYTES and message_id.count("-") == _UUID_HYPHENS:
                    return event_id
            except ValueError:
                pass
            try:
                return uuid.UUID(message_id).bytes
            except ValueError:
                pass
        return event_uuid(f"{self._source}\0{message_id}").bytes

    def _change(self, item: ProfileChange, time_ms: int, received_ms: int) -> Change:
        if not is_usable(item.distinct_id):
            raise RowRejected("id_unusable", "distinct_id")
        message_id = item.message_id or uuid.UUID(bytes=os.urandom(16)).hex
        return Change(
            change_id=change_uuid(f"{self._source}\0{message_id}", item.operation, key64(item.distinct_id)),
            distinct_id=item.distinct_id,
            time_ms=time_ms,
            received_ms=received_ms,
            operation=item.operation,
            values=item.values,
            source=self._source,
        )


def _link(item: IdentityLink | IdentityAlias, time_ms: int, actor: str) -> Link:
    if isinstance(item, IdentityLink):
        from_id, to_id, kind = item.anonymous_id, item.known_id, "link"
    else:
        from_id, to_id, kind = item.previous_id, item.distinct_id, "alias"
    for path, name in (("anonymous_id", from_id), ("known_id", to_id)):
        if not is_usable(name):
            raise RowRejected("id_unusable", path)
    return new_link("link" if kind == "link" else "alias", from_id, to_id, time_ms, actor=actor)


def _aside(item: Item, fault: RowRejected) -> Rejected:
    return Rejected(
        reason=fault.reason,
        path=f"{item.position}.{fault.path}" if item.position else fault.path or "",
        raw=msgspec.to_builtins(item),
        detail_en=fault.message("en"),
        detail_zh=fault.message("zh"),
    )
