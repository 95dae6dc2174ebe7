"""Errors of messages inside the app."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class InboxRequestInvalid(BihuanError):
    """A request of the SDK that cannot be understood."""

    code = "inbox_request_invalid"
    status = 422
    messages = {"en": "This is not understood: {reason_en}.", "zh": "无法识别该请求：{reason_zh}。"}


class InboxSignatureWrong(BihuanError):
    """Somebody asks for the messages of an id without the signature that belongs to it."""

    code = "inbox_signature_wrong"
    status = 403
    messages = {
        "en": "The signature does not belong to this id.",
        "zh": "签名与该用户 ID 不符。",
    }
    hints = {
        "en": "The company's server signs ids with the secret of the inbox: HMAC-SHA256, in hex.",
        "zh": "请由企业服务器使用站内信密钥对用户 ID 计算 HMAC-SHA256（十六进制）。",
    }
