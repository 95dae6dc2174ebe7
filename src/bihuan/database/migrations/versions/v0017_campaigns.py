"""Campaigns: their plan, activity, comments, money, approvals, tasks, files, start and reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _campaigns()
    _campaign_activities()
    _campaign_comments()
    _campaign_costs()
    _campaign_approval_rules()
    _campaign_approvals()
    _campaign_tasks()
    _campaign_files()
    _campaign_launches()
    _campaign_reports()


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("lever", sa.String(20), nullable=False),
        sa.Column("template", sa.String(40), nullable=True),
        sa.Column("copied_from", sa.String(26), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("plan", _JSON, nullable=False),
        sa.Column("starts_at", _TIME, nullable=True),
        sa.Column("ends_at", _TIME, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("submitted_by", _JSON, nullable=True),
        sa.Column("submitted_at", _TIME, nullable=True),
        sa.Column("started_at", _TIME, nullable=True),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.Column("evaluated_at", _TIME, nullable=True),
        sa.Column("problem", _JSON, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_by", _JSON, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        _key("campaigns", "project_id", "projects"),
    )
    op.create_index("ix_campaigns_project_id_status", "campaigns", ["project_id", "status"])


def _campaign_activities() -> None:
    op.create_table(
        "campaign_activities",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", _JSON, nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("details", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_activities"),
        _key("campaign_activities", "campaign_id", "campaigns"),
    )
    op.create_index("ix_campaign_activities_campaign_id", "campaign_activities", ["campaign_id"])


def _campaign_comments() -> None:
    op.create_table(
        "campaign_comments",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("edited_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_comments"),
        _key("campaign_comments", "campaign_id", "campaigns"),
    )
    op.create_index("ix_campaign_comments_campaign_id", "campaign_comments", ["campaign_id"])


def _campaign_costs() -> None:
    op.create_table(
        "campaign_costs",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("spent_at", _TIME, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_costs"),
        _key("campaign_costs", "campaign_id", "campaigns"),
    )
    op.create_index("ix_campaign_costs_campaign_id", "campaign_costs", ["campaign_id"])


def _campaign_approval_rules() -> None:
    op.create_table(
        "campaign_approval_rules",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("budget_above", sa.Double(), nullable=True),
        sa.Column("reach_above", sa.BigInteger(), nullable=True),
        sa.Column("roles", _JSON, nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_approval_rules"),
        _key("campaign_approval_rules", "project_id", "projects"),
    )
    op.create_index("ix_campaign_approval_rules_project_id", "campaign_approval_rules", ["project_id"])


def _campaign_approvals() -> None:
    op.create_table(
        "campaign_approvals",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("member_name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_approvals"),
        sa.UniqueConstraint(
            "campaign_id", "round", "member_id", name="uq_campaign_approvals_campaign_id_round_member_id"
        ),
        _key("campaign_approvals", "campaign_id", "campaigns"),
    )


def _campaign_tasks() -> None:
    op.create_table(
        "campaign_tasks",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(26), nullable=True),
        sa.Column("owner_name", sa.String(200), nullable=False),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("checklist", _JSON, nullable=False),
        sa.Column("depends_on", _JSON, nullable=False),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_tasks"),
        _key("campaign_tasks", "campaign_id", "campaigns"),
    )
    op.create_index("ix_campaign_tasks_campaign_id", "campaign_tasks", ["campaign_id"])
    op.create_index("ix_campaign_tasks_owner_id", "campaign_tasks", ["owner_id"])


def _campaign_files() -> None:
    op.create_table(
        "campaign_files",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("task_id", sa.String(26), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_files"),
        _key("campaign_files", "campaign_id", "campaigns"),
        _key("campaign_files", "task_id", "campaign_tasks", "SET NULL"),
    )
    op.create_index("ix_campaign_files_campaign_id", "campaign_files", ["campaign_id"])


def _campaign_launches() -> None:
    op.create_table(
        "campaign_launches",
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("cursor", sa.String(20), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("arms", _JSON, nullable=False),
        sa.Column("templates", _JSON, nullable=False),
        sa.Column("handed_over", sa.BigInteger(), nullable=False),
        sa.Column("error", _JSON, nullable=True),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", name="pk_campaign_launches"),
        _key("campaign_launches", "campaign_id", "campaigns"),
    )


def _campaign_reports() -> None:
    op.create_table(
        "campaign_reports",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("campaign_id", sa.String(26), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", _JSON, nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_reports"),
        _key("campaign_reports", "campaign_id", "campaigns"),
    )
    op.create_index("ix_campaign_reports_campaign_id", "campaign_reports", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("campaign_reports")
    op.drop_table("campaign_launches")
    op.drop_table("campaign_files")
    op.drop_table("campaign_tasks")
    op.drop_table("campaign_approvals")
    op.drop_table("campaign_approval_rules")
    op.drop_table("campaign_costs")
    op.drop_table("campaign_comments")
    op.drop_table("campaign_activities")
    op.drop_table("campaigns")
