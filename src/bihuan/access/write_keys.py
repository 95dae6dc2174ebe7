"""Write keys in memory, for the collection hot path: one dictionary look-up an event request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bihuan.access import repository
from bihuan.access.errors import WriteKeyUnknown
from bihuan.access.models import WriteKey
from bihuan.access.service import WRITE_KEY_PREFIX
from bihuan.access.signals import WriteKeysChanged
from bihuan.database import Database

_log = logging.getLogger(__name__)

# A snapshot this many times older than the refresh interval is not served, however quiet the server was.
_TOO_OLD = 5


@dataclass(frozen=True, slots=True)
class WriteKeyTarget:
    """Where events sent with a write key belong; ``protocol`` is the source's hint."""

    project_id: str
    source_id: str
    source: str
    protocol: str | None


class WriteKeyCache:
    """Every write key in force, as a dictionary that is replaced as a whole.

    A change made in this process is seen at the next look-up; one made in another within
    ``refresh_seconds`` while requests come in (the reload runs beside them), and never later than five
    times that. A key that is not in the dictionary is asked for in the database, at most
    ``look_ups_per_second`` times a second; a key found to be unknown is remembered for
    ``refresh_seconds``, at most ``unknown_limit`` of them. When the database is away the last dictionary
    goes on being served, so collection does not stop.

    Thread-safe. ``resolve`` blocks only for the look-up of an unknown key or after a change.
    """

    def __init__(
        self,
        database: Database,
        *,
        refresh_seconds: float = 2.0,
        unknown_limit: int = 10_000,
        look_ups_per_second: int = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._refresh_seconds = refresh_seconds
        self._unknown_limit = unknown_limit
        self._look_ups_per_second = look_ups_per_second
        self._clock = clock
        self._targets: dict[str, WriteKeyTarget] = {}
        self._loaded_at = float("-inf")
        self._unknown: dict[str, float] = {}
        self._look_ups = (0.0, 0)
        self._reloading = threading.Lock()
        database.signals.connect(WriteKeysChanged, self._on_change)

    def resolve(self, key: str) -> WriteKeyTarget | None:
        """Where events with this key belong; None when the key is not in force."""
        age = self._clock() - self._loaded_at
        if age > self._refresh_seconds:
            self._refresh(age)
        target = self._targets.get(key)
        if target is not None:
            return target
        return self._ask(key)

    def require(self, key: str) -> WriteKeyTarget:
        """Like :meth:`resolve`, for callers that answer with the error.

        Raises:
            WriteKeyUnknown: the key is not in force.
        """
        target = self.resolve(key)
        if target is None:
            raise WriteKeyUnknown
        return target

    def reload(self) -> None:
        """Read every key now; errors of the database pass through."""
        with self._reloading:
            self._load()

    def _on_change(self, _signal: WriteKeysChanged) -> None:
        self._loaded_at = float("-inf")
        self._unknown.clear()

    def _refresh(self, age: float) -> None:
        if age > self._refresh_seconds * _TOO_OLD:
            self._reload_or_keep()
        elif not self._reloading.locked():
            threading.Thread(target=self._reload_or_keep, name="write-keys", daemon=True).start()

    def _reload_or_keep(self) -> None:
        started = self._clock()
        with self._reloading:
            if self._loaded_at >= started:
                return
            try:
                self._load()
            except Exception:
                _log.warning("write keys could not be read; the last ones stay in force", exc_info=True)
                # Not again at every request: the next try is one refresh later.
                self._loaded_at = self._clock()

    def _load(self) -> None:
        started = self._clock()
        with self._database.read_session() as session:
            rows = session.execute(repository.active_write_keys()).all()
        self._targets = {row[0]: WriteKeyTarget(*row[1:]) for row in rows}
        self._loaded_at = started

    def _ask(self, key: str) -> WriteKeyTarget | None:
        now = self._clock()
        if not key.startswith(WRITE_KEY_PREFIX) or self._unknown.get(key, float("-inf")) > now:
            return None
        if not self._may_look_up(now):
            return None
        with self._database.read_session() as session:
            row = session.execute(repository.active_write_keys().where(WriteKey.key == key)).one_or_none()
        if row is None:
            if len(self._unknown) >= self._unknown_limit:
                self._unknown.clear()
            self._unknown[key] = now + self._refresh_seconds
            return None
        target = WriteKeyTarget(*row[1:])
        self._targets[key] = target
        return target

    def _may_look_up(self, now: float) -> bool:
        second, used = self._look_ups
        if now - second >= 1.0:
            second, used = now, 0
        self._look_ups = (second, used + 1)
        return used < self._look_ups_per_second
