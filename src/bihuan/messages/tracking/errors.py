"""Errors of tracked links."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class LinkUnknown(BihuanError):
    """A link that this installation did not make."""

    code = "message_link_unknown"
    status = 404
    messages = {"en": "This link is not one of ours.", "zh": "该链接无效。"}
    hints = {
        "en": "It may have been cut short: open it from the message itself.",
        "zh": "链接可能不完整，请从原消息中打开。",
    }
