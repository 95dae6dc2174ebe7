"""Taking a campaign from one state to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bihuan.access import Acting, Permission, PermissionMissing
from bihuan.campaigns.activity import log
from bihuan.campaigns.approvals.service import state_of
from bihuan.campaigns.errors import CampaignBlocked, StartNeedsApproval, TransitionImpossible
from bihuan.campaigns.findings import Finding, block, blocking
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.preflight.gaps import gaps, task_findings
from bihuan.campaigns.schemas import Verb
from bihuan.campaigns.service import get_campaign, plan_of
from bihuan.campaigns.states.transitions import TRANSITIONS, Check, Transition, state_words
from bihuan.campaigns.work.service import tasks
from bihuan.database import Database

_SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """Who wants which transition, and what is known when they ask.

    Attributes:
        permissions: what they may do in the project.
        at: now.
        audience_size: how many people it is for.
        readiness: what the preflight found, where the transition asks for it.
    """

    who: Acting
    permissions: frozenset[Permission]
    at: datetime
    audience_size: int = 0
    readiness: tuple[Finding, ...] = ()
    note: str = ""


def transition(
    database: Database,
    project_id: str,
    campaign_id: str,
    verb: Verb,
    asked: Asked,
    then: Callable[[Session, Campaign], None] = lambda _session, _row: None,
) -> None:
    """Take a campaign to another state; ``then`` is done in the same transaction.

    Raises:
        CampaignNotFound, PermissionMissing, TransitionImpossible, CampaignBlocked, StartNeedsApproval.
    """
    wanted = TRANSITIONS[verb]
    if wanted.permission not in asked.permissions:
        raise PermissionMissing(needed=wanted.permission)
    with database.session() as session:
        row = get_campaign(session, project_id, campaign_id, for_update=True)
        if row.status not in wanted.sources:
            raise TransitionImpossible(name=row.name, **state_words(row.status), **_words(wanted))
        for check in wanted.checks:
            _CHECKS[check](session, row, asked, wanted)
        before = row.status
        row.status = wanted.target
        _mark(row, verb, asked)
        then(session, row)
        session.flush()
        log(
            session,
            asked.who,
            row,
            wanted.done,
            {"note": asked.note} if asked.note else {},
            before={"status": before},
        )


def missing_in(session: Session, row: Campaign, now: datetime) -> list[Finding]:
    """What a campaign lacks by itself: in its plan, and required tasks."""
    undone = [each.title for each in session.scalars(tasks(row.id)) if each.required and each.state != "done"]
    return [*gaps(plan_of(row), now), *task_findings(undone)]


def _complete(session: Session, row: Campaign, asked: Asked, wanted: Transition) -> None:
    found = gaps(plan_of(row), asked.at)
    if "ready" in wanted.checks:
        found = missing_in(session, row, asked.at)
    _require(row, wanted, found)


def _approved(session: Session, row: Campaign, asked: Asked, wanted: Transition) -> None:
    state = state_of(session, row, audience_size=asked.audience_size)
    open_ = [
        block(
            "approval_missing",
            "approvals",
            (
                f"'{each.name}' needs {each.needed} of {', '.join(each.roles)}; {each.approved} agreed.",
                f"“{each.name}”需 {each.needed} 位（{'、'.join(each.roles)}）审批，已有 {each.approved} 位。",
            ),
            ("Ask them to decide.", "请联系审批人。"),
        )
        for each in state.demands
        if not each.met
    ]
    _require(row, wanted, open_)


def _may_start(session: Session, row: Campaign, asked: Asked, wanted: Transition) -> None:
    if "edit_data" in asked.permissions:
        return
    if not state_of(session, row, audience_size=asked.audience_size).demands:
        raise StartNeedsApproval(name=row.name)


def _ready(session: Session, row: Campaign, asked: Asked, wanted: Transition) -> None:
    _require(row, wanted, list(asked.readiness))


_CHECKS: dict[Check, Callable[[Session, Campaign, Asked, Transition], None]] = {
    "complete": _complete,
    "approved": _approved,
    "may_start": _may_start,
    "ready": _ready,
}


def _require(row: Campaign, wanted: Transition, found: list[Finding]) -> None:
    missing = blocking(found)
    if not missing:
        return
    reasons = {
        f"reasons_{language}": " ".join(getattr(each.message, language) for each in missing[:_SHOWN])
        for language in ("en", "zh")
    }
    raise CampaignBlocked(name=row.name, path=missing[0].path, **reasons, **_words(wanted))


def _words(wanted: Transition) -> dict[str, str]:
    return {"verb_en": wanted.words[0], "verb_zh": wanted.words[1]}


def _mark(row: Campaign, verb: Verb, asked: Asked) -> None:
    actor = asked.who.actor
    row.problem = None
    if verb == "submit":
        row.round += 1
        row.submitted_at = asked.at
        row.submitted_by = {"kind": actor.kind, "id": actor.id, "name": actor.name}
    elif verb == "start":
        row.started_at = asked.at
    elif verb == "finish":
        row.finished_at = asked.at
    elif verb == "evaluate":
        row.evaluated_at = asked.at
