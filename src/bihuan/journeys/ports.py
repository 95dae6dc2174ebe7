"""What journeys need of others: sending, experiments, tasks, rewards, other servers, known names.

``app.py`` gives what the installation has. Every call carries keys: whoever is asked twice with a key does it
once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from sqlalchemy import Select
from sqlalchemy.orm import Session

from bihuan.journeys.graph.nodes import CreateTask, Give, Send, Webhook
from bihuan.kernel.arrays import Array
from bihuan.kernel.errors import BihuanError

NamedKind = Literal["template", "channel", "webhook", "experiment", "reward", "member"]
NAMED: tuple[NamedKind, ...] = get_args(NamedKind)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be done about a person; the same ``key`` is done once."""

    key: str
    person_id: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: ``done``, ``retry`` (after ``after_seconds``), ``failed``, or ``uncertain``.

    ``waiting``: it was not tried yet, which does not count as an attempt.
    """

    state: Literal["done", "retry", "waiting", "failed", "uncertain"] = "done"
    reason: str = ""
    after_seconds: float = 60.0
    reason_zh: str = ""


PERSON_GONE = Outcome(
    "failed", "Nothing is recorded of this person any more.", reason_zh="该用户的数据已不存在。"
)


def failed(error: BihuanError) -> Outcome:
    """It failed, and trying again would change nothing."""
    return Outcome("failed", error.message("en"), reason_zh=error.message("zh"))


@dataclass(frozen=True)
class Origin:
    """Which journey asks."""

    project_id: str
    journey_id: str
    node: str


class Sending(Protocol):
    """Queues messages, within the transaction that moves the people."""

    def enqueue(
        self, session: Session, origin: Origin, node: Send, people: Select[Any], *, now_ms: int
    ) -> None:
        """Queue messages of one node, by one statement.

        ``people`` are rows of the control database: ``person_id``, ``occurrence`` (the person's way through
        the journey), ``step`` (the node, with the moves before where people come to it more than once) and
        ``context`` (what let the person in). The same (person, occurrence, step) is queued once.
        """
        ...


class Splitting(Protocol):
    """Says who has which variant of an experiment."""

    def variants(self, origin: Origin, experiment: str, persons: Array, at_ms: int) -> Sequence[str | None]:
        """The variant of each person; None of one who is not in it. The same whenever it is asked."""
        ...


class Tasks(Protocol):
    """Makes tasks for members."""

    def create(self, origin: Origin, node: CreateTask, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
        """Make one for each, in this order."""
        ...


class Rewards(Protocol):
    """Gives rewards: the growth system."""

    def give(self, origin: Origin, node: Give, wanted: Sequence[Wanted]) -> Sequence[Outcome]:
        """Give one to each, in this order."""
        ...

    def confirm(self, origin: Origin, node: Give, wanted: Sequence[Wanted]) -> None:
        """Somebody found out that these were given."""
        ...


class Calling(Protocol):
    """Tells other servers: signed webhooks."""

    def call(
        self, origin: Origin, node: Webhook, wanted: Sequence[tuple[Wanted, dict[str, Any]]]
    ) -> Sequence[Outcome]:
        """Send each its payload, in this order."""
        ...


class Naming(Protocol):
    """What may be named in a project; None where nobody knows, so that nothing is refused."""

    def names(self, session: Session, project_id: str, kind: NamedKind) -> Collection[str] | None:
        """The ids of a kind."""
        ...


@dataclass(frozen=True)
class Services:
    """What the installation has of it."""

    sending: Sending | None = None
    splitting: Splitting | None = None
    tasks: Tasks | None = None
    rewards: Rewards | None = None
    calling: Calling | None = None
    naming: Naming | None = None
