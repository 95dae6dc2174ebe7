"""A population against a running system: events go in by its endpoint, messages come out of its channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Protocol

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.simulate.events import events_of, profiles_of
from bihuan.simulate.living import Days, live, visit_and_buy
from bihuan.simulate.population import Population

BATCH = 500


@dataclass(frozen=True)
class Received:
    """A message as it came out of a channel: to whom, the links in it, and the one to unsubscribe by."""

    address: str
    links: tuple[str, ...] = ()
    unsubscribe: str = ""


class World(Protocol):
    """What joins the population to a system; implemented over HTTP and a mail server by whoever drives."""

    def send(self, events: Sequence[dict[str, Any]]) -> None:
        """Hand a batch (at most 500) to ``/v1/batch``; raise if it is not stored."""

    def take(self) -> Sequence[Received]:
        """Messages that arrived since the last call."""

    def follow(self, link: str) -> None:
        """Open a link as a person's browser does."""

    def leave(self, link: str) -> None:
        """Unsubscribe as a mail program does with one click."""


@dataclass
class Driver:
    """Plays a population day by day.

    Attributes:
        received: who got a message on each day so far, one row a day.
        clicked: how many links were followed.
        strangers: addresses of messages that belong to nobody in the population.
    """

    population: Population
    world: World
    seed: int
    addresses: str = "{name}@example.com"

    def __post_init__(self) -> None:
        self._random = np.random.default_rng([self.seed, 3])
        self._people = {
            self.addresses.format(name=self.population.name(index)): index
            for index in range(self.population.size)
        }
        self._left = np.zeros(self.population.size, dtype=bool)
        self.clicked = 0
        self.received: list[Array] = []
        self.strangers: list[str] = []

    def introduce(self) -> None:
        """Send every person's profile."""
        self._send(profiles_of(self.population, self.addresses))

    def play(self, first: date, days: int) -> Days:
        """Live ``days`` without messages, and send what happened: the time before a campaign."""
        happened = live(self.population, first, np.zeros((days, self.population.size)), self._random)
        self._send(events_of(self.population, happened, first))
        return happened

    def day(self, today: date) -> Days:
        """Read the messages that came, click or unsubscribe, and live the day under their influence.

        Days are successive: the first call's day is the first on which messages count.
        """
        arrived = np.zeros(self.population.size, dtype=np.int64)
        for message in self.world.take():
            person = self._people.get(message.address)
            if person is None:
                self.strangers.append(message.address)
            else:
                arrived[person] = 1
                self._react(person, message)
        self.received.append(arrived)
        begin = today - timedelta(days=len(self.received) - 1)
        expected = self.population.visits_expected(begin, np.array(self.received))[-1:]
        visits, orders, spent = visit_and_buy(self.population, expected, self._random)
        left = np.where(self._left, 0, -1)
        happened = Days(visits, orders, spent, arrived[None, :], left)
        self._send(events_of(self.population, happened, today))
        return happened

    def _react(self, person: int, message: Received) -> None:
        behaviour = self.population.behaviour
        opened = self._random.random() < behaviour.opens
        if opened and message.links and self._random.random() < behaviour.clicks:
            self.clicked += 1
            self.world.follow(message.links[0])
        if message.unsubscribe and self._random.random() < behaviour.leaves:
            self._left[person] = True
            self.world.leave(message.unsubscribe)

    def _send(self, events: Iterable[dict[str, Any]]) -> None:
        iterator = iter(events)
        while batch := list(islice(iterator, BATCH)):
            self.world.send(batch)
