"""Errors of writing tables."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class TableFormatUnknown(BihuanError):
    """No writer for the format that was asked for."""

    code = "table_format_unknown"
    status = 422
    messages = {"en": "Tables cannot be written as {format}.", "zh": "不支持导出为 {format} 格式。"}
    hints = {
        "en": "Choose csv, xlsx, parquet, arrow or jsonl.",
        "zh": "可选格式：csv、xlsx、parquet、arrow、jsonl。",
    }
