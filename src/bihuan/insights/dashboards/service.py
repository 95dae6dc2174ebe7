"""Dashboards: insights side by side, with one filter and one period."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from bihuan.database import utc_now
from bihuan.insights import stars
from bihuan.insights.dashboards import repository
from bihuan.insights.dashboards.errors import DashboardNotFound
from bihuan.insights.dashboards.models import Dashboard, Tile
from bihuan.insights.dashboards.schemas import (
    DashboardChange,
    DashboardInput,
    DashboardOutput,
    TileInput,
    TileOutput,
    filters_adapter,
    period_adapter,
)
from bihuan.insights.saved.errors import InsightNotFound
from bihuan.insights.saved.repository import insights_by_id
from bihuan.insights.saved.service import numbered_name
from bihuan.insights.wire import Author

_PLAIN = ("name", "description", "tags", "refresh_seconds")
_VALUES = ("filters", "period")
_MAY_BE_NULL = ("filters", "period", "refresh_seconds")


def get_dashboard(
    session: Session, project_id: str, dashboard_id: str, *, for_update: bool = False
) -> Dashboard:
    """One dashboard. Raises ``DashboardNotFound``."""
    found = repository.find_dashboard(session, project_id, dashboard_id, for_update=for_update)
    if found is None:
        raise DashboardNotFound(dashboard_id=dashboard_id)
    return found


def create_dashboard(
    session: Session, project_id: str, author: Author, given: DashboardInput, *, template: str | None = None
) -> Dashboard:
    """Make a dashboard. Raises ``InsightNotFound``."""
    by = author.model_dump()
    values: dict[str, Any] = {name: getattr(given, name) for name in _PLAIN}
    values |= {name: _stored(getattr(given, name)) for name in _VALUES}
    row = Dashboard(project_id=project_id, template=template, created_by=by, updated_by=by, **values)
    session.add(row)
    session.flush()
    _set_tiles(session, row, given.tiles)
    return row


def change_dashboard(
    session: Session, project_id: str, dashboard_id: str, author: Author, change: DashboardChange
) -> Dashboard:
    """Give a dashboard new values. Raises ``DashboardNotFound``, ``InsightNotFound``."""
    row = get_dashboard(session, project_id, dashboard_id, for_update=True)
    for name in (*_PLAIN, *_VALUES):
        value = getattr(change, name)
        if name in change.model_fields_set and (value is not None or name in _MAY_BE_NULL):
            setattr(row, name, _stored(value) if name in _VALUES else value)
    if change.tiles is not None:
        _set_tiles(session, row, change.tiles)
    row.updated_by, row.updated_at = author.model_dump(), utc_now()
    session.flush()
    return row


def duplicate_dashboard(
    session: Session, project_id: str, dashboard_id: str, author: Author, name: str | None = None
) -> Dashboard:
    """A copy that shows the same insights. Raises ``DashboardNotFound``."""
    original = get_dashboard(session, project_id, dashboard_id)
    by = author.model_dump()
    values = {each: getattr(original, each) for each in (*_PLAIN, *_VALUES)}
    taken = repository.names_like(session, project_id, original.name[:190])
    values["name"] = name or numbered_name(original.name, taken)
    row = Dashboard(project_id=project_id, created_by=by, updated_by=by, **values)
    session.add(row)
    session.flush()
    for tile in repository.tiles_of(session, [original.id])[original.id]:
        columns = ("position", "insight_id", "text", "x", "y", "w", "h")
        session.add(Tile(dashboard_id=row.id, **{column: getattr(tile, column) for column in columns}))
    session.flush()
    return row


def delete_dashboard(session: Session, project_id: str, dashboard_id: str) -> str:
    """Delete a dashboard; its insights stay. Returns its name. Raises ``DashboardNotFound``."""
    row = get_dashboard(session, project_id, dashboard_id, for_update=True)
    stars.forget_stars(session, row.id)
    session.delete(row)
    return row.name


def outputs(session: Session, rows: Sequence[Dashboard], author: Author) -> list[DashboardOutput]:
    """Dashboards as one caller sees them."""
    ids = [row.id for row in rows]
    starred, tiles = stars.starred_among(session, author, ids), repository.tiles_of(session, ids)
    return [
        DashboardOutput(
            id=row.id,
            name=row.name,
            description=row.description,
            tags=row.tags,
            starred=row.id in starred,
            filters=read_part(filters_adapter, row.filters),
            period=read_part(period_adapter, row.period),
            refresh_seconds=row.refresh_seconds,
            tiles=[_tile_output(tile) for tile in tiles[row.id]],
            template=row.template,
            created_by=Author(**row.created_by),
            created_at=row.created_at,
            updated_by=Author(**row.updated_by),
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def read_part(adapter: TypeAdapter[Any], stored: dict[str, Any] | None) -> Any:
    """A stored filter or period; None for one that this version cannot read."""
    if stored is None:
        return None
    try:
        return adapter.validate_python(stored)
    except ValidationError:
        return None


def _tile_output(tile: Tile) -> TileOutput:
    return TileOutput(
        id=tile.id, insight_id=tile.insight_id, text=tile.text, x=tile.x, y=tile.y, w=tile.w, h=tile.h
    )


def _set_tiles(session: Session, row: Dashboard, tiles: Sequence[TileInput]) -> None:
    wanted = {tile.insight_id for tile in tiles if tile.insight_id is not None}
    known = insights_by_id(session, row.project_id, wanted)
    for index, tile in enumerate(tiles):
        if tile.insight_id is not None and tile.insight_id not in known:
            raise InsightNotFound(insight_id=tile.insight_id, path=f"tiles[{index}].insight_id")
    held = {tile.id: tile for tile in repository.tiles_of(session, [row.id])[row.id]}
    for position, given in enumerate(tiles):
        # A tile named twice stays one and becomes another.
        kept = held.pop(given.id, None) if given.id is not None else None
        place = kept or Tile(dashboard_id=row.id)
        place.position = position
        for name in ("insight_id", "text", "x", "y", "w", "h"):
            setattr(place, name, getattr(given, name))
        session.add(place)
    for left in held.values():
        session.delete(left)
    session.flush()


def _stored(value: BaseModel | None) -> dict[str, Any] | None:
    if value is None:
        return None
    stored: dict[str, Any] = json.loads(value.model_dump_json())
    return stored
