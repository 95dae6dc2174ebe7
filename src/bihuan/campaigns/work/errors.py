"""Errors of tasks and files."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class TaskNotFound(BihuanError):
    """No such task in this campaign."""

    code = "task_not_found"
    status = 404
    messages = {"en": "The campaign has no task {task_id}.", "zh": "该活动没有任务 {task_id}。"}


class TasksCircular(BihuanError):
    """A task that would wait for itself."""

    code = "tasks_circular"
    status = 422
    messages = {
        "en": "'{title}' would wait for itself: {circle}.",
        "zh": "任务“{title}”会循环依赖自身：{circle}。",
    }
    hints = {"en": "Leave out one of these dependencies.", "zh": "请去掉其中一个依赖。"}


class TaskWaits(BihuanError):
    """A task that is begun before those it depends on are done."""

    code = "task_waits"
    status = 409
    messages = {
        "en": "'{title}' waits for: {before}.",
        "zh": "任务“{title}”需先完成：{before}。",
    }
    hints = {"en": "Finish those first, or take the dependency away.", "zh": "请先完成这些任务，或取消依赖。"}


class TooManyTasks(BihuanError):
    """More tasks or files than a campaign has."""

    code = "campaign_full"
    status = 422
    messages = {"en": "A campaign has at most {most} of these.", "zh": "一个活动最多包含 {most} 项。"}


class OwnerNotMember(BihuanError):
    """A task or a campaign for somebody who is not in the project."""

    code = "task_owner_unknown"
    status = 422
    messages = {
        "en": "There is no member {owner_id} in this project.",
        "zh": "本项目没有成员 {owner_id}。",
    }


class FileTooLarge(BihuanError):
    """A file above the limit."""

    code = "campaign_file_too_large"
    status = 422
    messages = {"en": "A file has at most {most_megabytes} MB.", "zh": "文件最大 {most_megabytes} MB。"}
    hints = {
        "en": "Make it smaller, or link to it in the description.",
        "zh": "请压缩文件，或在说明中放置链接。",
    }


class FileTypeRefused(BihuanError):
    """A file whose content is none of the known types, or not what its name says."""

    code = "campaign_file_type_refused"
    status = 422
    messages = {
        "en": "'{name}' is not a file of a type that is kept here: {known}.",
        "zh": "不支持文件“{name}”；可上传的类型：{known}。",
    }
    hints = {
        "en": "The ending has to fit the content.",
        "zh": "文件扩展名需与内容一致。",
    }


class FileNotFound(BihuanError):
    """No such file in this campaign, or its content is gone."""

    code = "campaign_file_not_found"
    status = 404
    messages = {"en": "The campaign has no file {file_id}.", "zh": "该活动没有文件 {file_id}。"}
