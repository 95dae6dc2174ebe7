"""Audiences 人群 and tags 标签: sets of people and values of people, kept as they change."""

from bihuan.audiences.live import Following
from bihuan.audiences.maintenance import Refresher
from bihuan.audiences.refreshing.jobs import BACKFILL, DUE, DUE_SECONDS, REFRESH
from bihuan.audiences.routers import ROUTERS
from bihuan.audiences.sync.jobs import SYNC, SYNC_SECONDS, Sender, SyncOut

__all__ = [
    "BACKFILL",
    "DUE",
    "DUE_SECONDS",
    "REFRESH",
    "ROUTERS",
    "SYNC",
    "SYNC_SECONDS",
    "Following",
    "Refresher",
    "Sender",
    "SyncOut",
]
