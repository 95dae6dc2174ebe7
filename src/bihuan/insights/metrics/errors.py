"""Errors of metrics."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class MetricNotFound(BihuanError):
    """No such metric in this project."""

    code = "metric_not_found"
    status = 404
    messages = {"en": "There is no metric {metric_id}.", "zh": "指标 {metric_id} 不存在。"}


class MetricExists(BihuanError):
    """A project's metrics have different names."""

    code = "metric_exists"
    status = 409
    messages = {"en": "There is already a metric named '{name}'.", "zh": "已有名为“{name}”的指标。"}
    hints = {"en": "Use that one, or choose another name.", "zh": "请直接使用该指标，或换一个名称。"}


class MetricInUse(BihuanError):
    """Insights would lose what they show."""

    code = "metric_in_use"
    status = 409
    messages = {
        "en": "{insights} insights use the metric '{name}'.",
        "zh": "有 {insights} 个分析正在使用指标“{name}”。",
    }
    hints = {
        "en": "GET …/metrics/<id>/uses lists them; change or delete them first.",
        "zh": "可用 GET …/metrics/<id>/uses 查看，请先修改或删除它们。",
    }


class MetricUnusable(BihuanError):
    """The question that results from putting a metric's definition into it is not a valid one."""

    code = "metric_unusable"
    status = 422
    messages = {
        "en": "The metric '{name}' cannot be used there: {reason}",
        "zh": "此处不能使用指标“{name}”：{reason}",
    }
