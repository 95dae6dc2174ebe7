"""What can go wrong with backups."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class BackupNeedsServerTools(BihuanError):
    """The stores are servers of their own, whose files Bihuan does not see."""

    code = "backup_needs_server_tools"
    status = 409
    messages = {
        "en": "This installation keeps its data on servers: {stores}.",
        "zh": "该安装的数据保存在独立的服务器上：{stores}。",
    }
    hints = {
        "en": "Use their own tools: ClickHouse's BACKUP DATABASE for each bihuan_… database, and pg_dump; "
        "take the event store first.",
        "zh": "请使用服务器自带工具：对每个 bihuan_… 数据库执行 ClickHouse 的 BACKUP DATABASE，"
        "并对控制库使用 pg_dump；"
        "请先备份事件存储。",
    }


class BackupUnreadable(BihuanError):
    """The archive is not a backup, or not a whole one."""

    code = "backup_unreadable"
    status = 422
    messages = {"en": "This is not a usable backup: {reason}.", "zh": "备份无法使用：{reason}。"}
    hints = {"en": "Nothing was restored.", "zh": "未恢复任何数据。"}


class DataDirectoryNotEmpty(BihuanError):
    """A restore never overwrites anything."""

    code = "data_directory_not_empty"
    status = 409
    messages = {
        "en": "{directory} is not empty; a backup is restored into an empty directory.",
        "zh": "{directory} 不是空目录；备份只能恢复到空目录。",
    }
    hints = {
        "en": "Name another directory with --data, or move the old one away.",
        "zh": "请用 --data 指定其他目录，或先移走原目录。",
    }
