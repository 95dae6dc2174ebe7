"""What a message cost, how its time was chosen, and with what it was written; occurrences that ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Of messages so far none of it is known."""
    op.add_column("outbox", sa.Column("parts", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("price", sa.Double(), nullable=True))
    op.add_column("outbox", sa.Column("send_time", sa.String(10), nullable=True))
    op.add_column("outbox", sa.Column("by_policy", _JSON, nullable=True))
    ended: sa.Column[bool] = sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("outbox_holds", ended)
    with op.batch_alter_table("outbox_holds") as batch:
        batch.alter_column("ended", server_default=None)
    op.create_table(
        "outbox_writings",
        sa.Column("message_id", _KEY, nullable=False, autoincrement=False),
        sa.Column("project_id", sa.String(40), nullable=False),
        sa.Column("kept_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_outbox_writings"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox.id"], name="fk_outbox_writings_message_id_outbox", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_outbox_writings_project_id_projects", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_outbox_writings_kept", "outbox_writings", ["project_id", "kept_ms"])


def downgrade() -> None:
    op.drop_table("outbox_writings")
    op.execute("DELETE FROM outbox_holds WHERE ended")
    op.drop_column("outbox_holds", "ended")
    for name in ("by_policy", "send_time", "price", "parts"):
        op.drop_column("outbox", name)
