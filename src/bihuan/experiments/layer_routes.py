"""``/api/projects/{project_id}/experiment-layers``."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.access import ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.experiments import repository, service
from bihuan.experiments.models import Layer
from bihuan.experiments.schemas import LayerInput, LayerOutput
from bihuan.insights import Cursor, Identifier, Limit, author_of, newest_first

router = APIRouter(prefix="/api/projects/{project_id}/experiment-layers", tags=["experiments"])


@router.get("")
def list_layers(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[LayerOutput]:
    """Layers of experiments that share no people, the newest first."""
    with database.read_session() as session:
        rows, after = newest_first(session, repository.layers(caller.project.id), Layer.id, cursor, limit)
        return Page(items=[service.layer_output(session, row) for row in rows], next_cursor=after)


@router.post("", status_code=201)
def create_layer(caller: InsightEditor, database: ControlDatabase, body: LayerInput) -> LayerOutput:
    """Make a layer."""
    with database.session() as session:
        row = service.create_layer(session, caller.project.id, author_of(caller), body.name)
        target, after = ("experiment_layer", row.id), {"name": row.name}
        record_change(
            session, caller, "experiment_layer.created", target, project_id=caller.project.id, after=after
        )
        return service.layer_output(session, row)


@router.delete("/{layer_id}", status_code=204)
def delete_layer(caller: InsightEditor, database: ControlDatabase, layer_id: Identifier) -> None:
    """Delete a layer that no experiment is in."""
    with database.session() as session:
        name = service.delete_layer(session, caller.project.id, layer_id)
        target, before = ("experiment_layer", layer_id), {"name": name}
        record_change(
            session, caller, "experiment_layer.deleted", target, project_id=caller.project.id, before=before
        )
