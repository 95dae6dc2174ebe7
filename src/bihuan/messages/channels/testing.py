"""Test messages: sent at once, beside the outbox, to addresses that somebody names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bihuan.access import Project
from bihuan.database import Database, new_id
from bihuan.delivery import Content, Outgoing, Rejected, Result, Retry, Sent
from bihuan.messages.channels.errors import TestUnrendered
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.opening import OpenChannels
from bihuan.messages.channels.schemas import TestInput, TestOutcome
from bihuan.messages.outbox.claims import Message
from bihuan.messages.outbox.policies.clock import zone_of
from bihuan.messages.outbox.ports import Draft, Recipient, Renderer, SendingProject, Unrendered
from bihuan.messages.templates.scopes import LINKS
from bihuan.people import People

EXAMPLE = "https://example.com"


class Sending(Protocol):
    """What tests are sent with: ``outbox.messaging.Messaging``."""

    renderer: Renderer
    database: Database

    def channels(self) -> OpenChannels:
        """Open channels for one event loop."""


def send_test(
    sending: Sending,
    project: SendingProject,
    channel: MessageChannel,
    asked: TestInput,
    addresses: Sequence[str],
) -> list[TestOutcome]:
    """Send a test to each address; it is in no outbox, counts for no cap, and is in no event log.

    Raises:
        TestUnrendered, PersonNotFound, ChannelSettingsInvalid, AddressRefused.
    """
    content = _content(sending.renderer, project, channel, asked)
    batch = [Outgoing(f"test-{new_id()}", each, content) for each in addresses]

    async def send() -> list[Result]:
        opened = sending.channels().fresh(channel)
        try:
            return await opened.send(batch)
        finally:
            await opened.close()

    results = asyncio.run(send())
    return [_outcome(each.address, result) for each, result in zip(batch, results, strict=True)]


def _content(
    renderer: Renderer, project: SendingProject, channel: MessageChannel, asked: TestInput
) -> Content:
    recipient = _recipient(project.row, project.people, asked)
    named = {name: getattr(asked, name) for name in ("content", "language")}
    context = {
        **{name: value for name, value in named.items() if value is not None},
        **{name: getattr(asked, name) for name in ("data", "event", "campaign")},
        # Whoever looks at a test must not unsubscribe the person whose values it shows.
        "links": {each: f"{EXAMPLE}/{each}" for each in LINKS},
    }
    message = Message(
        id=0,
        person_id=recipient.person_id,
        occurrence="test",
        step="test",
        channel_id=channel.id,
        medium=channel.medium,
        fallbacks=[],
        trail=[],
        template_id=asked.template_id,
        template_version=asked.template_version,
        variant=asked.variant,
        context=context,
        origin={},
        purpose="transactional",
        due_ms=0,
        expires_ms=None,
        local_time=None,
        best_time=False,
        attempts=0,
        created_ms=0,
    )
    said = renderer.render(project, [Draft(message, channel.medium, recipient, "")])[0]
    if isinstance(said, Unrendered):
        raise TestUnrendered(reason=said.detail or said.reason, path="content")
    return said


def _recipient(project: Project, people: People, asked: TestInput) -> Recipient:
    if asked.person is None:
        return Recipient(0, "sample", asked.sample, zone_of(None, project.time_zone))
    found = people.get(asked.person).summary
    zone = zone_of(found.properties.get("$timezone"), project.time_zone)
    return Recipient(found.person_id, found.distinct_ids[0], found.properties, zone)


def _outcome(address: str, result: Result) -> TestOutcome:
    if isinstance(result, Sent):
        return TestOutcome(address=address, outcome="sent", detail=result.provider_id)
    name = (
        "rejected" if isinstance(result, Rejected) else "retry" if isinstance(result, Retry) else "uncertain"
    )
    return TestOutcome(address=address, outcome=name, detail=result.reason)
