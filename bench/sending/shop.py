"""A project whose people all get one mail."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bihuan.access import ProjectInput, create_project
from bihuan.app import Installation
from bihuan.collect import Item, Parsed, ProfileChange
from bihuan.insights import Author
from bihuan.kernel.hashing import key64
from bihuan.messages import OutboxRow, enqueue, seal_template
from bihuan.messages.channels.schemas import ChannelInput
from bihuan.messages.channels.service import create_channel
from bihuan.messages.consent.purposes import set_policy
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.templates.bodies import Body
from bihuan.messages.templates.schemas import TemplateInput
from bihuan.messages.templates.service import create_template
from bihuan.settings import Settings

PROJECT = "shop"
_AUTHOR = Author(kind="key", id="bench", name="bench")
_AT_ONCE = 5_000
HTML = """<html><body><h1>Hello {{ person.name }}</h1>
<p>{% if person.points > 500 %}You have {{ person.points }} points: enough for a gift.{% else %}
Only {{ 500 | minus: person.points }} points to the next gift.{% endif %}</p>
{% if data.items %}<ul>
{% for item in data.items %}<li><a href="https://shop.example/{{ item.sku }}">{{ item.title }}</a></li>
{% endfor %}</ul>{% endif %}</body></html>"""
CONTENT: dict[str, Any] = {
    "medium": "email",
    "subject": "{{ person.name }}, your points",
    "html": HTML,
    "text": "Hello {{ person.name }}, you have {{ person.points }} points.",
}
ITEMS = [{"sku": f"sku{number}", "title": f"Thing {number}"} for number in range(5)]


def opened(data: Path) -> Installation:
    """The installation in a directory."""
    return Installation(Settings(**_settings(data)))


def control_file(data: Path) -> str:
    """The file of its control database."""
    return Settings(**_settings(data)).database_dsn.removeprefix("sqlite:///")


def _settings(data: Path) -> dict[str, Any]:
    return {"data": data}


@dataclass(frozen=True)
class Shop:
    """Whose mails are sent how: the channel, and the template in a version that stays."""

    channel_id: str
    template_id: str
    version: int


def prepare(data: Path, port: int, people: int, *, connections: int = 4) -> None:
    """Make the project, its people and its channel, and queue a mail to everybody."""
    installation = opened(data)
    try:
        shop = make_shop(installation, port, people, connections)
        for start in range(0, people, _AT_ONCE):
            rows = [
                OutboxRow(
                    person_id=key64(f"u{number}"),
                    occurrence="bench",
                    step="mail",
                    channel_ids=[shop.channel_id],
                    purpose="transactional",
                    template_id=shop.template_id,
                    template_version=shop.version,
                    context={"data": {"items": ITEMS}},
                )
                for number in range(start, min(people, start + _AT_ONCE))
            ]
            with installation.database.session() as session:
                enqueue(session, PROJECT, rows)
    finally:
        installation.close()


def make_shop(installation: Installation, port: int, people: int, connections: int) -> Shop:
    """The project with its people, a mail channel to a port of loopback, and a template."""
    with installation.database.session() as session:
        create_project(session, ProjectInput(id=PROJECT, name="Shop", time_zone="Asia/Shanghai"))
        set_policy(session, PROJECT, {"public_url": "https://mail.shop.example"})
    _people(installation, people)
    server = {"host": "127.0.0.1", "port": port, "security": "none", "connections": connections}
    settings = {"servers": [server], "sender": "Shop <shop@example.com>"}
    given = ChannelInput(name="mail", kind="smtp", settings=settings)
    channel = create_channel(installation.database, PROJECT, _AUTHOR, given)
    body = Body.model_validate({"default_language": "en", "variants": {"a": {"en": CONTENT}}})
    with installation.database.session() as session:
        template = TemplateInput(name="Points", purpose="transactional", body=body)
        template_id = create_template(session, PROJECT, _AUTHOR, template).id
        version = seal_template(session, PROJECT, template_id)
    return Shop(channel.id, template_id, version)


def _people(installation: Installation, people: int) -> None:
    now_ms = time.time_ns() // 1_000_000
    for start in range(0, people, _AT_ONCE):
        items: list[Item] = [
            ProfileChange(
                operation="set",
                distinct_id=f"u{number}",
                values={"email": address_of(number), "name": f"Person {number}", "points": number % 1000},
                time_ms=now_ms,
                message_id=f"p{number}",
            )
            for number in range(start, min(people, start + _AT_ONCE))
        ]
        intake = installation.project(PROJECT).intake
        intake.take_blocking(Parsed(items=items), source="bench", protocol="bench", received_ms=now_ms)


def address_of(number: int) -> str:
    """The mail address of a person."""
    return f"u{number}@example.com"


@dataclass(frozen=True)
class Found:
    """After a mailing: states of messages, persons of the log's ``$message_sent``, who is uncertain."""

    states: dict[str, int]
    told: list[int]
    uncertain: set[int]


def outcome(data: Path) -> Found:
    """What became of the mailing in a directory."""
    installation = opened(data)
    try:
        store = installation.project(PROJECT).store
        table = store.table("events")
        told = store.engine.rows(f"SELECT person_id FROM {table} WHERE event = '$message_sent'")
        with installation.database.read_session() as session:
            counted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
            states = {row[0]: row[1] for row in session.execute(counted)}
            lost = select(OutboxMessage.person_id).where(OutboxMessage.state == "uncertain")
            return Found(states, [row[0] for row in told], set(session.scalars(lost)))
    finally:
        installation.close()
