"""Errors of analysis queries that their models cannot see."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class AnalysisUnknown(BihuanError):
    """There is no analysis of that kind."""

    code = "analysis_unknown"
    status = 422
    messages = {"en": "There is no analysis called '{kind}'.", "zh": "没有名为“{kind}”的分析。"}
    hints = {"en": "Known kinds: {known}.", "zh": "可用的分析类型：{known}。"}


class SelectionInvalid(BihuanError):
    """The selection names no number of the query's result."""

    code = "selection_invalid"
    status = 422
    messages = {
        "en": "The selection does not name a number of this result: {reason}",
        "zh": "所选内容不是该结果中的数字：{reason}",
    }


class QueryTooLarge(BihuanError):
    """The result would have more numbers than anyone can read."""

    code = "query_too_large"
    status = 422
    messages = {
        "en": "This query would give {numbers} numbers; at most {most} are allowed.",
        "zh": "该查询将产生 {numbers} 个数字，上限为 {most} 个。",
    }
    hints = {
        "en": "Use a longer interval, a shorter period or a smaller top_n.",
        "zh": "请使用更长的时间粒度、更短的时间范围，或更小的 top_n。",
    }


class MetricUnresolved(BihuanError):
    """A query refers to a metric, and nobody put its definition in."""

    code = "metric_unresolved"
    status = 422
    messages = {
        "en": "The metric {metric} is only known to the API of a project.",
        "zh": "指标 {metric} 仅在项目的 API 中可用。",
    }
