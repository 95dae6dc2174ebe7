"""What simulated people do, as events for the collection endpoint."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from bihuan.simulate.living import Days
from bihuan.simulate.population import Population

VISIT, ORDER = "visited", "ordered"
_NAMES = uuid.UUID("6f1b5f0e-6f0c-5d39-9a53-1f6a7a3c2c11")


def events_of(population: Population, happened: Days, first: date) -> Iterator[dict[str, Any]]:
    """Visits and orders in the shape of ``/v1/batch``, day by day.

    An order's revenue is the person's spending of the day ÷ its orders. Times lie between 8 and 22 h UTC;
    message ids follow from the population's seed, so sending twice stores once.
    """
    for day in range(len(happened.visits)):
        start = datetime.combine(first + timedelta(days=day), time(8), tzinfo=UTC)
        for person in np.flatnonzero(happened.visits[day]):
            yield from _day(population, happened, day, int(person), start)


def profiles_of(population: Population, addresses: str = "{name}@example.com") -> Iterator[dict[str, Any]]:
    """One ``identify`` a person, with an e-mail address made from ``addresses``."""
    for person in range(population.size):
        name = population.name(person)
        yield {
            "type": "identify",
            "userId": name,
            "messageId": str(uuid.uuid5(_NAMES, f"{name}/identify")),
            "traits": {"email": addresses.format(name=name)},
        }


def _day(
    population: Population, happened: Days, day: int, person: int, start: datetime
) -> Iterator[dict[str, Any]]:
    name = population.name(person)
    visits, orders = int(happened.visits[day, person]), int(happened.orders[day, person])
    for number in range(visits):
        key = f"{name}/{start.date()}/{number}"
        # Spread over 14 hours by the id, so that it needs no chance of its own.
        minute = uuid.uuid5(_NAMES, key).int % (14 * 60)
        moment = start + timedelta(minutes=minute)
        yield _event(VISIT, name, key, moment, {})
        if number < orders:
            revenue = round(float(happened.spent[day, person]) / orders, 2)
            yield _event(
                ORDER, name, key, moment + timedelta(minutes=5), {"revenue": revenue, "order_id": key}
            )


def _event(event: str, name: str, key: str, moment: datetime, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "track",
        "event": event,
        "userId": name,
        "messageId": str(uuid.uuid5(_NAMES, f"{key}/{event}")),
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "properties": properties,
    }
