"""The tracking plan: settings, events, properties, violations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _project(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["project_id"], ["projects.id"], name=f"fk_{table}_project_id_projects", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "catalog_settings",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("unknown_events", sa.String(10), nullable=False),
        sa.Column("unknown_properties", sa.String(10), nullable=False),
        sa.Column("learned_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_catalog_settings"),
        _project("catalog_settings"),
    )
    _events()
    _properties()
    op.create_table(
        "catalog_violations",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("event", sa.String(255), nullable=False),
        sa.Column("path", sa.String(275), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_violations"),
        _project("catalog_violations"),
        sa.UniqueConstraint(
            "project_id", "event", "path", "reason", name="uq_catalog_violations_project_id_event_path_reason"
        ),
    )


def _events() -> None:
    op.create_table(
        "catalog_events",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("seen_count", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_events"),
        _project("catalog_events"),
        sa.UniqueConstraint("project_id", "name", name="uq_catalog_events_project_id_name"),
    )


def _properties() -> None:
    op.create_table(
        "catalog_properties",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("event_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("type", sa.String(12), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("choices", _JSON, nullable=True),
        sa.Column("pattern", sa.Text(), nullable=True),
        sa.Column("minimum", sa.Float(), nullable=True),
        sa.Column("maximum", sa.Float(), nullable=True),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("seen_types", _JSON, nullable=False),
        sa.Column("seen_count", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_properties"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["catalog_events.id"],
            name="fk_catalog_properties_event_id_catalog_events",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("event_id", "name", name="uq_catalog_properties_event_id_name"),
    )


def downgrade() -> None:
    for table in ("catalog_violations", "catalog_properties", "catalog_events", "catalog_settings"):
        op.drop_table(table)
