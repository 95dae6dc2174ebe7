"""Templates of messages; purposes, consents, suppressions and bounces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def _project(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_project_id_projects"
    return sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _templates()
    _snippets()
    _consents()
    _suppressions()


def _templates() -> None:
    op.create_table(
        "message_templates",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("purpose", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_templates"),
        sa.UniqueConstraint("project_id", "name", name="uq_message_templates_project_id_name"),
        _project("message_templates"),
    )
    op.create_table(
        "message_template_versions",
        sa.Column("template_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("snippets", _JSON, nullable=True),
        sa.Column("sealed_at", _TIME, nullable=True),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("template_id", "version", name="pk_message_template_versions"),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["message_templates.id"],
            name="fk_message_template_versions_template_id_message_templates",
            ondelete="CASCADE",
        ),
        _project("message_template_versions"),
    )
    op.create_index("ix_message_template_versions_project_id", "message_template_versions", ["project_id"])


def _snippets() -> None:
    op.create_table(
        "message_snippets",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("texts", _JSON, nullable=False),
        sa.Column("created_by", _JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_snippets"),
        sa.UniqueConstraint("project_id", "name", name="uq_message_snippets_project_id_name"),
        _project("message_snippets"),
    )
    op.create_table(
        "message_lookups",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("values", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "name", "key", name="pk_message_lookups"),
        _project("message_lookups"),
    )


def _consents() -> None:
    op.create_table(
        "message_purposes",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(15), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("rules", _JSON, nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "key", name="pk_message_purposes"),
        _project("message_purposes"),
    )
    op.create_table(
        "message_consent_settings",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_message_consent_settings"),
        _project("message_consent_settings"),
    )
    op.create_table(
        "message_consents",
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(60), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("proof_id", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "person_id", "purpose", "medium", name="pk_message_consents"),
        _project("message_consents"),
    )
    _proofs()


def _proofs() -> None:
    op.create_table(
        "message_consent_proofs",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.String(60), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(60), nullable=False),
        sa.Column("untold", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_consent_proofs"),
        _project("message_consent_proofs"),
    )
    op.create_index("ix_message_consent_proofs_person", "message_consent_proofs", ["project_id", "person_id"])
    op.create_index(
        "ix_message_consent_proofs_untold",
        "message_consent_proofs",
        ["id"],
        postgresql_where=sa.text("untold"),
        sqlite_where=sa.text("untold"),
    )


def _suppressions() -> None:
    op.create_table(
        "message_suppressions",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("about_person", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_message_suppressions"),
        sa.UniqueConstraint(
            "project_id",
            "medium",
            "address_hash",
            name="uq_message_suppressions_project_id_medium_address_hash",
        ),
        sa.UniqueConstraint(
            "project_id", "medium", "person_id", name="uq_message_suppressions_project_id_medium_person_id"
        ),
        _project("message_suppressions"),
    )
    op.create_table(
        "message_bounces",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("medium", sa.String(12), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("about_person", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_bounces"),
        _project("message_bounces"),
    )
    op.create_index(
        "ix_message_bounces_address",
        "message_bounces",
        ["project_id", "medium", "address_hash", "at_ms"],
    )


def downgrade() -> None:
    for table in (
        "message_bounces",
        "message_suppressions",
        "message_consent_proofs",
        "message_consents",
        "message_consent_settings",
        "message_purposes",
        "message_lookups",
        "message_snippets",
        "message_template_versions",
        "message_templates",
    ):
        op.drop_table(table)
