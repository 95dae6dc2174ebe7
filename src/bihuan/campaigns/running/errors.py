"""Errors of campaigns under way."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class CampaignNotBegun(BihuanError):
    """A campaign that never started."""

    code = "campaign_not_begun"
    status = 409
    messages = {
        "en": "'{name}' has not begun.",
        "zh": "“{name}”尚未开始。",
    }
