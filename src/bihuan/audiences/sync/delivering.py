"""Messages to webhooks: at least once, each with an id of its own, in order."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Mask, Project
from bihuan.audiences.models import Audience
from bihuan.audiences.refreshing.service import CLAIM
from bihuan.audiences.subjects import Row
from bihuan.audiences.sync.changes import Part, moved
from bihuan.audiences.sync.erased import erased, erased_until
from bihuan.audiences.sync.models import AudienceSync, Delivery
from bihuan.audiences.sync.service import secret_for
from bihuan.database import Database, new_id, utc_now
from bihuan.delivery.errors import AddressRefused, DeliveryFailed
from bihuan.delivery.webhooks.addresses import target_of
from bihuan.delivery.webhooks.sending import TOTAL_SECONDS, post
from bihuan.delivery.webhooks.signing import signed_headers
from bihuan.kernel.errors import BihuanError
from bihuan.people import People

BATCH = 500
MOST_BATCHES = 40
# Moves of the last moments may still be on their way into the log.
SETTLED_MS = 5_000
BACK_OFF_SECONDS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800)
MOST_ATTEMPTS = len(BACK_OFF_SECONDS) + 1
_GONE = 410


@dataclass(frozen=True)
class Webhook:
    """Sends the moves of one sync."""

    database: Database
    project: Project
    people: People
    subject: Row
    mask: Mask
    private: bool
    total_seconds: float = TOTAL_SECONDS
    settled_ms: int = SETTLED_MS

    def turn(self, sync: AudienceSync) -> int:
        """Send what is to be sent, the unfinished message first; returns how many messages were taken."""
        done = 0
        while done < MOST_BATCHES:
            delivery = self._unfinished(sync) or self._erased(sync) or self._next(sync)
            if delivery is None or not self._send(sync, delivery):
                break
            done += 1
        return done

    def _unfinished(self, sync: AudienceSync) -> Delivery | None:
        with self.database.read_session() as session:
            wanted = select(Delivery).where(Delivery.sync_id == sync.id, Delivery.state == "pending")
            return session.scalar(wanted.order_by(Delivery.id))

    def _next(self, sync: AudienceSync) -> Delivery | None:
        with self.database.read_session() as session:
            last = session.scalar(
                select(Delivery)
                .where(Delivery.sync_id == sync.id, Delivery.kind == "moves", Delivery.state == "delivered")
                .order_by(Delivery.id.desc())
            )
        if last is not None and last.until_person is not None and last.until_ms > sync.sent_ms:
            part = Part(sync.sent_ms, last.until_ms, int(last.until_person))
        elif self._being_refreshed():
            # A refresh is about to write moves of a time that may lie before others that are there.
            return None
        else:
            part = Part(sync.sent_ms, time.time_ns() // 1_000_000 - self.settled_ms)
        found = moved(self.people.store, sync.subject_id, sync.value, part, limit=BATCH + 1)
        whole = len(found) <= BATCH
        persons = found[:BATCH]
        if not persons:
            self._sent_until(sync, part.until_ms)
            return None
        delivery = Delivery(
            id=new_id(),
            sync_id=sync.id,
            project_id=sync.project_id,
            state="pending",
            attempts=0,
            after_ms=part.after_ms,
            until_ms=part.until_ms,
            after_person=None if part.after_person is None else str(part.after_person),
            until_person=None if whole else str(persons[-1][0]),
            entered=sum(entered for _, entered in persons),
            left=sum(not entered for _, entered in persons),
            people=len(persons),
            masked=self.mask.hides,
        )
        return self._kept(delivery)

    def _erased(self, sync: AudienceSync) -> Delivery | None:
        """A message of who was erased since the last one of that kind."""
        store, now_ms = self.people.store, time.time_ns() // 1_000_000 - self.settled_ms
        until_ms = erased_until(store, sync.erased_ms, now_ms, most=BATCH)
        if until_ms is None:
            return None
        return self._kept(
            Delivery(
                id=new_id(),
                sync_id=sync.id,
                project_id=sync.project_id,
                kind="erased",
                state="pending",
                attempts=0,
                after_ms=sync.erased_ms,
                until_ms=until_ms,
                people=len(erased(store, sync.erased_ms, until_ms)),
                masked=True,
            )
        )

    def _kept(self, delivery: Delivery) -> Delivery:
        # Before it is sent, so that after a kill the same message goes out again.
        with self.database.session() as session:
            session.add(delivery)
            session.flush()
            session.expunge(delivery)
        return delivery

    def _being_refreshed(self) -> bool:
        claimed = self.subject.claimed_at
        return claimed is not None and claimed > utc_now() - CLAIM

    def _send(self, sync: AudienceSync, delivery: Delivery) -> bool:
        try:
            target = target_of(sync.url or "", private=self.private)
            body = self._body(sync, delivery)
            headers = signed_headers(secret_for(self.database, sync), delivery.id, int(time.time()), body)
            headers |= {"content-type": "application/json", "user-agent": "Bihuan"}
            status = post(target, body, headers, private=self.private, total_seconds=self.total_seconds)
        except (DeliveryFailed, AddressRefused) as error:
            self._failed(sync, delivery, error)
            return False
        with self.database.session() as session:
            row = session.get_one(Delivery, delivery.id)
            if row.state != "pending":
                return False
            row.state, row.status, row.error, row.ended_at = "delivered", status, None, utc_now()
            row.attempts += 1
            kept = session.get_one(AudienceSync, sync.id)
            if delivery.kind == "erased":
                kept.erased_ms = delivery.until_ms
            elif delivery.until_person is None:
                kept.sent_ms = delivery.until_ms
            kept.next_at, kept.error = None, None
            sync.sent_ms, sync.erased_ms = kept.sent_ms, kept.erased_ms
        return True

    def _body(self, sync: AudienceSync, delivery: Delivery) -> bytes:
        if delivery.kind == "erased":
            gone = erased(self.people.store, delivery.after_ms, delivery.until_ms)
            told: dict[str, Any] = {"person_ids": [str(each) for each in gone]}
            return self._message("person.erased", sync, delivery, told)
        bounds = [
            None if each is None else int(each) for each in (delivery.after_person, delivery.until_person)
        ]
        part = Part(delivery.after_ms, delivery.until_ms, *bounds)
        persons = moved(self.people.store, sync.subject_id, sync.value, part)
        shown = self.people.summaries([person for person, _ in persons])
        entered: list[dict[str, Any]] = []
        left: list[dict[str, Any]] = []
        for (_, has_entered), each in zip(persons, shown, strict=True):
            chosen = {name: _at(each.properties, name) for name in sync.properties}
            person = {
                "person_id": str(each.person_id),
                "distinct_ids": self.mask.texts(each.distinct_ids),
                "properties": {name: self.mask.value(name, value) for name, value in chosen.items()},
            }
            (entered if has_entered else left).append(person)
        is_audience = isinstance(self.subject, Audience)
        changed = {
            "subject_id": sync.subject_id,
            "name": self.subject.name,
            "value": None if is_audience else sync.value,
            "entered": entered,
            "left": left,
        }
        return self._message("audience.changed" if is_audience else "tag.changed", sync, delivery, changed)

    def _message(self, type: str, sync: AudienceSync, delivery: Delivery, told: dict[str, Any]) -> bytes:
        message = {
            "type": type,
            "timestamp": delivery.created_at.isoformat(),
            "data": {"project_id": self.project.id, "sync_id": sync.id, **told},
        }
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

    def _failed(self, sync: AudienceSync, delivery: Delivery, error: DeliveryFailed | AddressRefused) -> None:
        now = utc_now()
        answer = error.answer if isinstance(error, DeliveryFailed) else None
        wait = error.wait_seconds if isinstance(error, DeliveryFailed) else 0.0
        with self.database.session() as session:
            row = session.get_one(Delivery, delivery.id)
            kept = session.get_one(AudienceSync, sync.id)
            row.attempts += 1
            row.status, row.error = answer, failure_of(error)
            kept.error = row.error
            place = min(row.attempts, len(BACK_OFF_SECONDS)) - 1
            kept.next_at = now + timedelta(seconds=max(BACK_OFF_SECONDS[place], wait))
            if row.attempts % MOST_ATTEMPTS == 0 or answer == _GONE:
                # The message stays: it is the first when a member enables the sync again.
                kept.enabled, kept.next_at = False, None

    def _sent_until(self, sync: AudienceSync, until_ms: int) -> None:
        with self.database.session() as session:
            session.get_one(AudienceSync, sync.id).sent_ms = until_ms
        sync.sent_ms = until_ms


def failure_of(error: BihuanError) -> dict[str, Any]:
    """Why something failed, as rows keep it."""
    said = {"code": error.code, "en": error.message("en"), "zh": error.message("zh")}
    return {**said, "at": utc_now().isoformat()}


def fail(session: Session, sync_id: str, error: BihuanError) -> None:
    """Stop a sync that cannot go on until a member does something."""
    row = session.get_one(AudienceSync, sync_id)
    row.error, row.enabled = failure_of(error), False


def _at(properties: dict[str, Any], name: str) -> Any:
    value: Any = properties
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return properties.get(name) if value is None else value
