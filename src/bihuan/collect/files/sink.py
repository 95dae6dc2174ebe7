"""Where imported rows go: the same pipeline as everything that is sent."""

from __future__ import annotations

import time

from bihuan.collect.files.importer import WriteResult
from bihuan.collect.incoming import Item, Parsed, Rejected
from bihuan.collect.intake import Intake
from bihuan.kernel.errors import Overloaded

PROTOCOL = "file"
# A full queue drains within seconds; a minute of refusals means that something else is wrong.
_TRIES = 60


class IntakeSink:
    """Stores batches of an import through a project's intake.

    Args:
        source: name under which the rows are kept.
        received_ms: when the file arrived; the same for every run over it, so that a batch that comes again
            after a crash is the same batch.
        actor: who says what the file says of ids.
    """

    def __init__(self, intake: Intake, *, source: str, received_ms: int, actor: str = "") -> None:
        self._intake = intake
        self._source = source
        self._received_ms = received_ms
        self._actor = actor

    def write(self, items: list[Item], rejected: list[Rejected]) -> WriteResult:
        """Store a batch; waits while the queue is full. Raises ``Overloaded``, ``EngineUnavailable``."""
        parsed = Parsed(items=items, rejected=rejected)
        for _ in range(_TRIES - 1):
            try:
                return self._write(parsed)
            except Overloaded as refusal:
                time.sleep(min(5.0, float(refusal.params["retry_after_seconds"])))
        return self._write(parsed)

    def _write(self, parsed: Parsed) -> WriteResult:
        outcome = self._intake.take_blocking(
            parsed,
            source=self._source,
            protocol=PROTOCOL,
            received_ms=self._received_ms,
            actor=self._actor,
        )
        return WriteResult(
            accepted=outcome.accepted - outcome.duplicates,
            duplicates=outcome.duplicates,
            quarantined=len(outcome.quarantined) - len(parsed.rejected),
        )
