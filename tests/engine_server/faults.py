"""Failures on command: what the ``/_test/`` endpoints switch on, and what inserts and requests ask of it."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Faults:
    """The switches, all off by default.

    Attributes:
        insert_errors: how many of the next inserts fail before anything is stored.
        insert_error_code: with which ClickHouse code (243 NOT_ENOUGH_SPACE, 242 TABLE_IS_READ_ONLY, 241 …).
        insert_delay_ms: every insert waits this long before it is executed (a slow disk).
        drop_before_insert: how many of the next inserts lose their connection without being executed.
        drop_after_insert: how many of the next inserts are executed and lose their connection unanswered.
        unavailable: how many of the next requests of any kind are answered 503.
        match: only inserts whose statement contains this regular expression are counted and hurt.
    """

    insert_errors: int = 0
    insert_error_code: int = 243
    insert_delay_ms: int = 0
    drop_before_insert: int = 0
    drop_after_insert: int = 0
    unavailable: int = 0
    match: str = ""


@dataclass(frozen=True)
class InsertFate:
    """What happens to one insert."""

    error_code: int | None = None
    delay_ms: int = 0
    drop_before: bool = False
    drop_after: bool = False


class FaultSwitches:
    """The faults of a running server, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults = Faults()
        self._counts = {"requests": 0, "inserts": 0, "inserts_hurt": 0}

    def set(self, changes: dict[str, Any]) -> None:
        """Change the named switches.

        Raises:
            ValueError: a name or a value's type is wrong.
        """
        types = {field.name: str if field.name == "match" else int for field in fields(Faults)}
        for name, value in changes.items():
            if name not in types or not isinstance(value, types[name]) or isinstance(value, bool):
                raise ValueError(f"No such fault, or not a value for it: {name}={value!r}")
        try:
            re.compile(changes.get("match", ""))
        except re.error as failure:
            raise ValueError(f"No regular expression: {failure}") from failure
        with self._lock:
            self._faults = replace(self._faults, **changes)

    def reset(self) -> None:
        """Switch everything off and start counting from zero."""
        with self._lock:
            self._faults = Faults()
            self._counts = dict.fromkeys(self._counts, 0)

    def state(self) -> dict[str, Any]:
        """What is still switched on, and how many requests and inserts came since the last reset."""
        with self._lock:
            return {"faults": asdict(self._faults), "counts": dict(self._counts)}

    def is_unavailable(self) -> bool:
        """Count a request; whether it is to be answered 503."""
        with self._lock:
            self._counts["requests"] += 1
            return self._take("unavailable")

    def fate_of_insert(self, statement: str) -> InsertFate:
        """Count an insert; what is to happen to it."""
        with self._lock:
            if not re.search(self._faults.match, statement):
                return InsertFate()
            self._counts["inserts"] += 1
            delay_ms = self._faults.insert_delay_ms
            fate = InsertFate(delay_ms=delay_ms)
            if self._take("insert_errors"):
                fate = InsertFate(error_code=self._faults.insert_error_code, delay_ms=delay_ms)
            elif self._take("drop_before_insert"):
                fate = InsertFate(delay_ms=delay_ms, drop_before=True)
            elif self._take("drop_after_insert"):
                fate = InsertFate(delay_ms=delay_ms, drop_after=True)
            self._counts["inserts_hurt"] += fate != InsertFate(delay_ms=delay_ms)
            return fate

    def _take(self, name: str) -> bool:
        left: int = getattr(self._faults, name)
        if left > 0:
            less: dict[str, Any] = {name: left - 1}
            self._faults = replace(self._faults, **less)
        return left > 0
