"""Queries on campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.campaigns.models import Campaign, CampaignActivity, CampaignComment, CampaignCost
from bihuan.insights import contains


def campaigns(
    project_id: str, *, search: str | None = None, status: Sequence[str] = (), lever: str | None = None
) -> Select[Campaign]:
    """The campaigns of a project."""
    statement = select(Campaign).where(Campaign.project_id == project_id)
    if search:
        statement = statement.where(contains(Campaign.name, search))
    if status:
        statement = statement.where(Campaign.status.in_(status))
    return statement if lever is None else statement.where(Campaign.lever == lever)


def find_campaign(
    session: Session, project_id: str, campaign_id: str, *, for_update: bool = False
) -> Campaign | None:
    """The campaign, when it is of this project."""
    wanted = campaigns(project_id).where(Campaign.id == campaign_id)
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def activities(campaign_id: str) -> Select[CampaignActivity]:
    """What was done to a campaign."""
    return select(CampaignActivity).where(CampaignActivity.campaign_id == campaign_id)


def comments(campaign_id: str) -> Select[CampaignComment]:
    """What was said about a campaign."""
    return select(CampaignComment).where(CampaignComment.campaign_id == campaign_id)


def costs(campaign_id: str) -> Select[CampaignCost]:
    """The lines of money of a campaign, in order."""
    wanted = select(CampaignCost).where(CampaignCost.campaign_id == campaign_id)
    return wanted.order_by(CampaignCost.id)


def cost_sums(session: Session, campaign_ids: Sequence[str]) -> dict[tuple[str, str], float]:
    """The sum of money by campaign and kind."""
    group = (CampaignCost.campaign_id, CampaignCost.kind)
    wanted = select(*group, func.sum(CampaignCost.amount)).where(CampaignCost.campaign_id.in_(campaign_ids))
    return {
        (campaign, kind): float(total) for campaign, kind, total in session.execute(wanted.group_by(*group))
    }
