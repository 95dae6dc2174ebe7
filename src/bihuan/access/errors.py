"""What can go wrong with projects, sources, keys and permission."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class ProjectNotFound(BihuanError):
    """No such project, or the key may not see it."""

    code = "project_not_found"
    status = 404
    messages = {"en": "There is no project {project_id}.", "zh": "项目 {project_id} 不存在。"}
    hints = {
        "en": "List the projects this key can see with GET /api/projects.",
        "zh": "可用 GET /api/projects 查看该密钥可见的项目。",
    }


class ProjectExists(BihuanError):
    """The id of a new project is taken."""

    code = "project_exists"
    status = 409
    messages = {
        "en": "There is already a project {project_id}.",
        "zh": "项目 {project_id} 已存在。",
    }
    hints = {"en": "Choose another id.", "zh": "请换一个标识。"}


class TimeZoneUnknown(BihuanError):
    """Not a name of the IANA time zone database."""

    code = "time_zone_unknown"
    status = 422
    messages = {"en": "There is no time zone {time_zone!r}.", "zh": "时区 {time_zone!r} 不存在。"}
    hints = {
        "en": "Use an IANA name such as Asia/Shanghai or Europe/Berlin.",
        "zh": "请使用 IANA 名称，例如 Asia/Shanghai。",
    }


class SourceNotFound(BihuanError):
    """No such source in this project."""

    code = "source_not_found"
    status = 404
    messages = {"en": "There is no source {source_id}.", "zh": "数据源 {source_id} 不存在。"}


class SourceExists(BihuanError):
    """A project's sources have different names."""

    code = "source_exists"
    status = 409
    messages = {"en": "There is already a source named {name!r}.", "zh": "已有名为 {name!r} 的数据源。"}


class WriteKeyUnknown(BihuanError):
    """No such write key, or it was revoked."""

    code = "write_key_unknown"
    status = 401
    messages = {
        "en": "The write key is not known or was revoked.",
        "zh": "写入密钥不存在或已停用。",
    }
    hints = {
        "en": "Copy a write key (wk_…) of the project; GET /api/projects/<id>/write-keys lists them.",
        "zh": "请复制项目的写入密钥（wk_…），可在 GET /api/projects/<id>/write-keys 查看。",
    }


class WriteKeyNotFound(BihuanError):
    """No such write key in this project."""

    code = "write_key_not_found"
    status = 404
    messages = {"en": "There is no write key {key} here.", "zh": "此项目没有写入密钥 {key}。"}


class ApiKeyNotFound(BihuanError):
    """No such API key here."""

    code = "api_key_not_found"
    status = 404
    messages = {"en": "There is no API key {key_id} here.", "zh": "此处没有 API 密钥 {key_id}。"}


class ApiKeyMissing(BihuanError):
    """The request carries no key, or one that is not known, expired or revoked.

    One answer for all four: a caller who guesses learns nothing.
    """

    code = "api_key_missing"
    status = 401
    messages = {
        "en": "This request needs a log-in or a valid API key.",
        "zh": "此请求需要登录或有效的 API 密钥。",
    }
    hints = {
        "en": "Send the header Authorization: Bearer bk_…; the data directory's admin.key has the first key.",
        "zh": "请携带请求头 Authorization: Bearer bk_…；首个密钥保存在数据目录的 admin.key 文件中。",
    }


class PermissionMissing(BihuanError):
    """The caller is known but may not do this; ``needed`` is the permission that is lacking."""

    code = "permission_missing"
    status = 403
    messages = {
        "en": "You may not do that: the permission {needed} is lacking.",
        "zh": "没有此权限：缺少 {needed}。",
    }


class InstanceKeyNeeded(BihuanError):
    """The key belongs to one project; this concerns the whole instance."""

    code = "instance_key_needed"
    status = 403
    messages = {
        "en": "This needs an API key of the whole instance, not of one project.",
        "zh": "此操作需要实例级 API 密钥，而非单个项目的密钥。",
    }
