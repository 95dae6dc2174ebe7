"""Items that were not let in, kept with reason and raw payload to be fixed and replayed."""

from __future__ import annotations

from bihuan.collect.quarantine.replaying import IntakeReplay, Replay, Replayed
from bihuan.collect.quarantine.repository import Filter, HeldItem
from bihuan.collect.quarantine.routes import router
from bihuan.collect.quarantine.service import Quarantine

__all__ = ["Filter", "HeldItem", "IntakeReplay", "Quarantine", "Replay", "Replayed", "router"]
