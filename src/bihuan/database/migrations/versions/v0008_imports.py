"""Imports that can be listed, continued and undone; what was learned of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def _to_project(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_project_id_projects"
    return sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("upload_id", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("file_key", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("mapping", _JSON, nullable=False),
        sa.Column("started_by", sa.String(200), nullable=False),
        sa.Column("job_id", sa.String(200), nullable=False),
        sa.Column("totals", _JSON, nullable=True),
        sa.Column("undo_job_id", sa.String(200), nullable=True),
        sa.Column("undone", _JSON, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        _to_project("imports"),
        sa.UniqueConstraint(
            "project_id", "source", "received_ms", name="uq_imports_project_id_source_received_ms"
        ),
    )
    op.create_index("ix_imports_project_id", "imports", ["project_id"])
    op.create_table(
        "catalog_batches",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "source", "received_ms", name="pk_catalog_batches"),
        _to_project("catalog_batches"),
    )


def downgrade() -> None:
    op.drop_table("catalog_batches")
    op.drop_table("imports")
