"""Tasks that journeys make for members, whom rewards are told to, and goals by when they were reached."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)
_CONVERTED = sa.text("converted_ms IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "journey_tasks",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("journey_id", sa.String(26), nullable=False),
        sa.Column("node", sa.String(40), nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("member_name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("done_by", _JSON, nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journey_tasks"),
        sa.UniqueConstraint("project_id", "key", name="uq_journey_tasks_project_id_key"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_journey_tasks_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_journey_tasks_state", "journey_tasks", ["project_id", "state", "member_id"])
    op.create_table(
        "journey_settings",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("reward_channel_id", sa.String(26), nullable=True),
        sa.PrimaryKeyConstraint("project_id", name="pk_journey_settings"),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name="fk_journey_settings_project_id_projects",
            ondelete="CASCADE",
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        _number_anew()
    columns = ["journey_id", "converted_ms"]
    where: dict[str, Any] = {"sqlite_where": _CONVERTED, "postgresql_where": _CONVERTED}
    op.create_index("ix_journey_entries_converted", "journey_entries", columns, **where)


def _number_anew() -> None:
    """SQLite gives numbers of deleted rows again unless the table says otherwise when it is made."""
    for name in ("due", "person", "left"):
        op.drop_index(f"ix_journey_entries_{name}", "journey_entries")
    op.rename_table("journey_entries", "journey_entries_before")
    op.create_table(
        "journey_entries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("journey_id", sa.String(26), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.String(40), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("left_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("converted_ms", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.String(100), nullable=False),
        sa.Column("context", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journey_entries"),
        _key("journey_id", "journeys"),
        _key("version_id", "journey_versions"),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO journey_entries SELECT * FROM journey_entries_before")
    op.drop_table("journey_entries_before")
    inside: dict[str, Any] = {"sqlite_where": sa.text("left_ms IS NULL")}
    op.create_index("ix_journey_entries_due", "journey_entries", ["version_id", "node", "due_ms"], **inside)
    op.create_index("ix_journey_entries_person", "journey_entries", ["journey_id", "person_id"])
    op.create_index("ix_journey_entries_left", "journey_entries", ["journey_id", "left_ms"])


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_journey_entries_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_index("ix_journey_entries_converted", "journey_entries")
    op.drop_table("journey_settings")
    op.drop_table("journey_tasks")
