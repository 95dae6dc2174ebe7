"""Erasures are told to the webhooks that audiences are sent to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "audience_syncs", sa.Column("erased_ms", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("sync_deliveries", sa.Column("kind", sa.String(10), nullable=False, server_default="moves"))
    # Who was erased before is nobody that a sync of now would have been told of.
    op.execute("UPDATE audience_syncs SET erased_ms = sent_ms")
    for table, column in (("audience_syncs", "erased_ms"), ("sync_deliveries", "kind")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)


def downgrade() -> None:
    op.drop_column("sync_deliveries", "kind")
    op.drop_column("audience_syncs", "erased_ms")
