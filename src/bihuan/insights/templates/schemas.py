"""Ready boards on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from bihuan.insights.dashboards.schemas import DashboardOutput
from bihuan.insights.templates.boards import Need, Template
from bihuan.insights.templates.roles import Role
from bihuan.insights.wire import Input


class BothLanguages(BaseModel):
    """The same in English and Chinese."""

    en: str
    zh: str


class TemplateTile(BaseModel):
    """A tile of a ready board; ``missing`` is what the project lacks for it."""

    title: BothLanguages
    chart: str
    missing: list[Need]


class TemplateOutput(BaseModel):
    """A ready board, and which of its tiles it would have now. ``made``: the project has one of it."""

    template: Template
    name: BothLanguages
    description: BothLanguages
    tiles: list[TemplateTile]
    made: bool


class FromTemplate(Input):
    """Which ready board to make, and in which language its titles are."""

    template: Template
    language: Literal["zh", "en"] = "zh"


class LeftOut(BaseModel):
    """A tile that the board does not have, and why."""

    title: str
    missing: list[Need]
    reason: str


class Made(BaseModel):
    """A board that was made, the events that it found for each role, and what it had to leave out."""

    dashboard: DashboardOutput
    events: dict[Role, str]
    left_out: list[LeftOut]
