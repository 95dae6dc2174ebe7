"""A project whose people are written to, with a clock that tests move."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import ProjectInput, create_project
from bihuan.app import Installation
from bihuan.collect import IncomingEvent, Parsed, ProfileChange
from bihuan.delivery import Call, Content, Mail
from bihuan.kernel.hashing import key64
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.opening import OpenChannels
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.inbox.channel import InAppChannel
from bihuan.messages.inbox.models import InboxMessage
from bihuan.messages.outbox.enqueueing import OutboxRow, enqueue
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.outbox import Outbox, OutboxLimits
from bihuan.messages.outbox.policies.settings import PolicySettings
from bihuan.messages.outbox.ports import Draft, SendingProject, Unrendered
from bihuan.messages.outbox.service import change_policy
from bihuan.projects import OpenProject
from bihuan.settings import Settings
from bihuan.warehouse import Engine, project_store
from tests.ready import make_sqlite, take_out

START_MS = 1_772_000_000_000  # 2026-02-25 06:13:20 UTC


class Everybody:
    """Lets everybody be written to, but for whom it is told of, by medium."""

    def __init__(self) -> None:
        self.barred: set[tuple[str, int]] = set()

    def refused(
        self, session: Session, project_id: str, medium: str, purpose: str, addresses: Mapping[int, str]
    ) -> Mapping[int, str]:
        return {each: "no_consent" for each in addresses if (medium, each) in self.barred}


class Plainly:
    """Says what the context says; text that asks for a name that is missing cannot be rendered."""

    def render(self, project: SendingProject, drafts: Sequence[Draft]) -> dict[int, Content | Unrendered]:
        return {each.message.id: self._one(each) for each in drafts}

    def _one(self, draft: Draft) -> Content | Unrendered:
        text = str(draft.message.context.get("text", "Hello"))
        try:
            said = text.format(**draft.recipient.properties)
        except KeyError as missing:
            return Unrendered("template_failed", f"{missing} is missing")
        if draft.medium == "email":
            return Mail(subject=said, text=said, headers={"X-Message": str(draft.message.id)})
        return Call({"form": "card", "title": said})


@dataclass
class Sender:
    """A project with channels; ``now_ms`` is the clock."""

    installation: Installation
    project: OpenProject
    now_ms: int = START_MS
    permission: Everybody = field(default_factory=Everybody)
    channels: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.project.row.id

    def people(self, people: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        """Write profiles; the persons by their ids."""
        changes = [
            ProfileChange(operation="set", distinct_id=name, values=dict(values), time_ms=self.now_ms)
            for name, values in people.items()
        ]
        self.project.intake.take_blocking(
            Parsed(items=list(changes)), source="test", protocol="test", received_ms=self.now_ms
        )
        return {name: key64(name) for name in people}

    def events(self, events: Sequence[IncomingEvent]) -> None:
        self.project.intake.take_blocking(
            Parsed(items=list(events)), source="test", protocol="test", received_ms=self.now_ms
        )

    def channel(self, name: str, kind: str = "in_app", **more: Any) -> str:
        secrets = more.pop("secrets", {})
        row = MessageChannel(
            project_id=self.id,
            name=name,
            kind=kind,
            medium={"in_app": "in_app", "smtp": "email"}[kind],
            settings=more.pop("settings", {}),
            secrets=Seal(self.installation.database).close(secrets),
            created_by={"kind": "key", "id": "x", "name": "test"},
            **more,
        )
        row.free_ms, row.enabled, row.version = 0, True, 1
        with self.installation.database.session() as session:
            session.add(row)
            session.flush()
            self.channels[name] = row.id
        return self.channels[name]

    def rules(self, **settings: Any) -> None:
        with self.installation.database.session() as session:
            change_policy(session, self.id, PolicySettings.model_validate(settings))

    def queue(
        self, people: Sequence[int], *channels: str, occurrence: str = "c1", step: str = "s1", **more: Any
    ) -> int:
        rows = [
            OutboxRow(
                person_id=person,
                occurrence=occurrence,
                step=step,
                channel_ids=[self.channels[name] for name in channels],
                **{"purpose": "marketing", **more},
            )
            for person in people
        ]
        with self.installation.database.session() as session:
            return enqueue(session, self.id, rows, now_ms=self.now_ms)

    def outbox(self, **more: Any) -> Outbox:
        database = self.installation.database
        limits = OutboxLimits(**{name: more.pop(name) for name in ("batch", "lease_seconds") if name in more})
        return Outbox(
            database,
            more.pop("project", lambda _: self.project),
            more.pop("channels", None)
            or OpenChannels(database, lambda project: InAppChannel(database, project)),
            permission=self.permission,
            renderer=more.pop("renderer", Plainly()),
            limits=limits,
            now_ms=more.pop("clock", lambda: self.now_ms),
            **more,
        )

    def send(self, **more: Any) -> int:
        """Send what is due now; returns how many messages were given to channels."""
        outbox = self.outbox(**more)

        async def work() -> int:
            try:
                return await outbox.send_due()
            finally:
                await outbox.close()

        return asyncio.run(work())

    def rows(self, **where: Any) -> list[OutboxMessage]:
        with self.installation.database.read_session() as session:
            wanted = select(OutboxMessage).filter_by(project_id=self.id, **where).order_by(OutboxMessage.id)
            found = list(session.scalars(wanted))
            session.expunge_all()
        return found

    def states(self, **where: Any) -> dict[tuple[str, str | None], int]:
        """How many messages there are by state and reason."""
        found: dict[tuple[str, str | None], int] = {}
        for row in self.rows(**where):
            found[row.state, row.reason] = found.get((row.state, row.reason), 0) + 1
        return found

    def inbox(self) -> list[InboxMessage]:
        with self.installation.database.read_session() as session:
            found = list(session.scalars(select(InboxMessage).filter_by(project_id=self.id)))
            session.expunge_all()
        return found

    def told(self, event: str) -> list[dict[str, Any]]:
        """Events of a name in the log, with their ids and properties."""
        rows = self.project.store.engine.rows(
            "SELECT toString(event_id), distinct_id, person_id, toUnixTimestamp64Milli(time), "
            f"toString(properties) FROM {self.project.store.table('events')} WHERE event = '{event}' "
            "ORDER BY time, distinct_id"
        )
        return [
            {"id": row[0], "distinct_id": row[1], "person_id": row[2], "time_ms": row[3],
             **{k: v for k, v in json.loads(row[4]).items() if v is not None}}
            for row in rows
        ]  # fmt: skip


@contextmanager
def sender(engine: Engine, data: Path, database: str = "") -> Iterator[Sender]:
    """A fresh installation with one project in Shanghai, whose log is empty."""
    if not database:
        make_sqlite(data / "control.sqlite3")
    settings: dict[str, Any] = {"data": data, "warehouse": engine.dsn, "database": database}
    installation = Installation(Settings(**settings))
    project_id = "messages"
    with installation.database.session() as session:
        create_project(session, ProjectInput(id=project_id, name="Test", time_zone="Asia/Shanghai"))
    try:
        yield Sender(installation, installation.project(project_id))
    finally:
        installation.writer.close()
        take_out(project_store(engine, project_id))
        installation.close()
