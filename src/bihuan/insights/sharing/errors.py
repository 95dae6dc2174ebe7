"""Errors of public links."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class PublicLinkNotFound(BihuanError):
    """No such link, or it expired or was withdrawn: one answer for all, so that guessing teaches nothing."""

    code = "public_link_not_found"
    status = 404
    messages = {
        "en": "This link does not exist, or is no longer valid.",
        "zh": "该链接不存在或已失效。",
    }
    hints = {"en": "Ask whoever gave it to you for a new one.", "zh": "请向分享者索取新的链接。"}


class ExpiryInvalid(BihuanError):
    """A link ends in the future, and not too far in it."""

    code = "expiry_invalid"
    status = 422
    messages = {
        "en": "A link ends within the next {most_days} days.",
        "zh": "链接的有效期须在未来 {most_days} 天之内。",
    }
