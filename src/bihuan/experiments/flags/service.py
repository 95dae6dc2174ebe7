"""Defining flags."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.audiences.subjects import check_definition
from bihuan.database import new_id, utc_now
from bihuan.experiments import service as experiments
from bihuan.experiments.errors import FlagInvalid, FlagNotFound, NameTaken
from bihuan.experiments.flags.definitions import Definition, Environment, Rule
from bihuan.experiments.flags.models import Flag
from bihuan.experiments.flags.schemas import FlagChange, FlagInput
from bihuan.experiments.measuring import Exposed
from bihuan.insights import Author
from bihuan.warehouse import ProjectStore


def flags(project_id: str) -> Select[Flag]:
    """The flags of a project."""
    return select(Flag).where(Flag.project_id == project_id)


def get_flag(session: Session, project_id: str, key: str, *, for_update: bool = False) -> Flag:
    """One flag. Raises ``FlagNotFound``."""
    statement = flags(project_id).where(Flag.key == key)
    found = session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise FlagNotFound(key=key)
    return found


def create_flag(
    session: Session, project: Project, store: ProjectStore, author: Author, given: FlagInput
) -> Flag:
    """Define a flag.

    Raises:
        NameTaken, FlagInvalid, ExperimentNotFound, and what ``check_definition`` raises.
    """
    if session.scalar(flags(project.id).where(Flag.key == given.key)) is not None:
        raise NameTaken(name=given.key, path="key")
    by = author.model_dump()
    row = Flag(id=new_id(), project_id=project.id, key=given.key, created_by=by, updated_by=by)
    row.name, row.description = given.name, given.description
    row.definition = _checked(session, project, store, given.definition)
    session.add(row)
    session.flush()
    return row


def change_flag(
    session: Session, project: Project, store: ProjectStore, key: str, author: Author, change: FlagChange
) -> Flag:
    """Define it anew; software is told within seconds. Raises as :func:`create_flag`, and FlagNotFound."""
    row = get_flag(session, project.id, key, for_update=True)
    if change.definition is not None:
        row.definition = _checked(session, project, store, change.definition)
        row.version += 1
    row.name = row.name if change.name is None else change.name
    row.description = row.description if change.description is None else change.description
    row.updated_by, row.updated_at = author.model_dump(), utc_now()
    session.flush()
    return row


def switch_flag(
    session: Session, project_id: str, key: str, author: Author, environment: str, enabled: bool
) -> Flag:
    """Switch it on or off in an environment. Raises FlagNotFound, FlagInvalid (no such environment)."""
    row = get_flag(session, project_id, key, for_update=True)
    environments = row.definition["environments"]
    if environment not in environments:
        raise FlagInvalid(
            reason_en=f"The flag has no environment '{environment}'.",
            reason_zh=f"该开关没有名为“{environment}”的环境。",
            path="environment",
        )
    changed = {**environments, environment: {**environments[environment], "enabled": enabled}}
    row.definition = {**row.definition, "environments": changed}
    row.version += 1
    row.updated_by, row.updated_at = author.model_dump(), utc_now()
    session.flush()
    return row


def _checked(session: Session, project: Project, store: ProjectStore, given: Definition) -> dict[str, Any]:
    for experiment_id in given.experiments:
        row = experiments.get_experiment(session, project.id, experiment_id)
        plan = experiments.plan_of(row)
        missing = sorted(set(plan.shares) - set(given.variants))
        if missing:
            raise FlagInvalid(
                reason_en=f"The experiment '{row.name}' has variants the flag has not: {', '.join(missing)}.",
                reason_zh=f"实验「{row.name}」中有该开关没有的组：{'、'.join(missing)}。",
                path="definition.variants",
            )
        if not isinstance(plan.source, Exposed):
            raise FlagInvalid(
                reason_en=f"The experiment '{row.name}' is not shown by flags: its source is another.",
                reason_zh=f"实验「{row.name}」的来源不是功能开关，不能由开关投放。",
                path="definition.environments",
            )
    for name, environment in given.environments.items():
        with session.no_autoflush:
            _check_rules(session, project, store, name, environment)
    stored: dict[str, Any] = json.loads(given.model_dump_json())
    return stored


def _check_rules(
    session: Session, project: Project, store: ProjectStore, name: str, environment: Environment
) -> None:
    """References and windows must be there; properties of people may be attributes that nobody stored."""
    for index, rule in enumerate(environment.rules):
        if rule.condition is None or _asks_people_only(rule):
            continue
        path = f"definition.environments.{name}.rules[{index}].condition"
        check_definition(session, project, store, "", rule.condition, path)


def _asks_people_only(rule: Rule) -> bool:
    text = json.dumps(rule.model_dump(mode="json")["condition"])
    return not any(f'"kind": "{kind}"' in text for kind in ("did", "occurrence", "sequence")) and not any(
        f'"scope": "{scope}"' in text for scope in ("tag", "audience")
    )
