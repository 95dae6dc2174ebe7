"""A project with everything that serving it needs."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.access import Project
from bihuan.catalog import PlanKeeper
from bihuan.collect import Intake
from bihuan.collect.quarantine import Quarantine
from bihuan.people import People
from bihuan.warehouse import ProjectStore


@dataclass(frozen=True)
class OpenProject:
    """A project with its stores open."""

    row: Project
    store: ProjectStore
    people: People
    intake: Intake
    plan: PlanKeeper
    quarantine: Quarantine
