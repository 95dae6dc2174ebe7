from __future__ import annotations

from tests.postgres import control_dsn, postgres_dsn

__all__ = ["control_dsn", "postgres_dsn"]
