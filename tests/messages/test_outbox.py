"""The outbox on both databases: each message once, rules kept, results as they are, and told to the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import literal, select

from bihuan.collect import IncomingEvent
from bihuan.delivery import Mail, Sms
from bihuan.messages.outbox.claims import Message, claim, recover
from bihuan.messages.outbox.enqueueing import Sending, enqueue_selected
from bihuan.messages.outbox.errors import MessageNotUncertain
from bihuan.messages.outbox.models import HIGH, LOW, NORMAL, OutboxMessage
from bihuan.messages.outbox.results import parts_of
from bihuan.messages.outbox.service import cancel, counts, messages, resolve, spent
from bihuan.warehouse import Engine
from tests.messages.sending import START_MS, Sender, sender
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]

HOUR_MS = 3_600_000


@pytest.fixture
def shop(engine: Engine, tmp_path: Path, ready_dsn: str) -> Iterator[Sender]:
    with sender(engine, tmp_path, ready_dsn) as made:
        made.channel("app")
        yield made


@pytest.fixture
def lite(engine: Engine, tmp_path: Path) -> Iterator[Sender]:
    """On SQLite alone, for what no database decides."""
    with sender(engine, tmp_path) as made:
        made.channel("app")
        yield made


def people(shop: Sender, count: int, **properties: object) -> list[int]:
    return list(
        shop.people({f"p{number}": {"name": f"P{number}", **properties} for number in range(count)}).values()
    )


def test_the_same_message_is_queued_sent_and_told_once(shop: Sender) -> None:
    everybody = people(shop, 30)
    origin = {"$campaign_id": "c1"}
    assert shop.queue(everybody, "app", context={"text": "Hi {name}"}, origin=origin, variant="a") == 30
    assert shop.queue(everybody, "app", context={"text": "Hi {name}"}) == 0
    assert shop.queue(everybody[:5], "app", step="s2") == 5
    assert shop.send(batch=7) == 35
    assert shop.queue(everybody, "app") == 0
    assert shop.send() == 0
    assert Counter(row.content["title"] for row in shop.inbox()) == {
        **{f"Hi P{number}": 1 for number in range(30)},
        "Hello": 5,
    }
    assert shop.states() == {("sent", None): 35}
    told = shop.told("$message_sent")
    assert len({each["id"] for each in told}) == len(told) == 35
    first = next(each for each in told if each["distinct_id"] == "p3" and "$campaign_id" in each)
    row = next(row for row in shop.rows() if row.person_id == first["person_id"] and row.step == "s1")
    assert first["$message_id"] == str(row.id)
    assert (first["$campaign_id"], first["$channel"], first["$variant"]) == ("c1", "in_app", "a")
    assert first["time_ms"] == row.sent_ms == START_MS
    assert {row.untold for row in shop.rows()} == {False}


def test_people_of_the_database_are_queued_in_one_statement(shop: Sender) -> None:
    everybody = people(shop, 4)
    shop.queue(everybody, "app", occurrence="first")
    done: Any = select(
        OutboxMessage.person_id, literal("then").label("occurrence"), OutboxMessage.step
    ).where(OutboxMessage.occurrence == "first")
    sending = Sending(
        channel_ids=[shop.channels["app"]], purpose="marketing", context={"text": "Again {name}"}
    )
    for added in (4, 0):
        with shop.installation.database.session() as session:
            assert enqueue_selected(session, shop.id, done, sending, now_ms=shop.now_ms) == added
    assert shop.send() == 8
    assert sorted(each.content["title"] for each in shop.inbox())[:4] == [f"Again P{n}" for n in range(4)]


def test_higher_priority_first_and_nothing_before_it_is_due(lite: Sender) -> None:
    one = people(lite, 1)
    for step, priority in (("low", LOW), ("normal", 1), ("high", HIGH)):
        lite.queue(one, "app", step=step, priority=priority)
    lite.queue(one, "app", step="later", priority=HIGH, not_before_ms=lite.now_ms + 1)
    taken = []
    for _ in range(4):
        with lite.installation.database.session() as session:
            found = claim(session, lite.channels["app"], "w", now_ms=lite.now_ms, until_ms=1, limit=1)
            taken += [each.step for each in found]
    assert taken == ["high", "normal", "low"]


def test_of_a_worker_that_died_nothing_is_sent_twice(shop: Sender) -> None:
    everybody = people(shop, 6)
    shop.queue(everybody, "app")
    database = shop.installation.database
    until_ms = shop.now_ms + 60_000
    with database.session() as session:
        mine = claim(session, shop.channels["app"], "dead", now_ms=shop.now_ms, until_ms=until_ms, limit=4)
    sending = [each.id for each in mine[:2]]
    with database.session() as session:
        for row in session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(sending))):
            row.state, row.sent_ms = "sending", shop.now_ms
    with database.session() as session:
        assert recover(session, shop.now_ms + 59_000) == (0, 0), "the lease has not ended"
    assert shop.send() == 2
    shop.now_ms += 61_000
    outbox = shop.outbox()
    assert outbox.recover() == (2, 2)
    assert shop.send() == 2
    assert shop.states() == {("sent", None): 4, ("uncertain", "worker_lost"): 2}
    assert len(shop.inbox()) == 4
    # Somebody decides: one is given up, one is sent again.
    with database.session() as session:
        assert resolve(session, shop.id, resend=False, ids=sending[:1]) == 1
    with pytest.raises(MessageNotUncertain), database.session() as session:
        resolve(session, shop.id, resend=True, ids=sending, now_ms=shop.now_ms)
    with database.session() as session:
        assert resolve(session, shop.id, resend=True, now_ms=shop.now_ms) == 1
    assert shop.send() == 1
    assert shop.states() == {("sent", None): 5, ("cancelled", "given_up"): 1}
    with database.read_session() as session:
        assert counts(session, shop.id, occurrence="c1") == [
            (shop.channels["app"], "cancelled", "given_up", 1),
            (shop.channels["app"], "sent", None, 5),
        ]


def test_what_a_crash_left_untold_is_told_later_and_once(lite: Sender) -> None:
    lite.queue(people(lite, 5), "app")
    lite.send()
    with lite.installation.database.session() as session:
        for row in session.scalars(select(OutboxMessage)):
            row.untold = True
    before = {each["id"] for each in lite.told("$message_sent")}
    assert lite.outbox().tell_all([lite.id]) == 5
    assert {each["id"] for each in lite.told("$message_sent")} == before
    assert len(lite.told("$message_sent")) == 5


def test_caps_hold_for_all_channels_and_are_counted_with_their_reason(shop: Sender) -> None:
    shop.rules(caps=[{"count": 2, "hours": 24}, {"medium": "in_app", "count": 3, "hours": 72}])
    everybody = people(shop, 3)
    for step in "abcd":
        shop.queue(everybody, "app", step=step)
    shop.queue(everybody, "app", step="code", purpose="transactional")
    assert shop.send(batch=4) == 9
    assert shop.states() == {("sent", None): 9, ("suppressed", "cap_reached"): 6}
    told = shop.told("$message_suppressed")
    assert {(each["$reason"], each["$channel"]) for each in told} == {("cap_reached", "in_app")}
    assert len(told) == 6
    shop.now_ms += 24 * HOUR_MS
    for step in "ef":
        shop.queue(everybody, "app", step=step)
    assert shop.send() == 3, "one more is the third in three days"
    assert shop.states()["suppressed", "channel_cap_reached"] == 3


def test_what_a_cap_holds_back_may_wait(lite: Sender) -> None:
    lite.rules(caps=[{"count": 1, "hours": 24}], on_cap="wait")
    one = people(lite, 1)
    lite.queue(one, "app", step="a")
    lite.send()
    lite.now_ms += HOUR_MS
    lite.queue(one, "app", step="b")
    lite.queue(one, "app", step="c", expires_ms=lite.now_ms + HOUR_MS)
    assert lite.send() == 0
    assert lite.states() == {("sent", None): 1, ("queued", None): 1, ("suppressed", "expired"): 1}
    (waiting,) = lite.rows(state="queued")
    assert waiting.due_ms == START_MS + 24 * HOUR_MS
    lite.now_ms = waiting.due_ms
    assert lite.send() == 1


def test_quiet_hours_and_local_times_are_the_persons(lite: Sender) -> None:
    lite.rules(quiet_hours={"start": "21:00", "end": "09:00", "media": ["in_app"]})
    zones = {"ann": "Europe/Berlin", "bob": "America/New_York", "cai": None, "dan": "Nowhere/At_all"}
    persons = lite.people({name: {"$timezone": zone} if zone else {"x": 1} for name, zone in zones.items()})
    # 06:13 UTC on 25 February: 07:13 in Berlin, 01:13 in New York, 14:13 in Shanghai, where the project is.
    lite.queue(list(persons.values()), "app")
    assert lite.send() == 2
    due = {row.person_id: row.due_ms for row in lite.rows(state="queued")}
    assert due[persons["ann"]] == START_MS - 13 * 60_000 - 20_000 + 2 * HOUR_MS
    assert due[persons["bob"]] == START_MS - 13 * 60_000 - 20_000 + 8 * HOUR_MS
    lite.queue([persons["ann"], persons["cai"]], "app", step="ten", local_time="22:10")
    assert lite.send() == 0
    # 22:10 is quiet, so it is nine the next morning.
    ten = {row.person_id: row.due_ms for row in lite.rows(step="ten")}
    assert ten[persons["ann"]] == due[persons["ann"]] + 24 * HOUR_MS
    assert ten[persons["cai"]] == START_MS - 13 * 60_000 - 20_000 + 19 * HOUR_MS
    sent = []
    for moment in sorted({*due.values(), *ten.values()}):
        lite.now_ms = moment
        sent.append(lite.send())
    assert sent == [1, 1, 1, 1]
    assert lite.states() == {("sent", None): 6}


def test_the_best_time_is_when_the_person_is_active(lite: Sender) -> None:
    persons = lite.people({"owl": {"$timezone": "Europe/Berlin"}, "new": {"$timezone": "Asia/Shanghai"}})
    day = 24 * HOUR_MS
    nights = [lite.now_ms - 13 * 60_000 - (each * day) - 8 * HOUR_MS for each in range(1, 9)]
    lite.events([IncomingEvent(event="Read", distinct_id="owl", time_ms=at) for at in nights])
    lite.queue(list(persons.values()), "app", best_time=True)
    assert lite.send() == 0
    due = {row.person_id: row.due_ms for row in lite.rows()}
    # 22:00 UTC is 23:00 in Berlin; for whom nothing is known: the hour in which most are active, theirs.
    assert due[persons["owl"]] == START_MS - 13 * 60_000 - 20_000 + 16 * HOUR_MS
    assert due[persons["new"]] == START_MS - 13 * 60_000 - 20_000 + 16 * HOUR_MS
    lite.now_ms = due[persons["owl"]]
    assert lite.send() == 2


def test_a_message_that_cannot_go_one_way_goes_the_next(lite: Sender) -> None:
    lite.channel("second")
    one, two, three = people(lite, 3)
    lite.permission.barred = {("in_app", one)}
    lite.queue([one, two], "app", "second")
    lite.send()
    row = next(each for each in lite.rows() if each.person_id == one)
    assert (row.state, row.reason, row.channel_id) == ("suppressed", "no_consent", lite.channels["second"])
    assert row.trail == [{"channel_id": lite.channels["app"], "reason": "no_consent"}]
    lite.queue([three, 12345], "app", step="x", context={"text": "Hi {nickname}"})
    lite.send()
    assert lite.states(step="x") == {
        ("rejected", "template_failed"): 1,
        ("suppressed", "person_unknown"): 1,
    }
    assert "nickname" in str(next(row.detail for row in lite.rows(step="x") if row.detail))


def test_a_channel_sends_no_faster_than_it_may(lite: Sender) -> None:
    slow = lite.channel("slow", per_second=10)
    everybody = people(lite, 45)
    lite.queue(everybody, "slow")
    sent = []
    for _ in range(40):
        sent.append(lite.send(batch=8))
        lite.now_ms += 250
    assert sum(sent) == 45
    # A burst of a second at first, then ten a second.
    assert sent[0] == 10
    assert all(sum(sent[start : start + 4]) <= 20 for start in range(36))
    assert sum(sent[1:9]) <= 20
    assert slow == lite.channels["slow"]


def test_what_is_cancelled_is_not_sent(lite: Sender) -> None:
    lite.queue(people(lite, 3), "app")
    lite.queue(people(lite, 3), "app", occurrence="c2")
    with lite.installation.database.session() as session:
        assert cancel(session, lite.id, occurrence="c1") == 3
    assert lite.send() == 3
    assert lite.states(occurrence="c1") == {("cancelled", "cancelled"): 3}


def test_a_claimed_message_has_everything_that_sending_needs() -> None:
    assert set(Message.__dataclass_fields__) <= set(OutboxMessage.__table__.c.keys())


def test_what_went_out_has_its_price_and_parts(lite: Sender) -> None:
    lite.channel("paid", cost_per_message=0.02)
    found = people(lite, 2)
    lite.queue(found, "paid")
    lite.queue(found[:1], "paid", step="s2", context={"text": "{missing}"})
    assert lite.send() == 2
    paid = {(row.state, row.parts, row.price) for row in lite.rows()}
    assert paid == {("sent", 1, 0.02), ("rejected", None, None)}
    with lite.installation.database.read_session() as session:
        assert spent(session, lite.id, "c1") == 0.04
        assert spent(session, lite.id, "c2") == 0


def test_an_sms_is_paid_by_its_parts() -> None:
    texts = [
        Sms(text="字" * 70),
        Sms(text="字" * 71),
        Sms(text="字" * 66, signature="闭环"),
        Sms(template_id="T"),
    ]
    assert [parts_of(each) for each in texts] == [1, 2, 1, 1]
    assert parts_of(Mail(subject="x" * 1_000)) == 1


def test_the_project_says_when_where_a_message_does_not(lite: Sender) -> None:
    lite.rules(priority="high", send_time="best_time")
    one = people(lite, 1)
    lite.queue(one, "app", step="plain")
    lite.queue(one, "app", step="own", priority=LOW, best_time=False)
    lite.queue(one, "app", step="timed", local_time="22:10")
    lite.queue(one, "app", step="exempt", purpose="transactional")
    chosen = {row.step: (row.priority, row.send_time, row.best_time, row.by_policy) for row in lite.rows()}
    assert chosen == {
        "plain": (HIGH, "best_time", True, ["priority", "send_time"]),
        "own": (LOW, "at_once", False, []),
        "timed": (HIGH, "local_time", False, ["priority"]),
        "exempt": (NORMAL, "at_once", False, ["priority", "send_time"]),
    }
    lite.rules()
    lite.queue(one, "app", step="later")
    (later,) = lite.rows(step="later")
    assert (later.priority, later.send_time) == (NORMAL, "at_once")


def test_messages_are_found_by_their_journey(shop: Sender) -> None:
    one, two = people(shop, 2)
    shop.queue([one], "app", origin={"$journey_id": "j1"})
    shop.queue([two], "app", origin={"$journey_id": "j2"})
    shop.queue([two], "app", step="s2")
    with shop.installation.database.read_session() as session:
        found = [row.person_id for row in session.scalars(messages(shop.id, journey_id="j1"))]
    assert found == [one]
