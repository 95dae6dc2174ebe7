"""``/api/projects/{project_id}/warnings``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from bihuan.access import Caller, CallerSight, ControlDatabase, InsightEditor, Viewer, record_act
from bihuan.audiences.subjects import log_context
from bihuan.audiences.warnings import drops, service
from bihuan.audiences.warnings.models import DropWarning, WarningRule
from bihuan.audiences.warnings.schemas import Checked, RuleChange, RuleInput, RuleOutput, WarningOutput
from bihuan.database import Page, utc_now
from bihuan.insights import Cursor, Identifier, Limit, PersonBehind, author_of, newest_first
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/warnings", tags=["audiences"])


@router.get("")
def list_warnings(
    caller: Viewer,
    database: ControlDatabase,
    acknowledged: Annotated[bool | None, Query(description="Only those that are, or are not.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[WarningOutput]:
    """The warnings, the newest first."""
    wanted = service.warnings(caller.project.id)
    if acknowledged is not None:
        done = DropWarning.acknowledged_at.is_not(None)
        wanted = wanted.where(done if acknowledged else ~done)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, DropWarning.id, cursor, limit)
    return Page(items=[WarningOutput.model_validate(row) for row in rows], next_cursor=after)


@router.get("/rules")
def list_rules(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[RuleOutput]:
    """What is watched, the newest first."""
    with database.read_session() as session:
        wanted = service.rules(caller.project.id)
        rows, after = newest_first(session, wanted, WarningRule.id, cursor, limit)
    return Page(items=[RuleOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/rules", status_code=201)
def create_rule(
    caller: InsightEditor, database: ControlDatabase, request: Request, body: RuleInput
) -> RuleOutput:
    """Watch a tag: after each refresh, whether more valuable people than usual dropped to a worse value."""
    store = _people(request, caller.project.id).store
    row = service.create_rule(database, caller.project, store, author_of(caller), body)
    _record(database, caller, "warning_rule.created", row.id, after=body.model_dump(mode="json"))
    return RuleOutput.model_validate(row)


@router.get("/rules/{rule_id}")
def get_rule(caller: Viewer, database: ControlDatabase, rule_id: Identifier) -> RuleOutput:
    """One of them."""
    with database.read_session() as session:
        return RuleOutput.model_validate(service.get_rule(session, caller.project.id, rule_id))


@router.patch("/rules/{rule_id}")
def change_rule(
    caller: InsightEditor, database: ControlDatabase, request: Request, rule_id: Identifier, body: RuleChange
) -> RuleOutput:
    """Give a rule new values; warnings that were given stay as they are."""
    store = _people(request, caller.project.id).store
    before, after = service.change_rule(database, caller.project, store, rule_id, body)
    _record(database, caller, "warning_rule.changed", rule_id, before=before, after=after)
    with database.read_session() as session:
        return RuleOutput.model_validate(service.get_rule(session, caller.project.id, rule_id))


@router.delete("/rules/{rule_id}", status_code=204)
def delete_rule(caller: InsightEditor, database: ControlDatabase, rule_id: Identifier) -> None:
    """Watch it no more; its warnings are deleted, too."""
    with database.session() as session:
        row = service.get_rule(session, caller.project.id, rule_id)
        name = row.name
        session.delete(row)
    _record(database, caller, "warning_rule.deleted", rule_id, before={"name": name})


@router.post("/rules/{rule_id}/check")
def check_rule(
    caller: InsightEditor, database: ControlDatabase, request: Request, rule_id: Identifier
) -> Checked:
    """Compare the current day, week or month with those before, now."""
    with database.read_session() as session:
        rule = service.get_rule(session, caller.project.id, rule_id)
    return service.check(database, caller.project, _people(request, caller.project.id).store, rule)


@router.post("/{warning_id}/acknowledge")
def acknowledge(caller: InsightEditor, database: ControlDatabase, warning_id: Identifier) -> WarningOutput:
    """Say that somebody looks after it; the first who does stays."""
    with database.session() as session:
        row = service.get_warning(session, caller.project.id, warning_id)
        first = row.acknowledged_at is None
        if first:
            row.acknowledged_at, row.acknowledged_by = utc_now(), author_of(caller).model_dump()
        session.flush()
        shown = WarningOutput.model_validate(row)
    if first:
        target = ("warning", warning_id)
        record_act(database, caller, "warning.acknowledged", target, project_id=caller.project.id)
    return shown


@router.get("/{warning_id}/people")
def warned_people(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    warning_id: Identifier,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Who dropped, by person id."""
    with database.read_session() as session:
        row = service.get_warning(session, caller.project.id, warning_id)
        rule = service.as_counted(service.get_rule(session, caller.project.id, row.rule_id), row)
    people = _people(request, caller.project.id)
    ctx = log_context(caller.project, people.store)
    span = service.span_of(ctx, rule, row.start)
    after = int(cursor) if cursor else None
    ids = drops.page_of(people.store, ctx, rule, span, after=after, limit=limit + 1)
    shown = people.summaries(ids[:limit])
    sight.saw("warning", warning_id, of=[each.seen() for each in shown])
    items = [PersonBehind.of(each, sight.mask) for each in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


def _record(
    database: ControlDatabase,
    caller: Caller,
    action: str,
    rule_id: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    target = ("warning_rule", rule_id)
    record_act(database, caller, action, target, project_id=caller.project.id, before=before, after=after)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people
