"""Who a message could be sent to at a moment, by which channel, and why others not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.campaigns.plan.schemas import Message as PlannedMessage
from bihuan.campaigns.running.messenger import Reach
from bihuan.database import Database
from bihuan.messages.channels.kinds import address_of
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.claims import Message
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.policies.caps import Past, Wish, capped, longest_ms
from bihuan.messages.outbox.policies.choosing import PRIORITIES, choose
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.policies.settings import PolicySettings
from bihuan.messages.outbox.policies.timing import is_quiet
from bihuan.messages.outbox.ports import Draft, Permission, Recipient, SendingProject
from bihuan.messages.outbox.recipients import recipients_of

_AT_ONCE = 2_000
UNKNOWN, NO_ADDRESS, CAPPED = "person_unknown", "no_address", "capped"
_SENT = ("sending", "sent", "uncertain")


@dataclass(frozen=True)
class Reacher:
    """Asks what sending will ask, for people who are not sent anything yet."""

    database: Database
    project: SendingProject
    permission: Permission

    def reach(self, message: PlannedMessage, person_ids: Sequence[int], at_ms: int) -> Reach:
        """Who could be sent a message at a moment; a person counts for the first channel that takes them.

        A person's reason is that of the last channel tried.
        """
        by_channel: Counter[str] = Counter()
        blocked: Counter[str] = Counter()
        delayed = 0
        with self.database.read_session() as session:
            channels, policy = self._channels(session, message), policy_of(session, self.project.row.id)
            for start in range(0, len(person_ids), _AT_ONCE):
                page = person_ids[start : start + _AT_ONCE]
                waiting = recipients_of(self.project, page)
                reasons = dict.fromkeys((each for each in page if each not in waiting), UNKNOWN)
                for channel in channels:
                    refused = self._refused(session, message, channel, waiting, policy, at_ms)
                    taken = [each for each in waiting if each not in refused]
                    by_channel[channel.id] += len(taken)
                    delayed += _delayed(policy, message, channel, (waiting[each] for each in taken), at_ms)
                    reasons |= refused
                    waiting = {each: waiting[each] for each in refused if each in waiting}
                blocked.update(
                    reasons[each] for each in page if each in waiting or reasons.get(each) == UNKNOWN
                )
        choice = choose(policy, message.purpose, **wishes_of(message))
        return Reach(dict(by_channel), dict(blocked), delayed, choice)

    def draft(self, message: PlannedMessage, person_id: int, context: Mapping[str, Any]) -> Draft | None:
        """A message as it would be written for a person; None for one unknown or without an address."""
        recipient = recipients_of(self.project, [person_id]).get(person_id)
        if recipient is None:
            return None
        with self.database.read_session() as session:
            channels = self._channels(session, message)
        for channel in channels:
            address = _address(channel, recipient)
            if address is not None:
                return Draft(
                    _unsent(message, channel, recipient, context), channel.medium, recipient, address
                )
        return None

    def _refused(
        self,
        session: Session,
        message: PlannedMessage,
        channel: MessageChannel,
        waiting: Mapping[int, Recipient],
        policy: PolicySettings,
        at_ms: int,
    ) -> dict[int, str]:
        addresses = {each: _address(channel, recipient) for each, recipient in waiting.items()}
        refused = {each: NO_ADDRESS for each, address in addresses.items() if address is None}
        known = {each: address for each, address in addresses.items() if address is not None}
        args = (session, self.project.row.id, channel.medium, message.purpose, known)
        refused |= dict(self.permission.refused(*args))
        if policy.caps and message.purpose not in policy.exempt_purposes:
            free = [each for each in known if each not in refused]
            past = self._past(session, free, at_ms - longest_ms(policy.caps))
            wishes = [Wish(each, each, channel.medium) for each in free]
            refused |= dict.fromkeys(capped(wishes, past, policy.caps, at_ms), CAPPED)
        return refused

    def _past(self, session: Session, persons: Sequence[int], since_ms: int) -> list[Past]:
        columns = (OutboxMessage.person_id, OutboxMessage.medium, OutboxMessage.sent_ms)
        wanted = select(*columns).where(
            OutboxMessage.project_id == self.project.row.id,
            OutboxMessage.person_id.in_(persons),
            OutboxMessage.state.in_(_SENT),
            OutboxMessage.sent_ms > since_ms,
        )
        return [Past(person, medium, at or 0) for person, medium, at in session.execute(wanted)]

    def _channels(self, session: Session, message: PlannedMessage) -> list[MessageChannel]:
        rows = session.scalars(
            select(MessageChannel).where(
                MessageChannel.project_id == self.project.row.id,
                MessageChannel.id.in_(message.channel_ids),
                MessageChannel.enabled,
            )
        )
        return sorted(rows, key=lambda row: message.channel_ids.index(row.id))


class Wishes(TypedDict):
    """What a message says of its time and its turn; None where it leaves that to the project."""

    priority: int | None
    best_time: bool | None


def wishes_of(message: PlannedMessage) -> Wishes:
    """The same of a message as it is planned."""
    return {
        "priority": None if message.priority is None else PRIORITIES[message.priority],
        "best_time": None if message.send_time is None else message.send_time == "best_time",
    }


def _address(channel: MessageChannel, recipient: Recipient) -> str | None:
    return address_of(channel.kind, channel.address_property, recipient.person_id, recipient.properties)


def _delayed(
    policy: PolicySettings,
    message: PlannedMessage,
    channel: MessageChannel,
    recipients: Iterable[Recipient],
    at_ms: int,
) -> int:
    quiet = policy.quiet_hours
    if quiet is None or message.purpose in policy.exempt_purposes or channel.medium not in quiet.media:
        return 0
    return sum(is_quiet(quiet, each.zone, at_ms) for each in recipients)


def _unsent(
    message: PlannedMessage,
    channel: MessageChannel,
    recipient: Recipient,
    context: Mapping[str, Any],
) -> Message:
    """A message that is in no outbox, for a preview; its number 0 is nobody's."""
    return Message(
        id=0,
        person_id=recipient.person_id,
        occurrence="preview",
        step=message.step,
        channel_id=channel.id,
        medium=channel.medium,
        fallbacks=[],
        trail=[],
        template_id=message.template_id,
        template_version=None,
        variant=message.template_variant,
        context=dict(context),
        origin={},
        purpose=message.purpose,
        due_ms=0,
        expires_ms=None,
        local_time=None,
        best_time=False,
        attempts=0,
        created_ms=0,
    )
