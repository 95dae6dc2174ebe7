"""Channels of messages, the outbox, policies of sending, messages inside the app."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _project(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_project_id_projects"
    return sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "message_channels",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("address_property", sa.String(400), nullable=True),
        sa.Column("per_second", sa.Double(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("free_ms", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_channels"),
        sa.UniqueConstraint("project_id", "name", name="uq_message_channels_project_id_name"),
        _project("message_channels"),
    )
    op.create_table(
        "message_policies",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("seeds", _JSON, nullable=False),
        sa.Column("converted_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_message_policies"),
        _project("message_policies"),
    )
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.Column("seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("clicked_ms", sa.BigInteger(), nullable=True),
        sa.Column("dismissed_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_messages"),
        _project("inbox_messages"),
    )
    op.create_index("ix_inbox_messages_person", "inbox_messages", ["project_id", "person_id"])
    op.create_table("outbox", *_columns(), *_constraints())
    _outbox_indexes()


def _columns() -> list[sa.Column[Any]]:
    columns: list[sa.Column[Any]] = [
        sa.Column("id", _KEY, nullable=False, autoincrement=True),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("occurrence", sa.String(120), nullable=False),
        sa.Column("step", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("channel_id", sa.String(26), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("fallbacks", _JSON, nullable=False),
        sa.Column("trail", _JSON, nullable=False),
        sa.Column("template_id", sa.String(26), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("variant", sa.String(80), nullable=True),
        sa.Column("context", _JSON, nullable=False),
        sa.Column("origin", _JSON, nullable=False),
        sa.Column("purpose", sa.String(60), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.Column("local_time", sa.String(5), nullable=True),
        sa.Column("best_time", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.String(40), nullable=True),
        sa.Column("lease_ms", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(60), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.String(200), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("untold", sa.Boolean(), nullable=False),
    ]
    return columns


def _constraints() -> list[sa.Constraint]:
    unique = ("project_id", "person_id", "occurrence", "step")
    return [
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(*unique, name="uq_outbox_project_id_person_id_occurrence_step"),
        _project("outbox"),
    ]


def _outbox_indexes() -> None:
    op.create_index("ix_outbox_queue", "outbox", ["channel_id", "state", "priority", "due_ms"])
    op.create_index("ix_outbox_occurrence", "outbox", ["project_id", "occurrence", "state"])
    leased = sa.text("lease_ms IS NOT NULL")
    op.create_index(
        "ix_outbox_lease_ms", "outbox", ["lease_ms"], postgresql_where=leased, sqlite_where=leased
    )
    untold = sa.text("untold")
    op.create_index("ix_outbox_untold", "outbox", ["id"], postgresql_where=untold, sqlite_where=untold)


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("inbox_messages")
    op.drop_table("message_policies")
    op.drop_table("message_channels")
