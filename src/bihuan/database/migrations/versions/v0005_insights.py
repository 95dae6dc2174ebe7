"""Saved insights with versions and stars, dashboards, metrics, annotations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_TABLES = (
    "annotations",
    "insight_metrics",
    "metrics",
    "dashboard_tiles",
    "dashboards",
    "insight_versions",
    "insights",
    "stars",
)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _authors() -> list[sa.Column[object]]:
    return [
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_by", _JSON, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    ]


def upgrade() -> None:
    _stars()
    _insights()
    _dashboards()
    _metrics()
    op.create_table(
        "annotations",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("time", _MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_annotations"),
        _to("annotations", "project_id", "projects"),
    )
    op.create_index("ix_annotations_project_id_time", "annotations", ["project_id", "time"])


def _stars() -> None:
    op.create_table(
        "stars",
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("target_id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("actor", "target_id", name="pk_stars"),
        _to("stars", "project_id", "projects"),
    )
    op.create_index("ix_stars_target_id", "stars", ["target_id"])


def _content() -> list[sa.Column[object]]:
    return [
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("query", _JSON, nullable=False),
        sa.Column("chart", sa.String(40), nullable=True),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
    ]


def _insights() -> None:
    op.create_table(
        "insights",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        *_content(),
        sa.Column("version", sa.Integer(), nullable=False),
        *_authors(),
        sa.PrimaryKeyConstraint("id", name="pk_insights"),
        _to("insights", "project_id", "projects"),
    )
    op.create_index("ix_insights_project_id", "insights", ["project_id"])
    op.create_table(
        "insight_versions",
        sa.Column("insight_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_content(),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("insight_id", "version", name="pk_insight_versions"),
        _to("insight_versions", "insight_id", "insights"),
    )


def _dashboards() -> None:
    op.create_table(
        "dashboards",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("filters", _JSON, nullable=True),
        sa.Column("period", _JSON, nullable=True),
        sa.Column("refresh_seconds", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(40), nullable=True),
        *_authors(),
        sa.PrimaryKeyConstraint("id", name="pk_dashboards"),
        _to("dashboards", "project_id", "projects"),
    )
    op.create_index("ix_dashboards_project_id", "dashboards", ["project_id"])
    op.create_table(
        "dashboard_tiles",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("dashboard_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.String(26), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("x", "y", "w", "h")),
        sa.PrimaryKeyConstraint("id", name="pk_dashboard_tiles"),
        _to("dashboard_tiles", "dashboard_id", "dashboards"),
        _to("dashboard_tiles", "insight_id", "insights"),
    )
    op.create_index("ix_dashboard_tiles_dashboard_id", "dashboard_tiles", ["dashboard_id"])
    op.create_index("ix_dashboard_tiles_insight_id", "dashboard_tiles", ["insight_id"])


def _metrics() -> None:
    op.create_table(
        "metrics",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("query", _JSON, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        *_authors(),
        sa.PrimaryKeyConstraint("id", name="pk_metrics"),
        _to("metrics", "project_id", "projects"),
        sa.UniqueConstraint("project_id", "name", name="uq_metrics_project_id_name"),
    )
    op.create_table(
        "insight_metrics",
        sa.Column("insight_id", sa.String(26), nullable=False),
        sa.Column("metric_id", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("insight_id", "metric_id", name="pk_insight_metrics"),
        _to("insight_metrics", "insight_id", "insights"),
        _to("insight_metrics", "metric_id", "metrics"),
    )
    op.create_index("ix_insight_metrics_metric_id", "insight_metrics", ["metric_id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
