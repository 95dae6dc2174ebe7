"""Who answers for a campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Campaigns so far have nobody named."""
    op.add_column("campaigns", sa.Column("owner_id", sa.String(26), nullable=True))
    op.add_column(
        "campaigns", sa.Column("owner_name", sa.String(200), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("campaigns", "owner_name")
    op.drop_column("campaigns", "owner_id")
