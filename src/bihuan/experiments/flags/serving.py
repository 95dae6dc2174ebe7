"""Evaluating flags for software: one flag or all, with the exposures of experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.audiences.subjects import log_context
from bihuan.database import Database
from bihuan.experiments.errors import FlagNotFound, TargetingKeyMissing
from bihuan.experiments.flags.asking import Asking
from bihuan.experiments.flags.definitions import PRODUCTION
from bihuan.experiments.flags.evaluation import Shown, evaluate
from bihuan.experiments.flags.exposing import Exposures
from bihuan.experiments.flags.kept import Kept, KeptExperiment, KeptFlag, KeptFlags
from bihuan.people import People
from bihuan.warehouse import GroupWriter, ProjectStore


class Opened(Protocol):
    """A project in use: ``bihuan.projects.OpenProject``."""

    @property
    def row(self) -> Project:
        """The project."""

    @property
    def store(self) -> ProjectStore:
        """Its log."""

    @property
    def people(self) -> People:
        """Its people."""


class FlagServer:
    """Answers software that asks for flags. Thread-safe."""

    def __init__(self, database: Database, writer: GroupWriter, project: Callable[[str], Opened]) -> None:
        self.kept = KeptFlags(database)
        self._exposures = Exposures(writer)
        self._project = project

    def one(
        self,
        project_id: str,
        key: str,
        context: Mapping[str, Any],
        *,
        environment: str = PRODUCTION,
        expose: bool = True,
    ) -> dict[str, Any]:
        """One flag in OFREP's shape; who is shown a variant of a running experiment is written to the log.

        Raises:
            FlagNotFound, TargetingKeyMissing, Overloaded, and what the engine raises.
        """
        kept, opened = self.kept.of(project_id), self._project(project_id)
        flag = kept.flags.get(key)
        if flag is None:
            raise FlagNotFound(key=key)
        asking = self._asking(opened, kept, context)
        shown = evaluate(key, project_id, flag.definition, environment, asking)
        runs = shown.experiment_id and kept.experiments[shown.experiment_id].decided is None
        if expose and runs and asking.person is not None:
            whom = (asking.person, asking.distinct_id)
            self._exposures.record(opened.store, project_id, key, shown, *whom)
        return answer(flag, shown, environment)

    def all(
        self, project_id: str, context: Mapping[str, Any], *, environment: str = PRODUCTION
    ) -> list[dict[str, Any]]:
        """Every flag, for clients that keep them; nobody counts as exposed.

        A client that shows a variant of an experiment tells so itself, by the event ``$experiment_exposed``
        with what it finds in the metadata.
        """
        kept, opened = self.kept.of(project_id), self._project(project_id)
        asking = self._asking(opened, kept, context)
        found = []
        for key, flag in sorted(kept.flags.items()):
            try:
                shown = evaluate(key, project_id, flag.definition, environment, asking)
            except TargetingKeyMissing as error:
                details = {"errorCode": "TARGETING_KEY_MISSING", "errorDetails": error.message("en")}
                found.append({"key": key, **details})
                continue
            found.append(answer(flag, shown, environment))
        return found

    def _asking(self, opened: Opened, kept: Kept, context: Mapping[str, Any]) -> Asking:
        def project() -> ProjectContext:
            return log_context(opened.row, opened.store)

        def variant_of(experiment_id: str, asking: Asking) -> str | None:
            found = kept.experiments.get(experiment_id)
            return None if found is None else self._variant(opened, kept, found, asking)

        return Asking(context, opened.people, project, variant_of)

    def _variant(self, opened: Opened, kept: Kept, experiment: KeptExperiment, asking: Asking) -> str | None:
        person = asking.person
        assert person is not None
        if experiment.decided is not None:
            return experiment.decided
        plan = experiment.plan
        if plan.bandit is not None:
            first = self._exposures.first_variant(opened.store, asking.ctx, experiment.id, person)
            if first is not None:
                return first
        variant = experiment.draws.variant(person)
        if variant is None or (plan.eligible is not None and not asking.holds(plan.eligible)):
            return None
        if plan.respects_holdout and kept.held is not None and kept.held.drawn(person):
            excluded = kept.held.excluded
            if excluded is None or not asking.holds(excluded):
                return None
        return variant


def answer(flag: KeptFlag, shown: Shown, environment: str) -> dict[str, Any]:
    """An evaluation in OFREP's shape."""
    metadata: dict[str, Any] = {"version": flag.version, "environment": environment}
    if shown.rule is not None:
        metadata["rule"] = shown.rule
    if shown.experiment_id is not None:
        metadata["experimentId"] = shown.experiment_id
    return {
        "key": flag.key,
        "value": flag.definition.variants[shown.variant],
        "variant": shown.variant,
        "reason": shown.reason,
        "metadata": metadata,
    }
