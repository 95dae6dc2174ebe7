"""Errors of people: identities and profiles."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class PersonNotFound(BihuanError):
    """No person has this id."""

    code = "person_not_found"
    status = 404
    messages = {"en": "There is no person '{person}'.", "zh": "用户“{person}”不存在。"}


class LinkNotFound(BihuanError):
    """The identity log has no such row."""

    code = "link_not_found"
    status = 404
    messages = {"en": "There is no identity link '{link_id}'.", "zh": "身份关联“{link_id}”不存在。"}


class LinkAlreadyUndone(BihuanError):
    """The row was undone before."""

    code = "link_already_undone"
    status = 409
    messages = {
        "en": "The identity link '{link_id}' was undone before.",
        "zh": "身份关联“{link_id}”已被撤销。",
    }
    hints = {
        "en": "To restore it, undo the undo.",
        "zh": "如需恢复，请撤销该撤销记录。",
    }


class PersonsAlreadyOne(BihuanError):
    """Both ids belong to one person already."""

    code = "persons_already_one"
    status = 409
    messages = {
        "en": "'{from_id}' and '{to_id}' are one person already.",
        "zh": "“{from_id}”与“{to_id}”已是同一用户。",
    }


class DistinctIdUnusable(BihuanError):
    """The id is one that programs send when they have none."""

    code = "distinct_id_unusable"
    status = 422
    messages = {
        "en": "'{distinct_id}' cannot tell one person from another.",
        "zh": "“{distinct_id}”不能用来区分用户。",
    }
    hints = {
        "en": "Programs send it when they have no id; joining on it would mix many people.",
        "zh": "程序在没有标识时会发送该值；用它关联会把很多人混在一起。",
    }
