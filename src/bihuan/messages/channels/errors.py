"""Errors of configured channels."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class MessageChannelNotFound(BihuanError):
    """No such channel in this project."""

    code = "message_channel_not_found"
    status = 404
    messages = {"en": "There is no channel {channel_id}.", "zh": "触达通道 {channel_id} 不存在。"}


class MessageChannelExists(BihuanError):
    """Another channel of the project has the name."""

    code = "message_channel_exists"
    status = 409
    messages = {"en": "There is a channel {name} already.", "zh": "已有名为 {name} 的触达通道。"}
    hints = {"en": "Choose another name.", "zh": "请换一个名称。"}


class MessageChannelInUse(BihuanError):
    """Messages wait for the channel."""

    code = "message_channel_in_use"
    status = 409
    messages = {
        "en": "{count} messages wait for this channel.",
        "zh": "还有 {count} 条消息等待通过该通道发送。",
    }
    hints = {
        "en": "Send or cancel them first, or switch the channel off.",
        "zh": "请先发送或取消这些消息，也可以停用该通道。",
    }


class InAppHasNoSettings(BihuanError):
    """A channel inside the app that was given settings."""

    code = "in_app_has_no_settings"
    status = 422
    messages = {"en": "A channel inside the app has no settings.", "zh": "站内信通道没有可设置的内容。"}


class TestUnrendered(BihuanError):
    """A test message that says nothing."""

    __test__ = False
    code = "test_unrendered"
    status = 422
    messages = {
        "en": "The test message cannot be rendered: {reason}",
        "zh": "无法生成测试消息：{reason}",
    }
    hints = {
        "en": "Look at the preview of the template for this person.",
        "zh": "请查看该模板针对此用户的预览。",
    }


class AddressMissing(BihuanError):
    """A test message without an address."""

    code = "address_missing"
    status = 422
    messages = {"en": "Say where the test goes.", "zh": "请填写测试消息的接收地址。"}
