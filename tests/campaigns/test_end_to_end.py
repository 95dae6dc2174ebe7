"""A campaign with a holdout from draft to verdict: real mail, orders by the API, lift by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bihuan.messages.channels.models import MessageChannel
from bihuan.warehouse import Engine
from tests.campaigns.conftest import Steps, profile
from tests.campaigns.reaching import channel, purpose, template
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.insights.shop import send
from tests.ready import ready_postgres
from tests.server.running import Running, running_server

__all__ = ["ready_postgres"]

# So many that each arm has the 50 people that intervals for any number of looks need.
PEOPLE = 200
ORDER = "Order Completed"


@pytest.fixture
def running(engine: Engine, tmp_path: Path, ready_postgres: str) -> Iterator[Running]:
    """On PostgreSQL; on SQLite tests/reach does the same and more."""
    with running_server(engine, tmp_path / "data", work=True, database=ready_postgres) as found:
        send(found, [profile(number) for number in range(PEOPLE)])
        yield found


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def box() -> Iterator[Mailboxes]:
    with mail_server() as found:
        yield found


def test_a_campaign_from_draft_to_verdict(running: Running, box: Mailboxes) -> None:
    steps = Steps(running)
    purpose(running)
    server = {"host": "127.0.0.1", "port": box.port, "security": "none"}
    mail = channel(running, "Mail", servers=[server], sender="Shop <shop@example.com>")
    with running.installation.database.session() as session:
        session.get_one(MessageChannel, mail).cost_per_message = 0.05
    now = datetime.now(UTC)
    made = steps.campaign(
        "Spring sale",
        outcome={"selector": {"events": [ORDER]}, "value_property": {"name": "$revenue"}, "window_days": 1},
        target={"audience_ids": [steps.audience(0, PEOPLE)]},
        holdout={"share": 0.4},
        messages=[{"channel_ids": [mail], "template_id": template(running, "Hello"), "purpose": "news"}],
        hypothesis={"reach": 100, "effect": 0.4, "value": 20},
        starts_at=now.isoformat(),
        ends_at=(now + timedelta(days=1)).isoformat(),
    )
    where = f"/campaigns/{made['id']}"
    steps.do(made["id"], "submit")
    steps.do(made["id"], "start")
    _until(lambda: bool(steps.get(f"{where}/progress")["phase"] == "done"))
    arms: dict[str, int] = steps.get(f"{where}/progress")["arms"]
    _until(lambda: len(box.taken) >= arms["a"])
    _until(lambda: len(_told(running, "$message_sent", made["id"])) == arms["a"])
    held = _told(running, "$campaign_held_out", made["id"])
    written = {address.partition("@")[0] for _, address, _ in box.taken}
    everybody = {f"user{number}" for number in range(PEOPLE)}
    assert (len(box.taken), len(written), written | held, written & held) == (
        arms["a"],
        arms["a"],
        everybody,
        set(),
    )
    said = {str(each["subject"]) for each in box.mails()}
    assert said == {f"Hello {name}: Spring sale" for name in written}
    assert steps.get(f"{where}/progress")["messages"] == {"sent": arms["a"]}

    buyers, others = sorted(written)[: len(written) // 2], sorted(held)[: len(held) // 10]
    send(running, [_order(name) for name in (*buyers, *others)])
    _check(steps, where, arms, len(buyers), len(others))
    steps.do(made["id"], "finish")
    assert steps.do(made["id"], "evaluate")["status"] == "evaluated"


def _check(steps: Steps, where: str, arms: dict[str, int], buyers: int, others: int) -> None:
    report = steps.get(f"{where}/report")
    lift = buyers / arms["a"] - others / arms["holdout"]
    conversion, value = report["effects"]
    assert conversion["difference"]["value"] == pytest.approx(lift)
    assert (conversion["verdict"], conversion["looks"]) == ("better", "any_time")
    assert value["difference"]["value"] == pytest.approx(25 * lift)
    assert report["conversions"]["value"] == pytest.approx(lift * arms["a"])
    assert report["effect"]["actual"]["value"] == pytest.approx(lift)
    assert (report["reach"]["actual"]["value"], report["conversion_value"]["actual"]["value"]) == (
        arms["a"],
        25,
    )
    figures = next(each for each in report["arms"] if each["name"] == "a")
    assert (figures["reached"], figures["steps"]["sent"]) == (arms["a"], arms["a"])
    assert report["costs"]["messages"] == report["costs"]["total"] == pytest.approx(0.05 * arms["a"])
    assert report["stopped"] is False
    assert any("raised" in each["en"] for each in report["can_say"])
    assert any("not final" in each["en"] for each in report["cannot_say"])


def _order(name: str) -> dict[str, Any]:
    properties = {"$revenue": 25.0}
    return {
        "type": "track",
        "userId": name,
        "event": ORDER,
        "messageId": f"o-{name}",
        "properties": properties,
    }


def _told(running: Running, event: str, campaign_id: str) -> set[str]:
    found = [each for each in running.events() if each["event"] == event]
    mine = [each for each in found if each["properties"]["$campaign_id"] == campaign_id]
    assert len({each["distinct_id"] for each in mine}) == len(mine)
    return {each["distinct_id"] for each in mine}
