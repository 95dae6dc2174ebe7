"""Rules of warnings, what was counted for them, and the warnings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "warning_rules",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("tag_id", sa.String(26), nullable=False),
        sa.Column("order", _JSON, nullable=False),
        sa.Column("valuable", _JSON, nullable=True),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("history", sa.Integer(), nullable=False),
        sa.Column("false_alarms", sa.Double(), nullable=False),
        sa.Column("checked_at", _TIME, nullable=True),
        sa.Column("error", _JSON, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_warning_rules"),
        _key("warning_rules", "project_id", "projects"),
        _key("warning_rules", "tag_id", "tags"),
    )
    op.create_index("ix_warning_rules_project_id", "warning_rules", ["project_id"])
    op.create_index("ix_warning_rules_tag_id", "warning_rules", ["tag_id"])
    op.create_table(
        "warning_counts",
        sa.Column("rule_id", sa.String(26), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "start", name="pk_warning_counts"),
        _key("warning_counts", "rule_id", "warning_rules"),
    )
    _warnings()


def _warnings() -> None:
    op.create_table(
        "drop_warnings",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("rule_id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("raised_at", _TIME, nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("critical", sa.Integer(), nullable=False),
        sa.Column("p_value", sa.Double(), nullable=False),
        sa.Column("acknowledged_at", _TIME, nullable=True),
        sa.Column("acknowledged_by", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_drop_warnings"),
        sa.UniqueConstraint("rule_id", "start", name="uq_drop_warnings_rule_id_start"),
        _key("drop_warnings", "rule_id", "warning_rules"),
        _key("drop_warnings", "project_id", "projects"),
    )
    op.create_index("ix_drop_warnings_rule_id", "drop_warnings", ["rule_id"])
    op.create_index("ix_drop_warnings_project_id", "drop_warnings", ["project_id"])


def downgrade() -> None:
    op.drop_table("drop_warnings")
    op.drop_table("warning_counts")
    op.drop_table("warning_rules")
