"""Messages of journeys into the outbox; what may be named, from messages and experiments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.journeys.calling import WEBHOOK
from bihuan.journeys.graph.nodes import Send
from bihuan.journeys.ports import NamedKind, Origin
from bihuan.journeys.tasks.service import members
from bihuan.kernel.arrays import Array
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.enqueueing import Sending, enqueue_selected
from bihuan.messages.outbox.policies.choosing import PRIORITIES
from bihuan.messages.templates.models import Template


class OutboxSending:
    """``ports.Sending``: one statement puts the messages of all these people into the outbox."""

    def enqueue(
        self, session: Session, origin: Origin, node: Send, people: Select[Any], *, now_ms: int
    ) -> None:
        """Queue messages of one node."""
        sending = Sending(
            channel_ids=node.channels,
            purpose=node.purpose,
            template_id=node.template,
            origin={"$journey_id": origin.journey_id, "$node_id": origin.node},
            priority=None if node.priority is None else PRIORITIES[node.priority],
            best_time=None if node.send_time is None else node.send_time == "best_time",
        )
        enqueue_selected(session, origin.project_id, people, sending, now_ms=now_ms)


class ExperimentSplitting:
    """``ports.Splitting``: variants as experiments draw them; whoever gets one is written down.

    Args:
        drawing: who has which variant of an experiment; None of one that does not run.
        record: writes down persons' variants as of a moment; again changes nothing.
    """

    def __init__(
        self,
        drawing: Callable[[str, str], Callable[[int], str | None] | None],
        record: Callable[[str, str, dict[int, str], int], None],
    ) -> None:
        self._drawing = drawing
        self._record = record

    def variants(self, origin: Origin, experiment: str, persons: Array, at_ms: int) -> Sequence[str | None]:
        """The variant of each person; None of one who is not in it."""
        draw = self._drawing(origin.project_id, experiment)
        if draw is None:
            return [None] * len(persons)
        found = [draw(person) for person in persons.tolist()]
        named = {person: name for person, name in zip(persons.tolist(), found, strict=True) if name}
        # A rehearsal names no journey: nobody gets anything.
        if named and origin.journey_id:
            self._record(origin.project_id, experiment, named, at_ms)
        return found


class ProjectNames:
    """``ports.Naming``: templates, channels and members of the project."""

    def names(self, session: Session, project_id: str, kind: NamedKind) -> Collection[str] | None:
        """The ids of a kind; None where nobody knows."""
        channels = select(MessageChannel.id).where(MessageChannel.project_id == project_id)
        match kind:
            case "template":
                return set(session.scalars(select(Template.id).where(Template.project_id == project_id)))
            case "channel":
                return set(session.scalars(channels))
            case "webhook":
                return set(session.scalars(channels.where(MessageChannel.kind == WEBHOOK)))
            case "member":
                return set(members(session, project_id))
            case _:
                return None
