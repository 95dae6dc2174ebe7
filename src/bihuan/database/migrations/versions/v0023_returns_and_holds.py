"""How reports about messages come back; occurrences of the outbox that are held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TEXTS = sa.text("medium = 'sms'")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "message_channel_returns",
        sa.Column("channel_id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("polled_ms", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(500), nullable=True),
        sa.Column("heard_ms", sa.BigInteger(), nullable=True),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name="pk_message_channel_returns"),
        _key("message_channel_returns", "channel_id", "message_channels"),
        _key("message_channel_returns", "project_id", "projects"),
    )
    op.create_index("ix_message_channel_returns_project_id", "message_channel_returns", ["project_id"])
    op.create_table(
        "outbox_holds",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("occurrence", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "occurrence", name="pk_outbox_holds"),
        _key("outbox_holds", "project_id", "projects"),
    )
    op.execute(
        "INSERT INTO outbox_holds (project_id, occurrence) "
        "SELECT DISTINCT project_id, occurrence FROM outbox WHERE state = 'held'"
    )
    op.create_index(
        "ix_outbox_provider_id",
        "outbox",
        ["channel_id", "provider_id"],
        postgresql_where=_TEXTS,
        sqlite_where=_TEXTS,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_provider_id", "outbox")
    op.drop_table("outbox_holds")
    op.drop_table("message_channel_returns")
