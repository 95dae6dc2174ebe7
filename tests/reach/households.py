"""The demo's households as people who can be written to, by a real server and a real mail server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from bihuan.access import create_source, create_write_key
from bihuan.cli.demo.dataset import Study, household, read_study
from bihuan.cli.demo.loading import PROJECT_ID, load, open_demo
from bihuan.warehouse import Engine, drop_project, project_store
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.insights.shop import send
from tests.server.running import Running, running_server

# So many purchases of the study are loaded, with all households; the whole takes a minute.
PURCHASES = 9_000
READER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """A server with the demo's project, and the mail server that its channel ``mail`` sends by.

    ``households``: what the study knows of each, by its distinct id.
    """

    running: Running
    box: Mailboxes
    study: Study
    households: Mapping[str, Row]
    mail: str

    def call(self, method: str, rest: str, body: Any = None, **params: Any) -> Any:
        answer = self.running.api.request(method, self.running.path(rest), json=body, params=params)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def template(self, name: str, purpose: str, **content: str) -> str:
        body = {"default_language": "en", "variants": {"a": {"en": {"medium": "email", **content}}}}
        made = self.call("POST", "/message-templates", {"name": name, "purpose": purpose, "body": body})
        return str(made["id"])

    def mails(self, subject: str) -> dict[str, EmailMessage]:
        """The mails whose subject begins so, by household; fails where somebody has two."""
        found: dict[str, EmailMessage] = {}
        for mail in self.box.mails():
            if str(mail["subject"]).startswith(subject):
                who = str(mail["to"]).partition("@")[0]
                assert who not in found, f"{who} got two"
                found[who] = mail
        return found

    def told(self, event: str, **properties: str) -> list[Row]:
        """Events of a name with these properties, in the log."""
        found = [each for each in self.running.events() if each["event"] == event]
        wanted = {f"${name}": value for name, value in properties.items()}
        return [each for each in found if wanted.items() <= each["properties"].items()]

    def happen(self, people: Iterable[str], event: str, **properties: Any) -> None:
        """Each does something now."""
        batch = [
            {
                "type": "track",
                "userId": who,
                "event": event,
                "messageId": f"{event}-{who}",
                "properties": properties,
            }
            for who in people
        ]
        send(self.running, batch)


def settled(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def page_of(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def click(mail: EmailMessage) -> str:
    """Click on its only tracked link; where that leads."""
    (link,) = re.findall(r'href="([^"]+/m/c/[^"]+)"', page_of(mail))
    led = httpx.get(unescape(link), headers=READER)
    assert led.status_code == 302
    return led.headers["location"]


def look_at(mail: EmailMessage) -> None:
    """Fetch its picture, as a mail program does when a mail is opened."""
    (picture,) = re.findall(r'src="([^"]+/m/o/[^"]+)"', page_of(mail))
    assert httpx.get(unescape(picture), headers=READER).headers["content-type"] == "image/gif"


def unsubscribe(mail: EmailMessage) -> None:
    """By one click, as a mail program does for its reader (RFC 8058)."""
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    url = str(mail["list-unsubscribe"]).strip("<>")
    assert httpx.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@contextmanager
def town(engine: Engine, data: Path, *, purchases: int = PURCHASES, **serving: Any) -> Iterator[Town]:
    """The demo's project with all 801 households of known demographics and some of its purchases.

    Mailings and coupons of the study are left out. Everybody has a mail address; ``serving`` as for
    ``running_server``.
    """
    whole = read_study()
    study = replace(
        whole,
        transactions=whole.transactions.slice(0, purchases),
        mailings=whole.mailings.slice(0, 0),
        redemptions=whole.redemptions.slice(0, 0),
    )
    with mail_server() as box, running_server(engine, data, **serving) as running:
        project = open_demo(running.installation)
        load(project, study, lambda done, total: None)
        with running.installation.database.session() as session:
            source = create_source(session, PROJECT_ID, "web")
            key = create_write_key(session, PROJECT_ID, source.id).key
        opened = replace(running, project_id=PROJECT_ID, write_key=key)
        households = {household(row["household_id"]): row for row in study.demographics.to_pylist()}
        addresses = [
            {"type": "identify", "userId": who, "traits": {"email": f"{who}@example.com"}}
            for who in households
        ]
        for start in range(0, len(addresses), 400):
            send(opened, addresses[start : start + 400])
        made = Town(opened, box, study, households, "")
        try:
            yield replace(made, mail=_prepared(made))
        finally:
            drop_project(project_store(engine, PROJECT_ID))


def _prepared(made: Town) -> str:
    made.call("PATCH", "/consent/policy", {"public_url": made.running.url})
    purpose = {"name_en": "Offers", "name_zh": "优惠", "rules": {"*": "unless_withdrawn"}}
    made.call("PUT", "/consent/purposes/offers", purpose)
    server = {"host": "127.0.0.1", "port": made.box.port, "security": "none"}
    settings = {"servers": [server], "sender": "Grocer <grocer@example.com>"}
    given = {"name": "mail", "kind": "smtp", "settings": settings}
    return str(made.call("POST", "/message-channels", given)["id"])
