"""Errors of asking."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class QueryIdTaken(BihuanError):
    """A running query already has this id."""

    code = "query_id_taken"
    status = 409
    messages = {
        "en": "A query '{query_id}' is already running.",
        "zh": "查询“{query_id}”正在运行。",
    }


class FilterInvalid(BihuanError):
    """The filter of an export is not one that analyses take."""

    code = "filter_invalid"
    status = 422
    messages = {"en": "The filter is not valid: {reason}", "zh": "筛选条件无效：{reason}"}
    hints = {
        "en": "Filters have the form they have in queries; see GET /api/projects/<id>/query/kinds.",
        "zh": "格式与查询中的筛选条件相同，见 GET /api/projects/<id>/query/kinds。",
    }
