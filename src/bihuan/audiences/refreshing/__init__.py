"""What audiences and tags have in common: who has which value is found out again and again, and kept."""

from bihuan.audiences.refreshing.columns import Refreshed
from bihuan.audiences.refreshing.models import Run, Version

__all__ = ["Refreshed", "Run", "Version"]
