"""``/api/projects/{project_id}/personal-data``: which properties are personal.

A project's people are found with ``request.app.state.people(project_id)``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from bihuan.access import ControlDatabase, ProjectManager, Viewer
from bihuan.catalog.personal import service
from bihuan.catalog.personal.schemas import PersonalPropertyInput, PersonalPropertyOutput
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/personal-data", tags=["catalog"])


@router.get("")
def list_personal_properties(
    request: Request, caller: Viewer, database: ControlDatabase
) -> list[PersonalPropertyOutput]:
    """Properties of events and people that hold personal data or seem to, and what members decided."""
    people: People = request.app.state.people(caller.project.id)
    of_people = people.property_names()
    with database.read_session() as session:
        return service.personal_properties(session, caller.project.id, of_people)


@router.put("")
def decide(
    caller: ProjectManager, database: ControlDatabase, body: PersonalPropertyInput
) -> PersonalPropertyOutput:
    """Decide that a property is personal, or that it is not and everybody may see it."""
    with database.session() as session:
        return service.decide(session, caller, body)


@router.delete("", status_code=204)
def forget(
    caller: ProjectManager,
    database: ControlDatabase,
    name: Annotated[str, Query(min_length=1, max_length=255, pattern=r"^[^\x00]*$")],
) -> None:
    """Take a decision back; the name of the property counts again."""
    with database.session() as session:
        service.forget(session, caller, name)
