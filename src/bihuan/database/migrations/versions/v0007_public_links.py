"""Public links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_public_links_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "public_links",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("insight_id", sa.String(26), nullable=True),
        sa.Column("dashboard_id", sa.String(26), nullable=True),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("token_ending", sa.String(4), nullable=False),
        sa.Column("period", _JSON, nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_links"),
        _to("project_id", "projects"),
        _to("insight_id", "insights"),
        _to("dashboard_id", "dashboards"),
        sa.UniqueConstraint("token_sha256", name="uq_public_links_token_sha256"),
        sa.CheckConstraint(
            "(insight_id IS NULL) <> (dashboard_id IS NULL)", name=op.f("ck_public_links_one_target")
        ),
    )
    for column in ("project_id", "insight_id", "dashboard_id"):
        op.create_index(f"ix_public_links_{column}", "public_links", [column])


def downgrade() -> None:
    op.drop_table("public_links")
