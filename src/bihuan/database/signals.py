"""Signals in the past tense: what a transaction did, told in this process after it was committed.

Service code calls ``emit(session, ProjectCreated(...))``; whoever cares has called
``database.signals.connect(ProjectCreated, receiver)``. A rolled-back transaction tells nobody.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
_KEY = "bihuan_signals"
_log = logging.getLogger(__name__)


class Signals:
    """Receivers by the class of the signal; belongs to one :class:`Database`."""

    def __init__(self) -> None:
        self._receivers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)

    def connect(self, kind: type[T], receiver: Callable[[T], None]) -> None:
        """Call ``receiver`` with every later signal of exactly this class."""
        self._receivers[kind].append(receiver)

    def send(self, signal: object) -> None:
        """Call the receivers now. One that fails is logged: the transaction has already happened."""
        for receiver in list(self._receivers[type(signal)]):
            try:
                receiver(signal)
            except Exception:
                _log.exception("a receiver of %s failed", type(signal).__name__)


def emit(session: Session, signal: object) -> None:
    """Send ``signal`` when ``session`` has been committed."""
    session.info.setdefault(_KEY, []).append(signal)


def take_signals(session: Session) -> list[object]:
    """The signals waiting in ``session``, which are removed from it."""
    waiting: list[object] = session.info.pop(_KEY, [])
    return waiting
