"""Errors of the warehouse: the engine's failures in words a caller can act on."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class EngineUnavailable(BihuanError):
    """The engine cannot be reached or cannot store right now (disk full, read only, restarting)."""

    code = "engine_unavailable"
    status = 503
    messages = {
        "en": "The event store cannot take this request right now: {reason}",
        "zh": "事件存储暂时无法处理该请求：{reason}",
    }
    hints = {
        "en": "Nothing was acknowledged. Send it again; `bihuan doctor` says what is wrong.",
        "zh": "本次请求未被确认，请稍后重试；`bihuan doctor` 会给出具体原因。",
    }


class QueryTimeLimit(BihuanError):
    """A query ran longer than it may."""

    code = "query_time_limit"
    status = 422
    messages = {
        "en": "The query was stopped after {limit_seconds} s.",
        "zh": "查询超过 {limit_seconds} 秒，已停止。",
    }
    hints = {
        "en": "Shorten the period, add a filter, or ask for a sample (`sample: 0.1`).",
        "zh": "请缩短时间范围、增加筛选条件，或使用抽样（`sample: 0.1`）。",
    }


class QueryMemoryLimit(BihuanError):
    """A query needed more memory than it may."""

    code = "query_memory_limit"
    status = 422
    messages = {
        "en": "The query needed more memory than the limit allows.",
        "zh": "查询所需内存超过上限。",
    }
    hints = {
        "en": "Break down by a property with fewer values, shorten the period, or ask for a sample.",
        "zh": "请选择取值更少的属性进行细分、缩短时间范围，或使用抽样。",
    }


class QueryCancelled(BihuanError):
    """Somebody cancelled the query."""

    code = "query_cancelled"
    status = 409
    messages = {"en": "The query was cancelled.", "zh": "查询已取消。"}


class PatternRefused(BihuanError):
    """A regular expression that the engine's RE2 cannot compile."""

    code = "pattern_refused"
    status = 422
    messages = {
        "en": "A regular expression cannot be used: {reason}",
        "zh": "正则表达式无法使用：{reason}",
    }
    hints = {
        "en": "Expressions follow RE2: no look-around and no back references.",
        "zh": "正则表达式遵循 RE2 语法：不支持环视和反向引用。",
    }


class QueryFailed(BihuanError):
    """The engine refused a statement that Bihuan built: a defect of ours."""

    code = "query_failed"
    status = 500
    messages = {"en": "The engine refused the query: {reason}", "zh": "引擎拒绝了查询：{reason}"}


class RollupMovedOn(BihuanError):
    """A part of a rollup was built anew after it was compared with the log: the query is to be made anew."""

    code = "rollup_moved_on"
    status = 503
    messages = {
        "en": "The rollup was rebuilt while the query ran.",
        "zh": "查询期间汇总数据被重建。",
    }
    hints = {"en": "Send the query again.", "zh": "请重新发起查询。"}


class EngineDsnInvalid(BihuanError):
    """The DSN of the event store cannot be understood."""

    code = "engine_dsn_invalid"
    status = 500
    messages = {
        "en": "'{dsn}' is not an event store address.",
        "zh": "“{dsn}”不是有效的事件存储地址。",
    }
    hints = {
        "en": "Use chdb:///directory, clickhouse://user:password@host:8123 or clickhouses://… for TLS.",
        "zh": "请使用 chdb:///目录、clickhouse://用户:密码@主机:8123，或使用 clickhouses://… 启用 TLS。",
    }
