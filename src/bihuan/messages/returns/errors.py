"""Errors of the way back."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class CallbackUnknown(BihuanError):
    """A callback to an address that this installation did not give."""

    code = "callback_unknown"
    status = 404
    messages = {"en": "Callbacks do not come here.", "zh": "回调地址无效。"}
    hints = {"en": "Take the address from the channel's page.", "zh": "请使用通道页面给出的回调地址。"}


class CallbackUnsigned(BihuanError):
    """A provider whose callbacks are signed, and no key to check them with."""

    code = "callback_key_missing"
    status = 422
    messages = {
        "en": "The key that checks the callbacks of {provider} is not set.",
        "zh": "尚未设置用于校验 {provider} 回调签名的密钥。",
    }
    hints = {"en": "Set it at the channel.", "zh": "请在通道中设置。"}


class CallbackTooLarge(BihuanError):
    """A callback that is larger than any provider's."""

    code = "callback_too_large"
    status = 413
    messages = {"en": "The callback is larger than {most} bytes.", "zh": "回调内容超过 {most} 字节。"}


class MailboxMissing(BihuanError):
    """A mailbox that is to be read, and none is set."""

    code = "mailbox_missing"
    status = 422
    messages = {"en": "This channel has no mailbox.", "zh": "该通道没有设置收件箱。"}
    hints = {"en": "Set the server, the user name and the password.", "zh": "请填写服务器、用户名和密码。"}


class MailboxUnreadable(BihuanError):
    """A mailbox that cannot be read."""

    code = "mailbox_unreadable"
    status = 422
    messages = {"en": "The mailbox cannot be read: {reason}", "zh": "无法读取收件箱：{reason}"}
    hints = {
        "en": "Check server, port, encryption, user name, password and folder.",
        "zh": "请检查服务器、端口、加密方式、用户名、密码和文件夹。",
    }
