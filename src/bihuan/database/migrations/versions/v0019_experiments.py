"""Experiments with their layers, looks and weights; the global holdout; feature flags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def _key(table: str, column: str, target: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _layers()
    _experiments()
    _looks_and_weighings()
    _holdouts()
    _flags()


def _layers() -> None:
    op.create_table(
        "experiment_layers",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_layers"),
        sa.UniqueConstraint("project_id", "name", name="uq_experiment_layers_project_id_name"),
        _key("experiment_layers", "project_id", "projects"),
    )


def _experiments() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("plan", _JSON, nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("layer_id", sa.String(26), nullable=True),
        sa.Column("slots", _JSON, nullable=True),
        sa.Column("weights", _JSON, nullable=True),
        sa.Column("started_at", _TIME, nullable=True),
        sa.Column("stopped_at", _TIME, nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.Column("decision", _JSON, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiments"),
        _key("experiments", "project_id", "projects"),
        _key("experiments", "layer_id", "experiment_layers", None),
    )
    op.create_index("ix_experiments_project_id", "experiments", ["project_id"])
    op.create_index("ix_experiments_layer_id", "experiments", ["layer_id"])


def _looks_and_weighings() -> None:
    op.create_table(
        "experiment_looks",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("experiment_id", sa.String(26), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("reading", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_looks"),
        _key("experiment_looks", "experiment_id", "experiments"),
    )
    op.create_index("ix_experiment_looks_experiment_id_at", "experiment_looks", ["experiment_id", "at"])
    op.create_table(
        "experiment_weighings",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("experiment_id", sa.String(26), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("weights", _JSON, nullable=False),
        sa.Column("successes", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_weighings"),
        _key("experiment_weighings", "experiment_id", "experiments"),
    )
    op.create_index("ix_experiment_weighings_experiment_id", "experiment_weighings", ["experiment_id"])


def _holdouts() -> None:
    op.create_table(
        "global_holdouts",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("percent", sa.Double(), nullable=False),
        sa.Column("rotation_days", sa.Integer(), nullable=True),
        sa.Column("excluded", _JSON, nullable=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("updated_by", _JSON, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_global_holdouts"),
        _key("global_holdouts", "project_id", "projects"),
    )


def _flags() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("definition", _JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_by", _JSON, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
        sa.UniqueConstraint("project_id", "key", name="uq_flags_project_id_key"),
        _key("flags", "project_id", "projects"),
    )


def downgrade() -> None:
    for table in (
        "flags",
        "global_holdouts",
        "experiment_weighings",
        "experiment_looks",
        "experiments",
        "experiment_layers",
    ):
        op.drop_table(table)
