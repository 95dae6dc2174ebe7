"""Errors of sending audiences out."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class SyncNotFound(BihuanError):
    """No such sync in this project."""

    code = "sync_not_found"
    status = 404
    messages = {"en": "There is no sync {sync_id}.", "zh": "同步 {sync_id} 不存在。"}


class SyncFileGone(BihuanError):
    """A file that was never written, or is kept no longer."""

    code = "sync_file_gone"
    status = 404
    messages = {"en": "There is no such file (any more).", "zh": "该文件不存在，或已过保留期。"}
    hints = {
        "en": "With several processes, all need the same data directory.",
        "zh": "多进程部署时，各进程须共用同一数据目录。",
    }


class ValueNeeded(BihuanError):
    """A tag that is to be sent out without saying which value, or an audience with one."""

    code = "sync_value_needed"
    status = 422
    messages = {
        "en": "Of a tag one value is sent out, of an audience none is named.",
        "zh": "同步标签须指定一个取值，同步人群则不必。",
    }


class SyncSubjectGone(BihuanError):
    """The audience or tag was deleted."""

    code = "sync_subject_gone"
    status = 404
    messages = {"en": "What was to be sent out is deleted.", "zh": "要同步的人群或标签已被删除。"}


class CreatorMayNot(BihuanError):
    """Whoever set the sync up may not send data out any more."""

    code = "sync_creator_may_not"
    status = 403
    messages = {
        "en": "{name}, who set it up, may not edit data, which it takes, any more.",
        "zh": "创建者 {name} 已没有所需的编辑数据权限。",
    }
    hints = {
        "en": "Somebody with the right must set it up anew.",
        "zh": "请由有权限的成员重新创建。",
    }
