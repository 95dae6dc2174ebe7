"""Errors of audiences."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class AudienceNotFound(BihuanError):
    """No such audience in this project."""

    code = "audience_not_found"
    status = 404
    messages = {"en": "There is no audience {audience_id}.", "zh": "人群 {audience_id} 不存在。"}


class AudienceTooLarge(BihuanError):
    """More people than a list holds."""

    code = "audience_too_large"
    status = 422
    messages = {
        "en": "A static audience holds at most {most} people.",
        "zh": "静态人群最多包含 {most} 人。",
    }
    hints = {"en": "Narrow the question with a filter.", "zh": "请用筛选条件缩小范围。"}
