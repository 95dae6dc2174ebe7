"""Who saved drafts last, and how often they were saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_DRAFTS = ("journeys", "message_templates", "campaigns")


def upgrade() -> None:
    """Campaigns count already; the count of the others begins."""
    for table in _DRAFTS:
        op.add_column(table, sa.Column("saved_by", _JSON, nullable=True))
        op.add_column(table, sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
    for table in _DRAFTS[:2]:
        count: sa.Column[int] = sa.Column("revision", sa.Integer(), nullable=False, server_default="1")
        op.add_column(table, count)
        with op.batch_alter_table(table) as batch:
            batch.alter_column("revision", server_default=None)


def downgrade() -> None:
    """Forget it."""
    for table in _DRAFTS[:2]:
        op.drop_column(table, "revision")
    for table in _DRAFTS:
        op.drop_column(table, "saved_at")
        op.drop_column(table, "saved_by")
