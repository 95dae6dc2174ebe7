"""Journeys, their versions, who is where in them, and what is still to be done."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSIDE = sa.text("left_ms IS NULL")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "journeys",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME, nullable=True),
        sa.Column("error", _JSON, nullable=True),
        sa.Column("admit_ms", sa.BigInteger(), nullable=False),
        sa.Column("fed", _JSON, nullable=False),
        sa.Column("ticked_ms", sa.BigInteger(), nullable=False),
        sa.Column("told_entry", sa.BigInteger(), nullable=False),
        sa.Column("told_left_ms", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.String(40), nullable=True),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journeys"),
        _key("journeys", "project_id", "projects"),
    )
    op.create_index("ix_journeys_project_id", "journeys", ["project_id"])
    op.create_table(
        "journey_versions",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("journey_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("moves", _JSON, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journey_versions"),
        sa.UniqueConstraint("journey_id", "number", name="uq_journey_versions_journey_id_number"),
        _key("journey_versions", "journey_id", "journeys"),
    )
    _entries()
    _queues()


def _entries() -> None:
    op.create_table(
        "journey_entries",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
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
        _key("journey_entries", "journey_id", "journeys"),
        _key("journey_entries", "version_id", "journey_versions"),
    )
    due = ["version_id", "node", "due_ms"]
    inside: dict[str, Any] = {"sqlite_where": _INSIDE, "postgresql_where": _INSIDE}
    op.create_index("ix_journey_entries_due", "journey_entries", due, **inside)
    op.create_index("ix_journey_entries_person", "journey_entries", ["journey_id", "person_id"])
    op.create_index("ix_journey_entries_left", "journey_entries", ["journey_id", "left_ms"])
    op.create_table(
        "journey_flows",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.String(40), nullable=False),
        sa.Column("port", sa.String(40), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "node", "port", "target", name="pk_journey_flows"),
        _key("journey_flows", "version_id", "journey_versions"),
    )


def _queues() -> None:
    op.create_table(
        "journey_seen",
        sa.Column("journey_id", sa.String(26), nullable=False),
        sa.Column("cause", sa.String(100), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("journey_id", "cause", name="pk_journey_seen"),
        _key("journey_seen", "journey_id", "journeys"),
    )
    op.create_index("ix_journey_seen_at", "journey_seen", ["journey_id", "at_ms"])
    op.create_table(
        "journey_requests",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("journey_id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("context", _JSON, nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("taken_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journey_requests"),
        sa.UniqueConstraint("journey_id", "key", name="uq_journey_requests_journey_id_key"),
        _key("journey_requests", "journey_id", "journeys"),
    )
    op.create_index("ix_journey_requests_taken", "journey_requests", ["journey_id", "taken_ms", "id"])
    op.create_table(
        "journey_deeds",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("journey_id", sa.String(26), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.String(40), nullable=False),
        sa.Column("step", sa.String(60), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("error", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journey_deeds"),
        _key("journey_deeds", "journey_id", "journeys"),
        _key("journey_deeds", "version_id", "journey_versions"),
    )
    op.create_index("ix_journey_deeds_due", "journey_deeds", ["journey_id", "state", "due_ms"])


def downgrade() -> None:
    for table in ("deeds", "requests", "seen", "flows", "entries", "versions"):
        op.drop_table(f"journey_{table}")
    op.drop_table("journeys")
