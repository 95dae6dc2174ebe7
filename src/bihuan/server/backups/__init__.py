"""Backups of the embedded stores: made while the server writes, restored into an empty directory."""

from bihuan.server.backups.restoration import Restored, restore
from bihuan.server.backups.routes import router

__all__ = ["Restored", "restore", "router"]
