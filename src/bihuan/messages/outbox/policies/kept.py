"""The rules of sending that a project has."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bihuan.messages.outbox.models import MessagePolicy
from bihuan.messages.outbox.policies.settings import PolicySettings


def policy_of(session: Session, project_id: str) -> PolicySettings:
    """How a project wants its messages sent."""
    row = session.get(MessagePolicy, project_id)
    return PolicySettings() if row is None else PolicySettings.model_validate(row.settings)
