"""Errors of dashboards."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class DashboardNotFound(BihuanError):
    """No such dashboard in this project."""

    code = "dashboard_not_found"
    status = 404
    messages = {"en": "There is no dashboard {dashboard_id}.", "zh": "看板 {dashboard_id} 不存在。"}
    hints = {"en": "Somebody may have deleted it.", "zh": "它可能已被其他成员删除。"}


class TemplateEmpty(BihuanError):
    """The project has recorded nothing that a ready board could show."""

    code = "template_empty"
    status = 409
    messages = {
        "en": "There is nothing yet that this board could show.",
        "zh": "项目中还没有可用于该看板的数据。",
    }
    hints = {
        "en": "Send or import events first; a minute later the catalog knows them.",
        "zh": "请先上报或导入事件，约一分钟后即可使用。",
    }
