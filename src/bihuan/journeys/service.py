"""Making, publishing, starting and stopping journeys, and sending people into them."""

from __future__ import annotations

import json
import time
from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.database import Database, utc_now
from bihuan.insights import Author
from bihuan.journeys import repository
from bihuan.journeys.engine.sets import among, chunks
from bihuan.journeys.errors import (
    EntryByApiOnly,
    JourneyInvalid,
    JourneyNotFound,
    JourneyStateWrong,
    MappingIncomplete,
)
from bihuan.journeys.faults import check
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.reading import read_value
from bihuan.journeys.graph.yaml_text import from_yaml
from bihuan.journeys.models import Journey, JourneyDeed, JourneyEntry, JourneyRequest, JourneyVersion
from bihuan.journeys.ports import Services
from bihuan.journeys.schemas import (
    DefinitionInput,
    JourneyChange,
    JourneyInput,
    PeopleSent,
    PublishInput,
    ResumeInput,
    StopInput,
)
from bihuan.journeys.tasks.models import JourneyTask
from bihuan.kernel.errors import InputInvalid
from bihuan.kernel.hashing import key64
from bihuan.people import People
from bihuan.warehouse import ProjectStore

_STATES_ZH = {
    "draft": "草稿",
    "running": "运行中",
    "paused": "已暂停",
    "closing": "收尾中",
    "stopping": "停止中",
    "ended": "已结束",
}
_ACTS_ZH = {"started": "启动", "paused": "暂停", "resumed": "恢复", "stopped": "停止"}
# When each act is done.
_FROM = {
    "started": ("draft", "ended"),
    "paused": ("running", "closing"),
    "resumed": ("paused",),
    "stopped": ("running", "paused", "closing"),
}


def definition_of(given: DefinitionInput) -> Definition:
    """The definition that was given, as a value or as YAML.

    Raises:
        YamlUnreadable, InputInvalid: it has a character that is not kept.
    """
    found = given.definition if given.yaml is None else from_yaml(given.yaml or "")
    assert found is not None
    _storable(found.stored())
    return found


def draft_of(given: JourneyInput | JourneyChange) -> dict[str, Any] | None:
    """What is to be kept as a draft; None if nothing was given. Raises as ``definition_of``."""
    found = given.definition if given.yaml is None else from_yaml(given.yaml)
    stored = given.unfinished if found is None else found.stored()
    if stored is not None:
        _storable(stored)
    return stored


def _storable(stored: dict[str, Any]) -> None:
    if "\\u0000" in json.dumps(stored):
        raise InputInvalid(
            path="definition", reason_en="It has the character U+0000.", reason_zh="含有字符 U+0000。"
        )


def get_journey(session: Session, project_id: str, journey_id: str, *, lock: bool = False) -> Journey:
    """One journey; ``lock`` until the transaction ends. Raises ``JourneyNotFound``."""
    found = repository.find_journey(session, project_id, journey_id)
    if found is None:
        raise JourneyNotFound(journey_id=journey_id)
    if lock:
        session.refresh(found, with_for_update=True)
    return found


def create_journey(session: Session, project: Project, author: Author, given: JourneyInput) -> Journey:
    """A draft. Raises ``YamlUnreadable``."""
    row = Journey(
        project_id=project.id,
        name=given.name,
        description=given.description,
        draft=draft_of(given),
        created_by=author.model_dump(),
    )
    session.add(row)
    session.flush()
    return row


def change_journey(row: Journey, author: Author, change: JourneyChange, time_zone: str) -> None:
    """Give a journey, which is locked, new values; its people see them once it is published.

    Raises:
        YamlUnreadable, ChangedMeanwhile: nothing was changed.
    """
    draft = draft_of(change)
    row.require_revision(change.revision, time_zone)
    if draft is not None:
        row.saved(author.model_dump())
    row.name = row.name if change.name is None else change.name
    row.description = row.description if change.description is None else change.description
    row.draft = row.draft if draft is None else draft
    row.updated_at = utc_now()


def publish(
    session: Session,
    project: Project,
    store: ProjectStore,
    services: Services,
    row: Journey,
    author: Author,
    given: PublishInput,
) -> JourneyVersion:
    """Make the draft a version, into which people come from now on.

    Raises:
        JourneyInvalid, MappingIncomplete, ChangedMeanwhile: the draft is not the one that was read.
    """
    row.require_revision(given.revision, project.time_zone)
    read = read_value(row.draft)
    definition = read.definition
    found = read.problems if definition is None else check(session, project.id, store, services, definition)
    if definition is None or found:
        first = found[0]
        raise JourneyInvalid(
            path=f"draft.{first.path}", reason_en=first.en, reason_zh=first.zh, count=len(found)
        )
    for target in given.mapping.values():
        if target is not None and target not in definition.nodes:
            raise MappingIncomplete(path="mapping", node=target)
    if given.running == "move":
        _map_older(session, row, definition, given)
    row.version += 1
    version = JourneyVersion(
        journey_id=row.id,
        number=row.version,
        definition=definition.stored(),
        created_by=author.model_dump(),
    )
    session.add(version)
    row.updated_at = utc_now()
    session.flush()
    return version


def _map_older(session: Session, row: Journey, definition: Definition, given: PublishInput) -> None:
    older = repository.versions(session, row.id)
    inside = repository.inside(session, [each.id for each in older])
    for version in older:
        if not inside[version.id] and version.number != row.version:
            continue
        moves: dict[str, str | None] = {}
        for node in version.definition["nodes"]:
            if node in given.mapping:
                moves[node] = given.mapping[node]
            elif node in definition.nodes:
                moves[node] = node
            else:
                raise MappingIncomplete(path=f"mapping.{node}", node=node)
        version.moves = moves


def start(row: Journey, *, now_ms: int | None = None) -> None:
    """Let people in from now on; the journey has a version. Raises ``JourneyStateWrong``."""
    _require(row, "started")
    moment = _now_ms(now_ms)
    row.state, row.started_at = "running", utc_now()
    row.admit_ms, row.fed = moment, {}


def pause(row: Journey) -> None:
    """Nobody is moved until it is resumed. Raises ``JourneyStateWrong``."""
    _require(row, "paused")
    # Taking the lease away stops a move that is under way at its next part.
    row.fed = {**row.fed, "was": row.state}
    row.state, row.lease_owner, row.lease_until_ms = "paused", None, 0


def resume(row: Journey, given: ResumeInput, *, now_ms: int | None = None) -> None:
    """Go on: whose wait was over meanwhile is moved at once. Raises ``JourneyStateWrong``."""
    _require(row, "resumed")
    fed = dict(row.fed)
    row.state = fed.pop("was", "running")
    if not given.catch_up:
        moment = _now_ms(now_ms)
        row.admit_ms = moment
        fed.pop("received", None)
        held = fed.get("audience")
        if held is not None and held["until"] is None and not held["present"]:
            fed["audience"] = {**held, "after": moment, "person": None}
        planned = fed.get("schedule")
        if planned is not None and planned["at"] is None:
            fed["schedule"] = {**planned, "last": moment}
    row.fed = fed


def stop(row: Journey, given: StopInput) -> None:
    """Let nobody in any more. Raises ``JourneyStateWrong``."""
    _require(row, "stopped")
    row.fed = {key: value for key, value in row.fed.items() if key != "was"}
    row.state = "closing" if given.people == "finish" else "stopping"
    row.lease_owner, row.lease_until_ms = None, 0


def send_in(
    session: Session, people: People, row: Journey, given: PeopleSent, *, now_ms: int | None = None
) -> int:
    """Write down people to be let in; returns how many are new. Raises ``EntryByApiOnly``."""
    entry = (row.draft if not row.version else _current(session, row).definition).get("entry") or {}
    kind = entry.get("kind")
    if kind != "api":
        raise EntryByApiOnly(kind=kind)
    if row.state != "running":
        raise _wrong(row, "entered", "进入")
    rows = [
        {
            "journey_id": row.id,
            "key": each.key,
            "person_id": people.identities.person_of(key64(each.distinct_id)),
            "context": {"event": {**each.properties, "distinct_id": each.distinct_id}},
            "at_ms": _now_ms(now_ms),
        }
        for each in given.people
    ]
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = insert(JourneyRequest).on_conflict_do_nothing().returning(JourneyRequest.id)
    return len(session.execute(made, rows).all())


def _current(session: Session, row: Journey) -> JourneyVersion:
    return repository.versions(session, row.id)[-1]


def _require(row: Journey, act: str) -> None:
    if row.state not in _FROM[act]:
        raise _wrong(row, act, _ACTS_ZH[act])


def _wrong(row: Journey, en: str, zh: str) -> JourneyStateWrong:
    return JourneyStateWrong(state=row.state, state_zh=_STATES_ZH[row.state], wanted_en=en, wanted_zh=zh)


def _now_ms(given: int | None) -> int:
    return time.time_ns() // 1_000_000 if given is None else given


def forget_erased(database: Database, project_id: str, person_ids: list[int]) -> None:
    """Delete the ways of erased people through journeys, and what was still to be done about them."""
    with database.session() as session:
        mine = select(Journey.id).where(Journey.project_id == project_id)
        for part in chunks(person_ids):
            for model in (JourneyEntry, JourneyRequest, JourneyDeed, JourneyTask):
                own = model.project_id == project_id if model is JourneyTask else model.journey_id.in_(mine)
                gone = delete(model).where(own, among(session, cast("Any", model.person_id), part))
                session.execute(gone.execution_options(synchronize_session=False))
