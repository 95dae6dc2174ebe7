"""What members say about a campaign, and what it costs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bihuan.access import Caller
from bihuan.campaigns import repository
from bihuan.campaigns.activity import log
from bihuan.campaigns.errors import CampaignFixed, CommentNotFound, CostNotFound
from bihuan.campaigns.models import Campaign, CampaignComment, CampaignCost
from bihuan.campaigns.plan.schemas import Plan
from bihuan.campaigns.schemas import CostInput, CostOutput, Money
from bihuan.campaigns.states.transitions import state_words
from bihuan.database import utc_now
from bihuan.insights import author_of


def add_comment(session: Session, caller: Caller, row: Campaign, text: str) -> CampaignComment:
    """Say something about a campaign."""
    comment = CampaignComment(campaign_id=row.id, text=text, author=author_of(caller).model_dump())
    session.add(comment)
    session.flush()
    log(session, caller, row, "commented", {"comment": comment.id})
    return comment


def change_comment(
    session: Session, caller: Caller, row: Campaign, comment_id: str, text: str
) -> CampaignComment:
    """Put one's own comment otherwise. Raises ``CommentNotFound``."""
    comment = _own(session, caller, row, comment_id)
    comment.text, comment.edited_at = text, utc_now()
    session.flush()
    log(session, caller, row, "comment_changed", {"comment": comment_id})
    return comment


def delete_comment(session: Session, caller: Caller, row: Campaign, comment_id: str) -> None:
    """Take one's own comment back. Raises ``CommentNotFound``."""
    session.delete(_own(session, caller, row, comment_id))
    session.flush()
    log(session, caller, row, "comment_deleted", {"comment": comment_id})


def money_of(session: Session, row: Campaign, currency: str) -> Money:
    """What a campaign is planned to cost and did."""
    lines = [CostOutput.model_validate(each) for each in session.scalars(repository.costs(row.id))]
    sums = {kind: sum(each.amount for each in lines if each.kind == kind) for kind in ("planned", "actual")}
    budget = Plan.model_validate(row.plan).budget
    return Money(currency=currency, budget=budget, lines=lines, **sums)


def add_cost(session: Session, caller: Caller, row: Campaign, given: CostInput) -> CampaignCost:
    """Add a line of money. Raises ``CampaignFixed``: a planned one is part of what is approved."""
    _check_open(row, given.kind)
    cost = CampaignCost(campaign_id=row.id, created_by=author_of(caller).model_dump(), **given.model_dump())
    session.add(cost)
    if given.kind == "planned":
        row.updated_by, row.updated_at = author_of(caller).model_dump(), utc_now()
    session.flush()
    log(session, caller, row, "cost_added", given.model_dump(mode="json", exclude={"spent_at"}))
    return cost


def delete_cost(session: Session, caller: Caller, row: Campaign, cost_id: str) -> None:
    """Take a line of money out. Raises ``CostNotFound``, ``CampaignFixed``."""
    cost = session.get(CampaignCost, cost_id)
    if cost is None or cost.campaign_id != row.id:
        raise CostNotFound(cost_id=cost_id)
    _check_open(row, cost.kind)
    before = {"label": cost.label, "kind": cost.kind, "amount": cost.amount}
    session.delete(cost)
    session.flush()
    log(session, caller, row, "cost_deleted", before=before)


def _check_open(row: Campaign, kind: str) -> None:
    if kind == "planned" and row.status != "draft":
        raise CampaignFixed(name=row.name, path="kind", **state_words(row.status))


def _own(session: Session, caller: Caller, row: Campaign, comment_id: str) -> CampaignComment:
    comment = session.get(CampaignComment, comment_id)
    by = author_of(caller)
    same = comment is not None and (comment.author["kind"], comment.author["id"]) == (by.kind, by.id)
    if comment is None or comment.campaign_id != row.id or not same:
        raise CommentNotFound(comment_id=comment_id)
    return comment
