"""Small files of text that members upload."""

from __future__ import annotations

from bihuan.kernel.errors import InputInvalid

_ENCODINGS = ("utf-8-sig", "gb18030")


def decoded(content: bytes) -> str:
    """The text of an uploaded ``file``: UTF-8 or GBK, as spreadsheets save it. Raises ``InputInvalid``."""
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise file_refused("The file is neither UTF-8 nor GBK text.", "文件编码既不是 UTF-8 也不是 GBK。")


def file_refused(en: str, zh: str) -> InputInvalid:
    """The refusal of an uploaded ``file``, in both languages."""
    return InputInvalid(path="file", reason_en=en, reason_zh=zh)
