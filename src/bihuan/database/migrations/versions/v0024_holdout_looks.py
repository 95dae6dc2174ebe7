"""Readings of the global holdout."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "holdout_looks",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("question_key", sa.String(16), nullable=False),
        sa.Column("question", _JSON, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("reading", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holdout_looks"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_holdout_looks_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_holdout_looks_project_id_since", "holdout_looks", ["project_id", "since"])


def downgrade() -> None:
    op.drop_table("holdout_looks")
