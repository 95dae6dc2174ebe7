"""Sending in a process of its own."""

from bihuan.delivery.apart.process import PROCESS_ENDED, OtherProcess
from bihuan.delivery.apart.switching import Switching

__all__ = ["PROCESS_ENDED", "OtherProcess", "Switching"]
