"""Why a row cannot be stored: told before the insert, because one bad row would fail a whole statement."""

from __future__ import annotations

from typing import Any

from bihuan.kernel.errors import BihuanError, Language

REASONS: dict[str, dict[Language, str]] = {
    "text_missing": {"en": "'{path}' is empty.", "zh": "“{path}”为空。"},
    "text_too_long": {
        "en": "'{path}' has {actual} characters; at most {limit} are stored.",
        "zh": "“{path}”长度为 {actual} 个字符，上限为 {limit}。",
    },
    "time_out_of_range": {
        "en": "'{path}' is not between 1970 and 2100.",
        "zh": "“{path}”不在 1970 年至 2100 年之间。",
    },
    "time_in_future": {
        "en": "'{path}' lies in the future, also after correcting the sender's clock.",
        "zh": "“{path}”晚于当前时间（已校正发送方时钟）。",
    },
    "id_unusable": {
        "en": "'{path}' is a placeholder such as 'null' or 'undefined' and would join many people into one.",
        "zh": "“{path}”是 null、undefined 之类的占位值，会把许多用户合并为一人。",
    },
    "property_name_invalid": {
        "en": "A property name at '{path}' is empty or longer than {limit} characters.",
        "zh": "“{path}”处的属性名为空或超过 {limit} 个字符。",
    },
    "property_repeated": {
        "en": "The property '{path}' is given twice, once as a dotted name.",
        "zh": "属性“{path}”重复出现（带点的名称与嵌套对象相同）。",
    },
    "property_type": {
        "en": "The property '{path}' must be a {expected}.",
        "zh": "属性“{path}”的类型必须是 {expected}。",
    },
    "properties_too_deep": {
        "en": "'{path}' is nested deeper than {limit} levels.",
        "zh": "“{path}”的嵌套超过 {limit} 层。",
    },
    "properties_too_many": {
        "en": "The event has more than {limit} properties.",
        "zh": "事件的属性超过 {limit} 个。",
    },
    "properties_too_large": {
        "en": "The properties take {actual} bytes; at most {limit} are stored.",
        "zh": "属性共 {actual} 字节，上限为 {limit} 字节。",
    },
    "list_too_long": {
        "en": "The list '{path}' has {actual} elements; at most {limit} are stored.",
        "zh": "列表“{path}”有 {actual} 个元素，上限为 {limit}。",
    },
}


class RowRejected(BihuanError):
    """A row breaks a limit; ``reason`` is the code kept in quarantine, ``path`` the field at fault."""

    code = "row_rejected"
    status = 422

    def __init__(self, reason: str, path: str, **params: Any) -> None:
        self.reason = reason
        super().__init__(path=path, **params)

    def message(self, language: Language) -> str:
        """The sentence for this reason."""
        return REASONS[self.reason][language].format(path=self.path, **self.params)
