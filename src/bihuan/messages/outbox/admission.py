"""The moment a batch is let out: caps and rates are looked at, and used up, by one worker at a time."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.claims import TABLE, Outcome, begin_sending, settle
from bihuan.messages.outbox.policies.caps import Capped, Past, Wish, capped, longest_ms
from bihuan.messages.outbox.policies.rate import after, room
from bihuan.messages.outbox.policies.settings import PolicySettings
from bihuan.messages.outbox.preparing import EXPIRED, Place, Prepared
from bihuan.messages.outbox.writings import keep

CAP_REACHED = "cap_reached"
CHANNEL_CAP_REACHED = "channel_cap_reached"
# Messages that reached the person, or may have.
_COUNTED = ("sending", "sent", "uncertain")
# Any fixed number: the family of advisory locks that projects letting messages out belong to.
_ADVISORY_FAMILY = 48_423
_ROWS = TABLE.c


def admit(
    session: Session, place: Place, batch: Prepared, worker: str, *, rate: float, now_ms: int, until_ms: int
) -> set[int]:
    """Mark as being sent what may go now, and settle the rest; returns the messages to give to the channel.

    Two workers cannot both use the last place under a cap: the second one's transaction waits for the
    first one's commit, and then counts what that marked.
    """
    project_id = place.project.row.id
    _lock(session, project_id)
    for key, verdict in _capped(session, project_id, place.policy, batch, now_ms).items():
        batch.outcomes[key] = _held_back(place, batch, key, verdict)
        del batch.outgoing[key]
    free_ms = session.scalar(select(MessageChannel.free_ms).where(MessageChannel.id == place.channel.id)) or 0
    allowed = room(free_ms, rate, now_ms)
    if allowed >= 0:
        for key in list(batch.outgoing)[allowed:]:
            batch.outcomes[key] = Outcome("queued", due_ms=now_ms)
            del batch.outgoing[key]
    medium = place.channel.medium
    ids = list(batch.outgoing)
    going = begin_sending(session, worker, ids, medium=medium, now_ms=now_ms, until_ms=until_ms)
    keep(session, project_id, {key: batch.writings[key] for key in going if key in batch.writings}, now_ms)
    if rate > 0 and going:
        used = after(free_ms, rate, now_ms, len(going))
        session.execute(
            update(MessageChannel).where(MessageChannel.id == place.channel.id).values(free_ms=used)
        )
    settle(session, worker, batch.outcomes, batch.messages, now_ms=now_ms)
    return going


def _lock(session: Session, project_id: str) -> None:
    # On SQLite whoever writes is alone.
    if session.get_bind().dialect.name == "postgresql":
        keys = {"family": _ADVISORY_FAMILY, "name": zlib.crc32(project_id.encode()) - 2**31}
        session.execute(text("SELECT pg_advisory_xact_lock(:family, :name)"), keys)


def _capped(
    session: Session, project_id: str, policy: PolicySettings, batch: Prepared, now_ms: int
) -> dict[int, Capped]:
    wishes = [
        Wish(key, batch.messages[key].person_id, batch.messages[key].medium)
        for key in batch.outgoing
        if batch.messages[key].purpose not in policy.exempt_purposes
    ]
    if not policy.caps or not wishes:
        return {}
    past = _past(session, project_id, policy, sorted({each.person for each in wishes}), now_ms)
    return capped(wishes, past, policy.caps, now_ms)


def _past(
    session: Session, project_id: str, policy: PolicySettings, persons: Sequence[int], now_ms: int
) -> list[Past]:
    wanted = select(_ROWS.person_id, _ROWS.medium, _ROWS.sent_ms).where(
        _ROWS.project_id == project_id,
        _ROWS.person_id.in_(persons),
        _ROWS.state.in_(_COUNTED),
        _ROWS.sent_ms > now_ms - longest_ms(policy.caps),
    )
    if policy.exempt_purposes:
        wanted = wanted.where(_ROWS.purpose.not_in(policy.exempt_purposes))
    return [Past(*row) for row in session.execute(wanted)]


def _held_back(place: Place, batch: Prepared, key: int, verdict: Capped) -> Outcome:
    message = batch.messages[key]
    if place.policy.on_cap == "wait":
        if message.expires_ms is not None and message.expires_ms <= verdict.free_ms:
            return Outcome("suppressed", EXPIRED)
        return Outcome("queued", due_ms=verdict.free_ms)
    if verdict.cap.medium is None:
        return Outcome("suppressed", CAP_REACHED)
    return place.falls_back(message, "suppressed", CHANNEL_CAP_REACHED)
