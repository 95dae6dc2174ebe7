"""Errors of templates."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class CampaignTemplateNotFound(BihuanError):
    """No template of this name."""

    code = "campaign_template_not_found"
    status = 404
    messages = {
        "en": "There is no campaign template '{key}'.",
        "zh": "没有名为“{key}”的活动模板。",
    }
    hints = {
        "en": "GET …/campaign-templates lists them.",
        "zh": "可用 GET …/campaign-templates 查看全部模板。",
    }
