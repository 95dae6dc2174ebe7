"""Errors of sending."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class AddressRefused(BihuanError):
    """An address that requests of this server must not go to."""

    code = "address_refused"
    status = 422
    messages = {"en": "Nothing is sent to {url}: {reason_en}.", "zh": "不能发送到 {url}：{reason_zh}。"}
    hints = {
        "en": "Addresses on the internet with https are allowed; BIHUAN_PRIVATE_WEBHOOKS allows others.",
        "zh": "仅允许公网的 https 地址；设置 BIHUAN_PRIVATE_WEBHOOKS 后可放开。",
    }


class DeliveryFailed(BihuanError):
    """The receiver did not take a message."""

    code = "delivery_failed"
    status = 502
    messages = {"en": "It was not taken: {reason_en}.", "zh": "对方没有接收：{reason_zh}。"}

    def __init__(
        self,
        reason_en: str,
        reason_zh: str,
        *,
        answer: int | None = None,
        wait_seconds: float = 0.0,
    ) -> None:
        super().__init__(reason_en=reason_en, reason_zh=reason_zh)
        self.answer = answer
        self.wait_seconds = wait_seconds


class ChannelKindUnknown(BihuanError):
    """No channel is of this kind."""

    code = "channel_kind_unknown"
    status = 422
    messages = {"en": "There is no kind of channel {kind}.", "zh": "没有 {kind} 这种通道。"}
    hints = {"en": "There are: {kinds}.", "zh": "可用的有：{kinds}。"}


class ChannelSettingsInvalid(BihuanError):
    """Settings with which a channel cannot be opened; ``path`` says which."""

    code = "channel_settings_invalid"
    status = 422
    messages = {
        "en": "The channel's setting {field} is wrong: {reason_en}.",
        "zh": "通道设置 {field} 有误：{reason_zh}。",
    }


class ReceiptRefused(BihuanError):
    """A provider's callback that is not signed as it should be, or cannot be read."""

    code = "receipt_refused"
    status = 400
    messages = {"en": "The callback is refused: {reason_en}.", "zh": "回调被拒绝：{reason_zh}。"}
