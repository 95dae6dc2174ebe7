"""The mask of a request's caller, and the record of whoever looked behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import Depends, Query

from bihuan.access.audit.service import record_alone
from bihuan.access.callers import Caller
from bihuan.access.errors import PermissionMissing
from bihuan.access.permissions import ControlDatabase, Viewer
from bihuan.access.personal.masking import Mask
from bihuan.access.personal.service import mask_for
from bihuan.database import Database

Properties = Mapping[str, Any]
# Who turns pages or reloads sees the same once more.
SAME_SECONDS = 600.0
_MOST = 10_000
_told: WeakKeyDictionary[Database, dict[tuple[str, ...], float]] = WeakKeyDictionary()
_lock = threading.Lock()

Unmask = Annotated[
    bool | None,
    Query(description="Whether to show personal data; left out: if the caller may see it. That is recorded."),
]


class Sight:
    """What one caller sees: their mask, and a word to the audit log when they see behind it."""

    def __init__(self, database: Database, caller: Caller, *, hides: bool) -> None:
        self._database = database
        self._caller = caller
        self._hides = hides

    @cached_property
    def mask(self) -> Mask:
        """What hides personal data from the caller."""
        return mask_for(self._database, self._caller.project.id, hides=self._hides)

    def saw(
        self, what: str, which: str = "", *, same: str = "", of: Sequence[Properties] | None = None
    ) -> None:
        """Write down that personal data of ``what`` was shown, unless the caller saw the same just now.

        Args:
            which: names it in the record; no personal data itself.
            same: tells it from others of its kind, and is not recorded.
            of: what was shown; nothing is recorded when none of it is personal. None: it is.
        """
        count = None if of is None else sum(map(self._is_personal, of))
        caller = self._caller
        key = (caller.project.id, caller.actor.id, caller.address, what, which, same)
        if self.mask.hides or count == 0 or not _is_new(self._database, key):
            return
        record_alone(
            self._database,
            caller,
            "personal_data.shown",
            (what, which),
            project_id=caller.project.id,
            after=None if count is None else {"count": count},
        )

    def _is_personal(self, properties: Properties) -> bool:
        return self.mask.hiding().properties(properties) != properties

    def exported(self, what: str, **how: object) -> None:
        """Write down an export, and whether it is masked."""
        record_alone(
            self._database,
            self._caller,
            f"export.{what}",
            ("project", self._caller.project.id),
            project_id=self._caller.project.id,
            after={**how, "masked": self.mask.hides},
        )


async def _sight(caller: Viewer, database: ControlDatabase, unmask: Unmask = None) -> Sight:
    allowed = caller.may("unmask")
    if unmask and not allowed:
        raise PermissionMissing(needed="unmask", path="unmask")
    hides = not (allowed if unmask is None else unmask)
    return Sight(database, caller, hides=hides)


def _is_new(database: Database, key: tuple[str, ...]) -> bool:
    now = time.monotonic()
    with _lock:
        told = _told.setdefault(database, {})
        if now - told.get(key, float("-inf")) < SAME_SECONDS:
            return False
        if len(told) >= _MOST:
            told.clear()
        told[key] = now
        return True


CallerSight = Annotated[Sight, Depends(_sight)]
