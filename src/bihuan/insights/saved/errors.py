"""Errors of saved insights."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class InsightNotFound(BihuanError):
    """No such insight in this project."""

    code = "insight_not_found"
    status = 404
    messages = {"en": "There is no insight {insight_id}.", "zh": "分析 {insight_id} 不存在。"}
    hints = {"en": "Somebody may have deleted it.", "zh": "它可能已被其他成员删除。"}


class InsightVersionNotFound(BihuanError):
    """The insight never had this version."""

    code = "insight_version_not_found"
    status = 404
    messages = {
        "en": "The insight {insight_id} has no version {version}.",
        "zh": "分析 {insight_id} 没有版本 {version}。",
    }


class InsightChanged(BihuanError):
    """Somebody else changed it since the caller read it."""

    code = "insight_changed"
    status = 409
    messages = {
        "en": "The insight was changed meanwhile: it is at version {version} now.",
        "zh": "该分析已被他人修改，当前版本为 {version}。",
    }
    hints = {
        "en": "Read it again and repeat the change, or save it under another name.",
        "zh": "请重新打开后再修改，或另存为新的分析。",
    }


class InsightUnreadable(BihuanError):
    """The stored question is one that this version of Bihuan cannot read."""

    code = "insight_unreadable"
    status = 409
    messages = {
        "en": "This version of Bihuan cannot read the saved question: {reason}",
        "zh": "当前版本无法读取已保存的分析：{reason}",
    }
    hints = {
        "en": "Make the question anew, or restore an earlier version of the insight.",
        "zh": "请重新设置该分析，或恢复其较早的版本。",
    }
