"""Where audiences are sent to, and each time they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audience_syncs",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.String(26), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(10), nullable=True),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("properties", _JSON, nullable=False),
        sa.Column("unmask", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.Column("next_at", _TIME, nullable=True),
        sa.Column("error", _JSON, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audience_syncs"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_audience_syncs_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_audience_syncs_project_id", "audience_syncs", ["project_id"])
    op.create_index("ix_audience_syncs_subject_id", "audience_syncs", ["subject_id"])
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "sync_deliveries",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("sync_id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", _JSON, nullable=True),
        sa.Column("after_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("after_person", sa.String(20), nullable=True),
        sa.Column("until_person", sa.String(20), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(200), nullable=True),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_deliveries"),
        sa.ForeignKeyConstraint(
            ["sync_id"],
            ["audience_syncs.id"],
            name="fk_sync_deliveries_sync_id_audience_syncs",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_sync_deliveries_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sync_deliveries_sync_id", "sync_deliveries", ["sync_id"])
    op.create_index("ix_sync_deliveries_project_id", "sync_deliveries", ["project_id"])


def downgrade() -> None:
    op.drop_table("sync_deliveries")
    op.drop_table("audience_syncs")
