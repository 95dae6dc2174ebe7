"""What a message costs by channel; who changed a template last, and templates that are out of the way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("message_channels", sa.Column("cost_per_message", sa.Double(), nullable=True))
    op.add_column("message_templates", sa.Column("changed_by", _JSON, nullable=True))
    archived: sa.Column[bool] = sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("message_templates", archived)
    with op.batch_alter_table("message_templates") as batch:
        batch.alter_column("archived", server_default=None)


def downgrade() -> None:
    op.drop_column("message_templates", "archived")
    op.drop_column("message_templates", "changed_by")
    op.drop_column("message_channels", "cost_per_message")
