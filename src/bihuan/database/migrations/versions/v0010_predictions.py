"""Runs of models: what they learned, or why they refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "predictions",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("tag_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("report", _JSON, nullable=True),
        sa.Column("refusal", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_predictions"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_predictions_project_id_projects", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name="fk_predictions_tag_id_tags", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_predictions_project_id", "predictions", ["project_id"])
    op.create_index("ix_predictions_tag_id", "predictions", ["tag_id"])


def downgrade() -> None:
    op.drop_table("predictions")
