"""Writing down what is done: for the readers of one campaign, and in the audit log."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bihuan.access import Acting, Actor, Visitor, record_change
from bihuan.campaigns.models import Campaign, CampaignActivity

BIHUAN = Visitor(Actor("system", "campaigns", "Bihuan"), "local")
"""Who does what happens by itself, when its time has come."""


def log(
    session: Session,
    who: Acting,
    row: Campaign,
    action: str,
    details: dict[str, Any] | None = None,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    """Add a line to a campaign's activity and a record to the audit log, in this transaction.

    Args:
        action: what was done in the past tense, as ``started``; the audit log has ``campaign.started``.
        details: what it is now; no personal data of people in the log.
    """
    actor = {"kind": who.actor.kind, "id": who.actor.id, "name": who.actor.name}
    session.add(CampaignActivity(campaign_id=row.id, actor=actor, action=action, details=details or {}))
    target = ("campaign", row.id)
    record_change(
        session,
        who,
        f"campaign.{action}",
        target,
        project_id=row.project_id,
        before=before,
        after={"name": row.name, **(details or {})},
    )
