"""Errors of the tracking plan."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class CatalogEventNotFound(BihuanError):
    """The plan has no such event."""

    code = "catalog_event_not_found"
    status = 404
    messages = {"en": "The plan has no event '{event}'.", "zh": "埋点方案中没有事件“{event}”。"}


class PlanDocumentInvalid(BihuanError):
    """A plan to import cannot be read, or breaks a rule at ``path``."""

    code = "plan_document_invalid"
    status = 422
    messages = {"en": "The plan cannot be read: {reason}", "zh": "无法读取埋点方案：{reason}"}
    hints = {
        "en": "Export the present plan to see the form.",
        "zh": "可先导出现有方案查看格式。",
    }
