"""Which rules apply to a campaign, and whether those they name agreed."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.access import Caller, record_change
from bihuan.campaigns import repository
from bihuan.campaigns.activity import log
from bihuan.campaigns.approvals.errors import (
    AlreadyDecided,
    ApprovalNotAsked,
    ApprovalRuleNotFound,
    ApproverIsAuthor,
    ApproverNotFit,
)
from bihuan.campaigns.approvals.models import Approval, ApprovalRule
from bihuan.campaigns.approvals.schemas import (
    ApprovalState,
    DecisionInput,
    DecisionOutput,
    Demand,
    RuleInput,
)
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import Plan
from bihuan.campaigns.states.transitions import state_words
from bihuan.database import new_id
from bihuan.insights import author_of


def rules(project_id: str) -> Select[ApprovalRule]:
    """The rules of a project."""
    return select(ApprovalRule).where(ApprovalRule.project_id == project_id)


def create_rule(session: Session, caller: Caller, given: RuleInput) -> ApprovalRule:
    """Make a rule; it holds for campaigns that are in review already, too."""
    row = ApprovalRule(project_id=caller.project.id, created_by=author_of(caller).model_dump())
    for name, value in given.model_dump().items():
        setattr(row, name, value)
    row.id = new_id()
    session.add(row)
    _record(session, caller, "created", row.id, after=given.model_dump())
    return row


def delete_rule(session: Session, caller: Caller, rule_id: str) -> None:
    """Delete a rule. Raises ``ApprovalRuleNotFound``."""
    row = session.scalar(rules(caller.project.id).where(ApprovalRule.id == rule_id))
    if row is None:
        raise ApprovalRuleNotFound(rule_id=rule_id)
    before = {"name": row.name, "roles": row.roles, "needed": row.needed}
    session.delete(row)
    _record(session, caller, "deleted", rule_id, before=before)


def state_of(session: Session, row: Campaign, *, audience_size: int = 0) -> ApprovalState:
    """Who has to agree to a campaign as it was submitted last, and who did.

    Args:
        audience_size: how many people it is for, where that is known; the expected reach may be higher.
    """
    plan = Plan.model_validate(row.plan)
    planned = repository.cost_sums(session, [row.id]).get((row.id, "planned"), 0.0)
    budget = max(plan.budget or 0.0, planned)
    reach = max(plan.hypothesis.reach or 0, audience_size)
    decided = list(
        session.scalars(
            select(Approval)
            .where(Approval.campaign_id == row.id, Approval.round == row.round)
            .order_by(Approval.id)
        )
    )
    applying = [each for each in session.scalars(rules(row.project_id)) if _applies(each, budget, reach)]
    demands = [_demand(each, decided) for each in applying]
    return ApprovalState(
        budget=budget,
        reach=reach,
        approved=all(each.met for each in demands),
        demands=demands,
        decisions=[DecisionOutput.model_validate(each) for each in decided],
    )


def decide(
    session: Session, caller: Caller, row: Campaign, given: DecisionInput, *, audience_size: int = 0
) -> ApprovalState:
    """Agree to a campaign in review, or refuse it: then it is a draft again.

    Raises:
        ApprovalNotAsked, ApproverNotFit, ApproverIsAuthor, AlreadyDecided.
    """
    if row.status != "review":
        raise ApprovalNotAsked(name=row.name, **state_words(row.status))
    state = state_of(session, row, audience_size=audience_size)
    roles = sorted({role for each in state.demands for role in each.roles})
    role = caller.holder.role_in(caller.project.id)
    member = caller.holder.member_id
    if role is None or member is None or role not in roles:
        raise ApproverNotFit(name=row.name, roles=", ".join(roles) or "-")
    involved = {each["id"] for each in (row.submitted_by, row.updated_by) if each is not None}
    if member in involved:
        raise ApproverIsAuthor(name=row.name)
    if any(each.member_id == member for each in state.decisions):
        raise AlreadyDecided(name=row.name)
    session.add(
        Approval(
            campaign_id=row.id,
            round=row.round,
            member_id=member,
            member_name=caller.actor.name,
            role=role,
            decision=given.decision,
            note=given.note,
        )
    )
    if given.decision == "rejected":
        row.status = "draft"
    session.flush()
    log(session, caller, row, given.decision, {"note": given.note, "role": role, "round": row.round})
    return state_of(session, row, audience_size=audience_size)


def _applies(rule: ApprovalRule, budget: float, reach: int) -> bool:
    if rule.budget_above is None and rule.reach_above is None:
        return True
    over_budget = rule.budget_above is not None and budget > rule.budget_above
    return over_budget or (rule.reach_above is not None and reach > rule.reach_above)


def _demand(rule: ApprovalRule, decided: list[Approval]) -> Demand:
    agreed = sum(each.decision == "approved" and each.role in rule.roles for each in decided)
    met = agreed >= rule.needed
    values = {"rule_id": rule.id, "name": rule.name, "roles": rule.roles, "needed": rule.needed}
    return Demand.model_validate({**values, "approved": agreed, "met": met})


def _record(
    session: Session,
    caller: Caller,
    done: str,
    rule_id: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    action, target = f"campaign_approval_rule.{done}", ("campaign_approval_rule", rule_id)
    project_id = caller.project.id
    record_change(session, caller, action, target, project_id=project_id, before=before, after=after)
