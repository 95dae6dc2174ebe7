"""Errors of reports."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class ReportTooEarly(BihuanError):
    """A campaign whose people are not fixed yet."""

    code = "campaign_report_too_early"
    status = 409
    messages = {
        "en": "'{name}' is {state_en} and has reached nobody yet: there is nothing to report.",
        "zh": "“{name}”当前状态为“{state_zh}”，尚未触达任何人，没有可报告的内容。",
    }
    hints = {
        "en": "Start it; the report is there as soon as its people are fixed.",
        "zh": "请先启动活动；锁定人群后即可查看报告。",
    }


class ArmUnknown(BihuanError):
    """An arm that the campaign does not have."""

    code = "campaign_arm_unknown"
    status = 404
    messages = {
        "en": "The campaign has no arm '{arm}'; there are: {arms}.",
        "zh": "该活动没有分组“{arm}”，现有分组：{arms}。",
    }
