"""``/api/projects/{project_id}/experiments/{experiment_id}``: what its readings say together."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.access import ControlDatabase, Viewer
from bihuan.experiments import repository, service
from bihuan.experiments.readings.course import CourseOutput, course_of, thinned
from bihuan.experiments.readings.returns import ReturnOutput, returns_of
from bihuan.experiments.readings.schemas import Reading
from bihuan.insights import Identifier

router = APIRouter(prefix="/api/projects/{project_id}/experiments/{experiment_id}", tags=["experiments"])


@router.get("/course")
def experiment_course(
    caller: Viewer, database: ControlDatabase, experiment_id: Identifier
) -> list[CourseOutput]:
    """How every metric came to what it shows, look by look; of many looks some, evenly."""
    with database.read_session() as session:
        service.get_experiment(session, caller.project.id, experiment_id)
        rows = repository.looks_of(session, thinned(repository.look_ids(session, experiment_id)))
        looks = [(row.at, row.cause, Reading.model_validate(row.reading)) for row in rows]
    return course_of(looks)


@router.get("/returns")
def experiment_returns(
    caller: Viewer, database: ControlDatabase, experiment_id: Identifier
) -> list[ReturnOutput]:
    """What each variant brought beyond the control and what it cost, by the last reading.

    Empty without costs, without a reading, and where a check stops the verdict.
    """
    with database.read_session() as session:
        plan = service.plan_of(service.get_experiment(session, caller.project.id, experiment_id))
        look = repository.last_look(session, experiment_id)
        reading = None if look is None else Reading.model_validate(look.reading)
    if plan.costs is None or reading is None or reading.verdict.outcome == "stopped":
        return []
    return returns_of(reading, plan.costs)
