"""What can go wrong before, between and beside requests."""

from __future__ import annotations

from typing import Any

from bihuan.kernel.errors import BihuanError, Language


class RequestRejected(BihuanError):
    """The API refused; the sentences are the server's, already in the operator's language."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self._error: dict[str, Any] = {"code": "internal_error", "message": f"HTTP {status}", "hint": None}
        self._error |= body
        self.http_status = status
        super().__init__(path=body.get("path"))

    @property
    def error_code(self) -> str:
        """The code that the server gave."""
        return str(self._error["code"])

    def message(self, language: Language) -> str:
        """The server's sentence."""
        return str(self._error["message"])

    def hint(self, language: Language) -> str | None:
        """The server's hint."""
        hint = self._error["hint"]
        return None if hint is None else str(hint)

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The server's body."""
        fields = ("code", "message", "path", "hint")
        return {"error": {name: self._error.get(name) for name in fields}}


class StoresUnavailable(RequestRejected):
    """The API answered 503."""

    status = 503


class ServerUnreachable(BihuanError):
    """Nothing answers at the address, or the answer broke off."""

    code = "server_unreachable"
    status = 503
    messages = {"en": "No answer from {address}: {reason}", "zh": "{address} 没有响应：{reason}"}
    hints = {
        "en": "Start it with `bihuan serve`, or check the address given with --server.",
        "zh": "请用 `bihuan serve` 启动，或检查 --server 指定的地址。",
    }


class DataDirectoryBusy(BihuanError):
    """Another process works on the data directory and is not a server that answers."""

    code = "data_directory_busy"
    status = 503
    messages = {"en": "Another process is using {directory}.", "zh": "另一个进程正在使用 {directory}。"}
    hints = {
        "en": "Wait for the other command to end and try again.",
        "zh": "请等待另一条命令结束后重试。",
    }


class ServerRunning(BihuanError):
    """``serve`` or ``restore`` on a directory that a server works on already."""

    code = "server_running"
    status = 409
    messages = {
        "en": "A server already runs on {directory}, at {address}.",
        "zh": "{directory} 上已有服务在运行：{address}。",
    }


class AddressUnavailable(BihuanError):
    """The address to listen on is taken, or not this machine's."""

    code = "address_unavailable"
    status = 409
    messages = {
        "en": "Cannot listen on {address}: {reason}.",
        "zh": "无法监听 {address}：{reason}。",
    }
    hints = {
        "en": "Choose another port with --port or BIHUAN_PORT; 0 takes a free one.",
        "zh": "请用 --port 或 BIHUAN_PORT 另选端口；0 表示任选一个空闲端口。",
    }


class DataDirectoryMissing(BihuanError):
    """There is no installation in the data directory."""

    code = "data_directory_missing"
    status = 404
    messages = {
        "en": "There is no Bihuan installation in {directory}.",
        "zh": "{directory} 中没有闭环的安装。",
    }
    hints = {
        "en": "Make one with `bihuan init`, or name the right directory with --data.",
        "zh": "请用 `bihuan init` 创建，或用 --data 指定正确的目录。",
    }


class ApiKeyNotGiven(BihuanError):
    """Neither --key nor a readable admin.key."""

    code = "api_key_not_given"
    status = 401
    messages = {"en": "No API key: {file} cannot be read.", "zh": "没有 API 密钥：无法读取 {file}。"}
    hints = {
        "en": "Give one with --key or BIHUAN_KEY.",
        "zh": "请用 --key 或 BIHUAN_KEY 指定。",
    }


class ProjectNotNamed(BihuanError):
    """There are several projects, or none."""

    code = "project_not_named"
    status = 422
    messages = {"en": "Which project? There are: {projects}.", "zh": "请指定项目，现有：{projects}。"}
    hints = {
        "en": "Name it with --project or BIHUAN_PROJECT.",
        "zh": "请用 --project 或 BIHUAN_PROJECT 指定。",
    }


class InputUnreadable(BihuanError):
    """A file or value of the command line cannot be used."""

    code = "input_unreadable"
    status = 422
    messages = {"en": "{name}: {reason_en}", "zh": "{name}：{reason_zh}"}

    def __init__(
        self, *, name: str, reason: str, reason_zh: str | None = None, path: str | None = None
    ) -> None:
        super().__init__(path=path, name=name, reason_en=reason, reason_zh=reason_zh or reason)


class ImportFailed(BihuanError):
    """An import job ended before its end."""

    code = "import_failed"
    status = 500
    messages = {"en": "{name} was not imported whole: {reason}", "zh": "{name} 未能完整导入：{reason}"}
    hints = {
        "en": "Run the same command again: it goes on where it stopped.",
        "zh": "重新执行同一命令即可从中断处继续。",
    }


class RefreshFailed(BihuanError):
    """A refresh of an audience or a tag that was waited for."""

    code = "refresh_failed"
    status = 500
    messages = {"en": "{name} was not refreshed: {reason_en}", "zh": "「{name}」更新失败：{reason_zh}"}

    def __init__(self, *, name: str, reason: str, reason_zh: str | None = None) -> None:
        super().__init__(name=name, reason_en=reason, reason_zh=reason_zh or reason)


class SettingsInvalid(BihuanError):
    """A setting of the environment or bihuan.toml cannot be used."""

    code = "settings_invalid"
    status = 422
    messages = {"en": "The setting {name} is not valid: {reason}", "zh": "配置 {name} 无效：{reason}"}
    hints = {
        "en": "Look at the environment (BIHUAN_…) and bihuan.toml in this directory.",
        "zh": "请检查环境变量（BIHUAN_…）和当前目录的 bihuan.toml。",
    }


class MemberUnknown(BihuanError):
    """Nobody here has this e-mail address."""

    code = "member_unknown"
    status = 404
    messages = {"en": "There is no member {email} here.", "zh": "此处没有成员 {email}。"}
    hints = {"en": "`bihuan member list` shows them.", "zh": "可用 `bihuan member list` 查看。"}
