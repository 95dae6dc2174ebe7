"""Live events: what arrives, as it arrives."""

from bihuan.insights.live.service import LiveEvents

__all__ = ["LiveEvents"]
