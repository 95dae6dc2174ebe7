"""One error shape for the whole system.

Every failure a caller can act on is a :class:`BihuanError` subclass named noun + condition. The class
carries its code, HTTP status and its sentences in both languages; the instance carries the path of the
field at fault and the values the sentences mention. Packages declare theirs in their own ``errors.py``.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class BihuanError(Exception):
    """Base of every error that is shown to a caller.

    Args:
        path: where in the caller's input the fault is, e.g. ``steps[1].event``; None when nowhere.
        **params: values for the ``{placeholders}`` of ``messages`` and ``hints``.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    messages: ClassVar[dict[Language, str]] = {
        "en": "Something went wrong inside Bihuan.",
        "zh": "闭环内部出现错误。",
    }
    hints: ClassVar[dict[Language, str]] = {}

    def __init__(self, *, path: str | None = None, **params: Any) -> None:
        self.path = path
        self.params = params
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """The sentence that says what is wrong, in ``language``."""
        return self.messages[language].format(**self.params)

    def hint(self, language: Language) -> str | None:
        """How to mend it, in ``language``; None when there is nothing to say."""
        template = self.hints.get(language)
        return template.format(**self.params) if template else None

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The body of an HTTP error: ``{"error": {code, message, path, hint}}``."""
        return {
            "error": {
                "code": self.code,
                "message": self.message(language),
                "path": self.path,
                "hint": self.hint(language),
            }
        }


class InputInvalid(BihuanError):
    """The caller's input breaks a rule; ``reason_en``/``reason_zh`` say which."""

    code = "input_invalid"
    status = 422
    messages = {"en": "{reason_en}", "zh": "{reason_zh}"}


class Overloaded(BihuanError):
    """A bounded queue is full; the caller should retry after ``retry_after_seconds``."""

    code = "overloaded"
    status = 503
    messages = {
        "en": "The server is busy and did not accept this request.",
        "zh": "服务器繁忙，未接受本次请求。",
    }
    hints = {
        "en": "Send it again after {retry_after_seconds} s; nothing was stored.",
        "zh": "请在 {retry_after_seconds} 秒后重试；数据未被保存。",
    }
