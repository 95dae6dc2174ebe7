"""Flags and experiments of a project in memory, read anew every few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import select

from bihuan.database import Database, utc_now
from bihuan.experiments import repository
from bihuan.experiments.drawing import Draws
from bihuan.experiments.errors import ExperimentInvalid
from bihuan.experiments.flags.definitions import Definition
from bihuan.experiments.flags.models import Flag
from bihuan.experiments.holdouts.membership import HeldOut
from bihuan.experiments.holdouts.service import held_out
from bihuan.experiments.measuring import Exposed
from bihuan.experiments.models import Experiment
from bihuan.experiments.schemas import Plan
from bihuan.experiments.service import plan_of

REFRESH_SECONDS = 2.0


@dataclass(frozen=True)
class KeptFlag:
    """A flag, ready to be evaluated."""

    key: str
    version: int
    definition: Definition


@dataclass(frozen=True)
class KeptExperiment:
    """An experiment that flags serve: it runs, or ``decided`` is the variant that stays."""

    id: str
    plan: Plan
    draws: Draws
    decided: str | None


@dataclass(frozen=True)
class Kept:
    """What a project's flags need."""

    flags: dict[str, KeptFlag]
    experiments: dict[str, KeptExperiment]
    held: HeldOut | None


class KeptFlags:
    """The flags of every project that asks, at most ``refresh_seconds`` old. Thread-safe."""

    def __init__(
        self,
        database: Database,
        *,
        refresh_seconds: float = REFRESH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._held: dict[str, tuple[float, Kept]] = {}
        self._lock = threading.Lock()

    def of(self, project_id: str) -> Kept:
        """What is in force."""
        now = self._clock()
        held = self._held.get(project_id)
        if held is not None and now - held[0] < self._refresh_seconds:
            return held[1]
        with self._lock:
            held = self._held.get(project_id)
            if held is None or now - held[0] >= self._refresh_seconds:
                self._held[project_id] = held = (now, self._load(project_id))
        return held[1]

    def forget(self, project_id: str) -> None:
        """Read anew at the next question."""
        self._held.pop(project_id, None)

    def _load(self, project_id: str) -> Kept:
        with self._database.read_session() as session:
            flags = {}
            for row in session.scalars(select(Flag).where(Flag.project_id == project_id)):
                try:
                    definition = Definition.model_validate(row.definition)
                except ValidationError:
                    continue
                flags[row.key] = KeptFlag(row.key, row.version, definition)
            wanted = repository.experiments(project_id).where(Experiment.status.in_(("running", "decided")))
            experiments = {}
            for experiment in session.scalars(wanted):
                found = _kept(experiment)
                if found is not None:
                    experiments[experiment.id] = found
            return Kept(flags, experiments, held_out(session, project_id, utc_now()))


def _kept(row: Experiment) -> KeptExperiment | None:
    try:
        plan = plan_of(row)
    except ExperimentInvalid:
        return None
    if not isinstance(plan.source, Exposed):
        return None
    decided = row.decision["variant"] if row.status == "decided" and row.decision else None
    return KeptExperiment(row.id, plan, Draws.of(row, plan), decided)
