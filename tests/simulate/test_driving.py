"""A population against a real server and a real mail server."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from bihuan.simulate import ORDER, VISIT, Behaviour, Driver, draw_population
from bihuan.warehouse import Engine
from tests.server.running import Running, running_server
from tests.simulate.world import HttpAndMail, world

FIRST = date(2025, 3, 3)
BEHAVIOUR = Behaviour(visits_per_day=0.5, response=4.0, opens=0.9, clicks=0.8, leaves=0.1)


@pytest.fixture
def running(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as server:
        yield server


def mail_everyone(place: HttpAndMail, driver: Driver, url: str) -> None:
    with smtplib.SMTP("127.0.0.1", place.port) as client:
        for index in range(driver.population.size):
            mail = EmailMessage()
            mail["From"], mail["To"] = "shop@example.com", f"{driver.population.name(index)}@example.com"
            mail["List-Unsubscribe"] = f"<{url}/leave/{index}>"
            mail.set_content(f"Look here: {url}/api/health?person={index}")
            client.send_message(mail)
        stranger = EmailMessage()
        stranger["From"], stranger["To"] = "shop@example.com", "nobody@example.com"
        client.send_message(stranger)


def test_what_people_do_is_stored_and_messages_move_them(running: Running) -> None:
    population = draw_population(150, BEHAVIOUR, 7)
    with world(running.url, running.write_key) as place:
        driver = Driver(population, place, seed=7)
        driver.introduce()
        before = driver.play(FIRST, 4)
        mail_everyone(place, driver, running.url)
        after = driver.day(FIRST + timedelta(days=4))
        quiet = driver.day(FIRST + timedelta(days=5))
    stored = running.events()
    names = [event["event"] for event in stored]
    assert names.count(VISIT) == sum(int(each.visits.sum()) for each in (before, after, quiet))
    assert names.count(ORDER) == sum(int(each.orders.sum()) for each in (before, after, quiet))
    revenue = sum(event["properties"].get("$revenue", 0) for event in stored if event["event"] == ORDER)
    assert revenue == pytest.approx(sum(float(each.spent.sum()) for each in (before, after, quiet)), abs=1)
    assert after.received.sum() == 150
    assert quiet.received.sum() == 0
    # Four times more visits on the day of the message, less on the day after.
    assert after.visits.sum() > 3 * before.visits.sum() / 4
    assert driver.strangers == ["nobody@example.com"]
    assert driver.clicked == len(place.followed) > 80
    assert len(place.left) == (after.left == 0).sum() > 4


def test_sending_the_same_days_twice_stores_them_once(running: Running) -> None:
    population = draw_population(40, BEHAVIOUR, 8)
    with world(running.url, running.write_key) as place:
        happened = [Driver(population, place, seed=8).play(FIRST, 2) for _ in range(2)]
    assert (happened[0].visits == happened[1].visits).all()
    assert sum(event["event"] == VISIT for event in running.events()) == happened[0].visits.sum()
