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


class AudienceStatic(BihuanError):
    """A list of people that was asked to follow a condition."""

    code = "audience_static"
    status = 422
    messages = {
        "en": "{name} is a list of people; it has no condition and is not refreshed.",
        "zh": "「{name}」是静态名单，没有条件，也不会更新。",
    }
    hints = {
        "en": "Make a new audience with the condition.",
        "zh": "请用条件新建一个人群。",
    }


class SubjectNotFound(BihuanError):
    """No such audience or tag in this project."""

    code = "subject_not_found"
    status = 404
    messages = {
        "en": "There is no audience or tag {subject_id}.",
        "zh": "人群或标签 {subject_id} 不存在。",
    }


class NothingToRefresh(BihuanError):
    """A list of people, or values given by hand."""

    code = "nothing_to_refresh"
    status = 422
    messages = {
        "en": "{name} is kept by hand: there is nothing to find out.",
        "zh": "「{name}」由人工维护，无需更新。",
    }
