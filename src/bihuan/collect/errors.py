"""Errors of collection."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class PayloadInvalid(BihuanError):
    """The body is not what the protocol expects."""

    code = "payload_invalid"
    status = 400
    messages = {"en": "The request cannot be read: {reason_en}", "zh": "无法读取请求：{reason_zh}"}


class WriteKeyMissing(BihuanError):
    """No write key was found where the protocol carries it."""

    code = "write_key_missing"
    status = 401
    messages = {"en": "The request carries no write key.", "zh": "请求中没有写入密钥（write key）。"}
    hints = {
        "en": "List the keys with `bihuan key list` and put one into the SDK's settings.",
        "zh": "用 `bihuan key list` 查看密钥，并填入 SDK 的设置中。",
    }


class WriteKeyUnknown(BihuanError):
    """The write key belongs to no source, or was revoked."""

    code = "write_key_unknown"
    status = 401
    messages = {"en": "The write key is not known here.", "zh": "写入密钥不存在或已被撤销。"}
    hints = {
        "en": "List the keys with `bihuan key list`; a revoked key stays refused.",
        "zh": "用 `bihuan key list` 查看可用的密钥；已撤销的密钥会一直被拒绝。",
    }


class BodyTooLarge(BihuanError):
    """The body is larger than the protocol allows."""

    code = "body_too_large"
    status = 413
    messages = {
        "en": "The body has {size_bytes} bytes; at most {limit_bytes} are accepted.",
        "zh": "请求体为 {size_bytes} 字节，上限为 {limit_bytes} 字节。",
    }
    hints = {"en": "Send fewer events in one request.", "zh": "请减少单次请求中的事件数量。"}


class BatchTooLong(BihuanError):
    """The request holds more events than the protocol allows."""

    code = "batch_too_long"
    status = 413
    messages = {
        "en": "The request holds {size} events; at most {limit} are accepted.",
        "zh": "请求中有 {size} 条事件，上限为 {limit} 条。",
    }
    hints = {"en": "Send fewer events in one request.", "zh": "请减少单次请求中的事件数量。"}


class RouteUnknown(BihuanError):
    """No protocol has this address."""

    code = "not_found"
    status = 404
    messages = {"en": "No protocol has this address.", "zh": "没有采集协议使用该地址。"}
    hints = {
        "en": "docs/collection.md lists the addresses, such as /v1/batch and /in/posthog/batch/.",
        "zh": "可用地址见 docs/collection.md，例如 /v1/batch、/in/posthog/batch/。",
    }
