"""The small shop on a running server."""

from __future__ import annotations

from tests.insights.conftest import caller, empty, server

__all__ = ["caller", "empty", "server"]
