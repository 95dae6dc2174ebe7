"""Alembic's entry point; run by ``bihuan.database.migrate`` on the connection it hands over."""

from __future__ import annotations

from alembic import context

from bihuan.database.base import Base
from bihuan.database.migrate import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    compare_server_default=True,
)
context.run_migrations()
