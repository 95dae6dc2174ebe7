"""From claimed messages to what is given to a channel: who, whether, when, what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bihuan.database import Database
from bihuan.delivery import Outgoing
from bihuan.messages.channels.kinds import address_of
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.claims import Message, Outcome
from bihuan.messages.outbox.policies.settings import PolicySettings
from bihuan.messages.outbox.policies.timing import after_quiet, at_active_hour, at_local_time
from bihuan.messages.outbox.ports import (
    Draft,
    Permission,
    Recipient,
    Renderer,
    SendingProject,
    Surroundings,
    Unrendered,
)
from bihuan.messages.outbox.recipients import active_hours, recipients_of
from bihuan.messages.outbox.writings import packed

# Why a message is not sent, as it is counted and shown.
EXPIRED = "expired"
PERSON_UNKNOWN = "person_unknown"
NO_ADDRESS = "no_address"
WRONG_MEDIUM = "wrong_medium"


@dataclass
class Prepared:
    """A batch: what is settled already, and what the channel is to have, each with its recipient."""

    messages: dict[int, Message]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    outgoing: dict[int, Outgoing] = field(default_factory=dict)
    recipients: dict[int, Recipient] = field(default_factory=dict)
    writings: dict[int, bytes] = field(default_factory=dict)

    def shares(self, size: int) -> list[Prepared]:
        """The same in parts of at most so many that the channel is to have; never none."""
        going = list(self.outgoing)
        decided = [key for key in self.messages if key not in self.outgoing]
        parts = [going[start : start + size] for start in range(0, len(going), size)] or [[]]
        found = [self._part(part) for part in parts]
        found[0].messages |= {key: self.messages[key] for key in decided}
        found[0].outcomes = dict(self.outcomes)
        return found

    def give_back(self) -> None:
        """Have what was to go wait in the queue again."""
        for key in self.outgoing:
            self.outcomes[key] = Outcome("queued", due_ms=self.messages[key].due_ms)
        self.outgoing.clear()

    def _part(self, keys: Sequence[int]) -> Prepared:
        messages, outgoing = self.messages, self.outgoing
        return Prepared(
            {key: messages[key] for key in keys},
            outgoing={key: outgoing[key] for key in keys},
            recipients=self.recipients,
            writings={key: self.writings[key] for key in keys if key in self.writings},
        )


@dataclass(frozen=True)
class Place:
    """Where a batch is sent from: the project, the channel, the others to fall back to, and the rules."""

    project: SendingProject
    channel: MessageChannel
    others: frozenset[str]
    policy: PolicySettings

    def falls_back(
        self, message: Message, state: str, reason: str, detail: str = "", *, attempted: bool = False
    ) -> Outcome:
        """What becomes of a message that this channel cannot take: the next channel, or this end."""
        rest = list(message.fallbacks)
        while rest:
            following = rest.pop(0)
            if following in self.others:
                trail = [*message.trail, {"channel_id": self.channel.id, "reason": reason}]
                return Outcome("queued", due_ms=message.due_ms, channel=(following, rest, trail))
        return Outcome(state, reason, detail or None, attempted=attempted)


class Preparation:
    """Prepares batches."""

    def __init__(self, database: Database, permission: Permission, renderer: Renderer) -> None:
        self._database = database
        self._permission = permission
        self._renderer = renderer

    def prepare(self, place: Place, messages: Sequence[Message], now_ms: int) -> Prepared:
        """Decide about a claimed batch, and render what may go."""
        batch = Prepared({each.id: each for each in messages})
        medium = place.channel.medium
        for each in messages:
            each.medium = medium
            if each.expires_ms is not None and each.expires_ms <= now_ms:
                batch.outcomes[each.id] = Outcome("suppressed", EXPIRED)
        self._find(place, batch)
        drafts = self._addressed(place, batch)
        drafts = self._permitted(place, batch, drafts)
        drafts = _timed(place, batch, drafts, now_ms)
        self._render(place, batch, drafts)
        return batch

    def _find(self, place: Place, batch: Prepared) -> None:
        open_ = _undecided(batch)
        batch.recipients = recipients_of(place.project, [each.person_id for each in open_])
        for each in open_:
            if each.person_id not in batch.recipients:
                batch.outcomes[each.id] = Outcome("suppressed", PERSON_UNKNOWN)

    def _addressed(self, place: Place, batch: Prepared) -> list[Draft]:
        channel = place.channel
        drafts = []
        for each in _undecided(batch):
            person = batch.recipients[each.person_id]
            address = address_of(channel.kind, channel.address_property, person.person_id, person.properties)
            if address is None:
                batch.outcomes[each.id] = place.falls_back(each, "suppressed", NO_ADDRESS)
            else:
                drafts.append(Draft(each, channel.medium, person, address, Surroundings(for_good=True)))
        return drafts

    def _permitted(self, place: Place, batch: Prepared, drafts: list[Draft]) -> list[Draft]:
        purposes: dict[str, dict[int, str]] = defaultdict(dict)
        for each in drafts:
            purposes[each.message.purpose][each.recipient.person_id] = each.address
        project_id, medium = place.project.row.id, place.channel.medium
        refused: dict[tuple[str, int], str] = {}
        with self._database.read_session() as session:
            for purpose, addresses in purposes.items():
                found = self._permission.refused(session, project_id, medium, purpose, addresses)
                refused |= {(purpose, person): reason for person, reason in found.items()}
        kept = []
        for each in drafts:
            reason = refused.get((each.message.purpose, each.recipient.person_id))
            if reason is None:
                kept.append(each)
            else:
                batch.outcomes[each.message.id] = place.falls_back(each.message, "suppressed", reason)
        return kept

    def _render(self, place: Place, batch: Prepared, drafts: list[Draft]) -> None:
        if not drafts:
            return
        contents = self._renderer.render(place.project, drafts)
        for each in drafts:
            message, content = each.message, contents[each.message.id]
            if isinstance(content, Unrendered):
                detail = content.detail[:2_000]
                if content.reason == WRONG_MEDIUM:
                    batch.outcomes[message.id] = place.falls_back(message, "rejected", WRONG_MEDIUM, detail)
                else:
                    batch.outcomes[message.id] = Outcome("rejected", content.reason, detail or None)
            else:
                batch.outgoing[message.id] = Outgoing(str(message.id), each.address, content)
                if place.policy.keep_content_days:
                    batch.writings[message.id] = packed(each)


def _undecided(batch: Prepared) -> list[Message]:
    return [each for key, each in batch.messages.items() if key not in batch.outcomes]


def _timed(place: Place, batch: Prepared, drafts: list[Draft], now_ms: int) -> list[Draft]:
    """Those whose time has come; the others go back until theirs."""
    hours = _hours(place, drafts, now_ms)
    quiet = place.policy.quiet_hours
    kept = []
    for each in drafts:
        message, zone = each.message, each.recipient.zone
        due_ms = now_ms
        if message.local_time is not None:
            due_ms = at_local_time(message.local_time, zone, message.due_ms)
        elif message.best_time and each.recipient.person_id in hours:
            due_ms = at_active_hour(hours[each.recipient.person_id], zone, now_ms)
        due_ms = max(due_ms, now_ms)
        exempt = message.purpose in place.policy.exempt_purposes
        if quiet is not None and each.medium in quiet.media and not exempt:
            due_ms = after_quiet(quiet, zone, due_ms)
        timed = message.local_time is not None or message.best_time
        if due_ms <= now_ms:
            # Decided: another attempt does not wait for that time again.
            message.local_time, message.best_time = None, False
            kept.append(each)
        elif message.expires_ms is not None and message.expires_ms <= due_ms:
            batch.outcomes[message.id] = Outcome("suppressed", EXPIRED)
        else:
            batch.outcomes[message.id] = Outcome("queued", due_ms=due_ms, timed=timed)
    return kept


def _hours(place: Place, drafts: list[Draft], now_ms: int) -> dict[int, int]:
    wanted = [each.recipient for each in drafts if each.message.best_time]
    if not wanted:
        return {}
    return active_hours(place.project.store, wanted, now_ms, place.project.row.time_zone)
