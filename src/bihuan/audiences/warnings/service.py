"""Rules of warnings: made, checked after each refresh, and what they found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.calendar import DateUnit, day_start_ms, local_date, shift_units, unit_start
from bihuan.analytics.conditions import AnyCondition
from bihuan.audiences.refreshing import Run, Version
from bihuan.audiences.subjects import check_definition, condition_adapter, log_context
from bihuan.audiences.tags.service import get_tag
from bihuan.audiences.warnings import drops
from bihuan.audiences.warnings.errors import WarningNotFound, WarningRuleNotFound
from bihuan.audiences.warnings.models import DropWarning, WarningCount, WarningRule
from bihuan.audiences.warnings.schemas import Checked, Counted, RuleChange, RuleInput
from bihuan.database import Database, new_id, utc_now
from bihuan.insights import Author
from bihuan.kernel.errors import BihuanError
from bihuan.stats.drops import unusual_drop
from bihuan.warehouse import ProjectStore


def rules(project_id: str) -> Select[WarningRule]:
    """The rules of a project."""
    return select(WarningRule).where(WarningRule.project_id == project_id)


def warnings(project_id: str) -> Select[DropWarning]:
    """The warnings of a project."""
    return select(DropWarning).where(DropWarning.project_id == project_id)


def get_rule(session: Session, project_id: str, rule_id: str) -> WarningRule:
    """One rule. Raises ``WarningRuleNotFound``."""
    found = session.scalar(rules(project_id).where(WarningRule.id == rule_id))
    if found is None:
        raise WarningRuleNotFound(rule_id=rule_id)
    return found


def get_warning(session: Session, project_id: str, warning_id: str) -> DropWarning:
    """One warning. Raises ``WarningNotFound``."""
    found = session.scalar(warnings(project_id).where(DropWarning.id == warning_id))
    if found is None:
        raise WarningNotFound(warning_id=warning_id)
    return found


def create_rule(
    database: Database, project: Project, store: ProjectStore, author: Author, given: RuleInput
) -> WarningRule:
    """Watch a tag from now on.

    Raises:
        TagNotFound, and what ``check_definition`` raises.
    """
    row = WarningRule(id=new_id(), project_id=project.id, created_by=author.model_dump())
    with database.session() as session:
        get_tag(session, project.id, given.tag_id)
        for name, value in given.model_dump(exclude={"valuable"}).items():
            setattr(row, name, value)
        row.valuable = _checked(session, project, store, row.id, given.valuable)
        session.add(row)
        session.flush()
        session.expunge(row)
    return row


def change_rule(
    database: Database, project: Project, store: ProjectStore, rule_id: str, change: RuleChange
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a rule new values; returns what they were and are.

    Raises:
        WarningRuleNotFound, and what ``check_definition`` raises.
    """
    given = change.model_dump(mode="json", exclude_none=True, exclude={"valuable"})
    with database.session() as session:
        row = get_rule(session, project.id, rule_id)
        if "valuable" in change.model_fields_set:
            given["valuable"] = _checked(session, project, store, row.id, change.valuable)
        before = {name: getattr(row, name) for name in given}
        held = counted_by(row)
        for name, value in given.items():
            setattr(row, name, value)
        if counted_by(row) != held:
            _keep_counted(session, row.id, held)
            row.checked_at = None
        row.error = None
    return before, given


def counted_by(rule: WarningRule) -> dict[str, Any]:
    """What says who is counted, and from when until when."""
    return {"order": rule.order, "valuable": rule.valuable, "unit": rule.unit}


def as_counted(rule: WarningRule, warning: DropWarning) -> WarningRule:
    """The rule of a warning as it was when the warning was given; not of any session."""
    held = warning.counted_by or counted_by(rule)
    return WarningRule(id=rule.id, project_id=rule.project_id, tag_id=rule.tag_id, **held)


def _keep_counted(session: Session, rule_id: str, held: dict[str, Any]) -> None:
    given = select(DropWarning).where(DropWarning.rule_id == rule_id)
    for each in session.scalars(given):
        each.counted_by = each.counted_by or held
    session.execute(delete(WarningCount).where(WarningCount.rule_id == rule_id))


def _checked(
    session: Session, project: Project, store: ProjectStore, rule_id: str, given: AnyCondition | None
) -> dict[str, Any] | None:
    if given is None:
        return None
    check_definition(session, project, store, rule_id, given, "valuable")
    stored: dict[str, Any] = condition_adapter.dump_python(given, mode="json")
    return stored


def check(database: Database, project: Project, store: ProjectStore, rule: WarningRule) -> Checked:
    """Compare the current day, week or month with those before, and keep a warning if it is unusual.

    Raises:
        DataInsufficient, and what the engine raises.
    """
    ctx = log_context(project, store)
    unit: DateUnit = rule.unit  # type: ignore[assignment]
    now = unit_start(local_date(ctx.now_ms, ctx.zone), unit, ctx.first_weekday)
    with database.read_session() as session:
        starts = _comparable(session, rule, ctx, now)
        known = {
            row.start: row
            for row in session.scalars(select(WarningCount).where(WarningCount.rule_id == rule.id))
        }
    before = [_counted(known[each]) if each in known else _count(store, ctx, rule, each) for each in starts]
    current = _count(store, ctx, rule, now)
    with database.session() as session:
        for each in before:
            if each.start not in known:
                session.merge(WarningCount(rule_id=rule.id, **each.model_dump()))
    pairs = [(each.dropped, each.people) for each in before]
    found = unusual_drop(current.dropped, current.people, pairs, false_alarms=rule.false_alarms)
    checked = Checked(
        now=current,
        before=before,
        expected=found.expected,
        critical=found.critical,
        p_value=found.p_value,
        unusual=found.unusual,
    )
    if found.unusual:
        _keep(database, rule, checked)
    _was_checked(database, rule.id, None)
    return checked


def check_of_tag(database: Database, project: Project, store: ProjectStore, tag_id: str) -> int:
    """Check the rules of a tag that was refreshed; returns how many warn. A failure is written down."""
    with database.read_session() as session:
        found = list(session.scalars(rules(project.id).where(WarningRule.tag_id == tag_id)))
    unusual = 0
    for rule in found:
        try:
            unusual += check(database, project, store, rule).unusual
        except BihuanError as raised:
            said = {"code": raised.code, "en": raised.message("en"), "zh": raised.message("zh")}
            _was_checked(database, rule.id, {**said, "at": utc_now().isoformat()})
    return unusual


def _was_checked(database: Database, rule_id: str, error: dict[str, Any] | None) -> None:
    with database.session() as session:
        row = session.get(WarningRule, rule_id)
        if row is not None:
            row.checked_at, row.error = utc_now(), error


def forget_counts(database: Database, tag_id: str) -> None:
    """Have the past of a tag counted anew, after its history was replaced."""
    of_tag = select(WarningRule.id).where(WarningRule.tag_id == tag_id)
    with database.session() as session:
        session.execute(delete(WarningCount).where(WarningCount.rule_id.in_(of_tag)))


def span_of(ctx: ProjectContext, rule: WarningRule, start: date) -> drops.Span:
    """The instants of the day, week or month that begins on a date, until now at most."""
    unit: DateUnit = rule.unit  # type: ignore[assignment]
    end = day_start_ms(shift_units(start, unit, 1), ctx.zone)
    return day_start_ms(start, ctx.zone), min(end, ctx.now_ms + 1)


def _comparable(session: Session, rule: WarningRule, ctx: ProjectContext, now: date) -> list[date]:
    """The past starts in which the tag was found out, as it is defined now, except for the first.

    Those in which its definition changed are left out: then people move for no reason of theirs.
    """
    unit: DateUnit = rule.unit  # type: ignore[assignment]

    def start_of(moment: datetime) -> date:
        return unit_start(local_date(round(moment.timestamp() * 1000), ctx.zone), unit, ctx.first_weekday)

    runs = select(Run.at).where(Run.subject_id == rule.tag_id, Run.error.is_(None))
    changed = select(Version.created_at).where(Version.subject_id == rule.tag_id, Version.version > 1)
    found = sorted({start_of(each) for each in session.scalars(runs)})[1:]
    odd = {start_of(each) for each in session.scalars(changed)}
    oldest = shift_units(now, unit, -rule.history)
    return [each for each in found if oldest <= each < now and each not in odd]


def _count(store: ProjectStore, ctx: ProjectContext, rule: WarningRule, start: date) -> Counted:
    dropped, people = drops.count(store, ctx, rule, span_of(ctx, rule, start))
    return Counted(start=start, dropped=dropped, people=people)


def _counted(row: WarningCount) -> Counted:
    return Counted(start=row.start, dropped=row.dropped, people=row.people)


def _keep(database: Database, rule: WarningRule, checked: Checked) -> None:
    figures = checked.model_dump(include={"expected", "critical", "p_value"})
    with database.session() as session:
        same = select(DropWarning).where(
            DropWarning.rule_id == rule.id, DropWarning.start == checked.now.start
        )
        row = session.scalar(same)
        if row is None:
            row = DropWarning(rule_id=rule.id, project_id=rule.project_id)
            session.add(row)
        row.counted_by = None
        for name, value in {**figures, **checked.now.model_dump()}.items():
            setattr(row, name, value)
