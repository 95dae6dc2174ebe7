"""What a warning was counted by, once its rule was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("counted_by", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True)
    op.add_column("drop_warnings", column)


def downgrade() -> None:
    op.drop_column("drop_warnings", "counted_by")
