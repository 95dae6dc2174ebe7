"""Errors of the outbox."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class MessageNotFound(BihuanError):
    """No such message in this project."""

    code = "message_not_found"
    status = 404
    messages = {"en": "There is no message {message_id}.", "zh": "消息 {message_id} 不存在。"}


class MessageNotUncertain(BihuanError):
    """A decision about messages of which some are not uncertain (any more)."""

    code = "message_not_uncertain"
    status = 409
    messages = {
        "en": "Not all of these messages are uncertain; nothing was changed.",
        "zh": "这些消息并非全部处于“结果未知”状态，未做任何更改。",
    }
    hints = {"en": "Load the list again.", "zh": "请刷新列表后重试。"}
