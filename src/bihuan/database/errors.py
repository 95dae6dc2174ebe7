"""What can go wrong with the control database itself."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class DatabaseDsnInvalid(BihuanError):
    """The DSN names no database that Bihuan can use; ``reason`` says why."""

    code = "database_dsn_invalid"
    status = 500
    messages = {
        "en": "The control database DSN cannot be used: {reason}.",
        "zh": "控制库 DSN 无法使用：{reason}。",
    }
    hints = {
        "en": "Use sqlite:////absolute/path.sqlite3 or postgresql://user:password@host:5432/name.",
        "zh": "请使用 sqlite:////绝对路径.sqlite3 或 postgresql://用户:密码@主机:5432/库名。",
    }


class DatabaseUnreachable(BihuanError):
    """The database does not answer; ``reason`` is the driver's own sentence."""

    code = "database_unreachable"
    status = 503
    messages = {
        "en": "The control database cannot be reached: {reason}",
        "zh": "无法连接控制库：{reason}",
    }
    hints = {
        "en": "Check that it runs, that the DSN is right and that this machine may connect.",
        "zh": "请检查数据库是否运行、DSN 是否正确、本机是否有连接权限。",
    }


class DatabaseTooNew(BihuanError):
    """The database was migrated by a newer Bihuan; ``revision`` is the one found."""

    code = "database_too_new"
    status = 500
    messages = {
        "en": "The control database is at revision {revision}, which this version does not know.",
        "zh": "控制库版本为 {revision}，当前程序不认识该版本。",
    }
    hints = {
        "en": "Run the version of Bihuan that last used it, or a newer one.",
        "zh": "请使用上次运行的版本或更新的版本。",
    }


class MigrationBroken(BihuanError):
    """A migration would leave rows that point at nothing; it was rolled back."""

    code = "migration_broken"
    status = 500
    messages = {
        "en": "Migration stopped: {count} rows of {table} would refer to rows that do not exist.",
        "zh": "迁移已中止：表 {table} 将有 {count} 行引用不存在的记录。",
    }
    hints = {
        "en": "Nothing was changed. Restore a backup or remove those rows, then start again.",
        "zh": "未做任何修改。请恢复备份或删除这些行后重新启动。",
    }


class CursorInvalid(BihuanError):
    """The ``cursor`` of a list request was not given out by this server."""

    code = "cursor_invalid"
    status = 422
    messages = {
        "en": "The cursor is not one that this server gave out.",
        "zh": "游标不是本服务器返回的值。",
    }
    hints = {
        "en": "Pass next_cursor of the previous page unchanged, or leave it out to start again.",
        "zh": "请原样传入上一页的 next_cursor，或不传以从头开始。",
    }


class ChangedMeanwhile(BihuanError):
    """Somebody else saved after the caller had read."""

    code = "changed_meanwhile"
    status = 409
    messages = {
        "en": "{by} saved “{name}” at {at}, after you opened it.",
        "zh": "您打开之后，{by} 已于 {at} 保存过“{name}”。",
    }
    hints = {
        "en": "Nothing was changed. Read it again, or save over it with revision {revision}.",
        "zh": "未做任何修改。请重新读取，或以版本号 {revision} 覆盖保存。",
    }
