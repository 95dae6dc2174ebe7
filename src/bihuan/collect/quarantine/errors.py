"""Errors of the quarantine."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class QuarantineItemNotFound(BihuanError):
    """No item has this id."""

    code = "quarantine_item_not_found"
    status = 404
    messages = {"en": "There is no item '{item_id}' in quarantine.", "zh": "隔离区中没有条目“{item_id}”。"}


class QuarantineItemDone(BihuanError):
    """The item was replayed or discarded, and cannot be changed any more."""

    code = "quarantine_item_done"
    status = 409
    messages = {
        "en": "The item '{item_id}' is {status} already.",
        "zh": "条目“{item_id}”的状态已是 {status}。",
    }


class RawInvalid(BihuanError):
    """The text given as an item's payload is not JSON."""

    code = "raw_invalid"
    status = 422
    messages = {"en": "The payload is not JSON: {reason}", "zh": "内容不是有效的 JSON：{reason}"}


class ItemUnreadable(BihuanError):
    """The payload is none of the items that can be stored; raised by replays, and told in their outcome."""

    code = "item_unreadable"
    status = 422
    messages = {
        "en": "The payload is neither its protocol's nor an event, profile change or identity link: {reason}",
        "zh": "内容不符合其协议，也不是事件、用户属性变更或身份关联：{reason}",
    }
