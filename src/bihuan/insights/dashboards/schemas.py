"""Dashboards on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, TypeAdapter, model_validator

from bihuan.analytics.query import Period
from bihuan.analytics.query.filters import Filter
from bihuan.analytics.registry import AnyQuery, AnyResult
from bihuan.insights.wire import Author, Input, Name, Tags, Words

COLUMNS = 12
"""Places are counted in this many columns."""
MOST_TILES = 60


def _storable(filters: Any) -> Any:
    if "\\u0000" in filters.model_dump_json():
        raise ValueError("it has the character U+0000")
    return filters


BoardFilter = Annotated[Filter, AfterValidator(_storable)]
RefreshSeconds = Annotated[int, Field(ge=10, le=86_400)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"^[^\x00]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")]
filters_adapter: TypeAdapter[Filter] = TypeAdapter(Filter)
period_adapter: TypeAdapter[Period] = TypeAdapter(Period)


class Place(BaseModel):
    """Where a tile is, in columns from the left and rows from the top, and how large."""

    x: int = Field(ge=0, lt=COLUMNS)
    y: int = Field(ge=0, le=10_000)
    w: int = Field(ge=1, le=COLUMNS)
    h: int = Field(ge=1, le=100)


class TileInput(Place, Input):
    """A tile: an insight, or a text in Markdown. ``id`` names a tile of the board that stays the same one."""

    id: Id | None = None
    insight_id: Id | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.insight_id is None) == (self.text is None):
            raise ValueError("a tile has either an insight or a text")
        return self


Tiles = Annotated[list[TileInput], Field(max_length=MOST_TILES)]


class DashboardInput(Input):
    """A new dashboard."""

    name: Name
    description: Words = ""
    tags: Tags = Field(default_factory=list)
    filters: BoardFilter | None = Field(default=None, description="Every insight also has to meet it.")
    period: Period | None = Field(default=None, description="Instead of the insights' own periods.")
    refresh_seconds: RefreshSeconds | None = None
    tiles: Tiles = Field(default_factory=list)


class DashboardChange(Input):
    """New values for the fields that are given; the others stay. ``tiles`` are all tiles."""

    name: Name | None = None
    description: Words | None = None
    tags: Tags | None = None
    filters: BoardFilter | None = None
    period: Period | None = None
    refresh_seconds: RefreshSeconds | None = None
    tiles: Tiles | None = None


class TileOutput(Place):
    """A tile."""

    id: str
    insight_id: str | None
    text: str | None


class DashboardOutput(BaseModel):
    """A dashboard. ``template`` names the ready board that it was made from."""

    id: str
    name: str
    description: str
    tags: list[str]
    starred: bool
    filters: Filter | None
    period: Period | None
    refresh_seconds: int | None
    tiles: list[TileOutput]
    template: str | None
    created_by: Author
    created_at: datetime
    updated_by: Author
    updated_at: datetime


class ResultsQuestion(Input):
    """What to ask of a board for once, without changing it."""

    filters: BoardFilter | None = Field(default=None, description="Added to the board's own.")
    period: Period | None = Field(default=None, description="Instead of the board's own.")
    tiles: list[Id] | None = Field(
        default=None, max_length=MOST_TILES, description="Only these tiles; null for all."
    )


class TileInsight(BaseModel):
    """What a tile shows: the insight, with the question as it was asked for the board."""

    id: str
    name: str
    description: str
    chart: str | None
    options: dict[str, Any]
    kind: str
    query: AnyQuery | None


class ErrorDetail(BaseModel):
    """Why there is no result."""

    code: str
    message: str
    path: str | None
    hint: str | None


class TileResult(BaseModel):
    """One tile that is ready; either ``result`` or ``error`` is null."""

    tile_id: str
    insight: TileInsight
    result: AnyResult | None
    error: ErrorDetail | None
