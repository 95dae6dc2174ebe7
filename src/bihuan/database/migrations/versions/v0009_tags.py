"""Tags, definitions of audiences, and how their refreshes went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("audiences") as audiences:
        audiences.add_column(sa.Column("definition", _JSON, nullable=True))
        audiences.add_column(sa.Column("refresh", sa.String(10), nullable=False, server_default="never"))
        audiences.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        audiences.add_column(sa.Column("updated_at", _TIME, nullable=True))
        audiences.add_column(sa.Column("refreshed_at", _TIME, nullable=True))
        audiences.add_column(sa.Column("claimed_at", _TIME, nullable=True))
        audiences.add_column(sa.Column("error", _JSON, nullable=True))
    op.execute("UPDATE audiences SET updated_at = created_at")
    with op.batch_alter_table("audiences") as audiences:
        audiences.alter_column("updated_at", nullable=False)
        audiences.alter_column("refresh", server_default=None)
        audiences.alter_column("version", server_default=None)
    _tags()
    _records()


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("category", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("definition", _JSON, nullable=True),
        sa.Column("refresh", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("refreshed_at", _TIME, nullable=True),
        sa.Column("claimed_at", _TIME, nullable=True),
        sa.Column("error", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("project_id", "name", name="uq_tags_project_id_name"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_tags_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_tags_project_id", "tags", ["project_id"])


def _records() -> None:
    op.create_table(
        "subject_versions",
        sa.Column("subject_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("definition", _JSON, nullable=True),
        sa.Column("refresh", sa.String(10), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "version", name="pk_subject_versions"),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name="fk_subject_versions_project_id_projects",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_subject_versions_project_id", "subject_versions", ["project_id"])
    op.create_table(
        "subject_runs",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("subject_id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("sizes", _JSON, nullable=False),
        sa.Column("error", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subject_runs"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_subject_runs_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_subject_runs_subject_id", "subject_runs", ["subject_id"])
    op.create_index("ix_subject_runs_project_id", "subject_runs", ["project_id"])


def downgrade() -> None:
    op.drop_table("subject_runs")
    op.drop_table("subject_versions")
    op.drop_table("tags")
    with op.batch_alter_table("audiences") as audiences:
        for name in ("error", "claimed_at", "refreshed_at", "updated_at", "version", "refresh", "definition"):
            audiences.drop_column(name)
