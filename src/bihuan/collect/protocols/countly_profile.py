"""Countly's ``user_details`` as profile changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.collect.incoming import Item, ProfileOperation
from bihuan.collect.protocols.changes import profile_changes
from bihuan.collect.protocols.fields import json_member
from bihuan.collect.protocols.mapping import as_number
from bihuan.collect.protocols.rejection import ItemInvalid, object_or_empty


def user_detail_changes(
    details: dict[str, Any],
    *,
    distinct_id: str,
    time_ms: int | None,
    message_id: str | None,
    position: str,
) -> list[Item]:
    """Changes for the fixed members (``name``, ``email``, …) and for ``custom`` with its operators.

    ``$inc`` increments, ``$setOnce`` sets once, ``$push`` appends, ``$addToSet`` unites; an empty value
    removes.

    Raises:
        ItemInvalid: ``operation_unsupported`` for ``$mul``, ``$min``, ``$max`` and ``$pull``, whose result
            depends on the order of arrival; ``increment_not_a_number``.
    """
    operations: dict[ProfileOperation, dict[str, Any]] = {}
    custom = object_or_empty(json_member(details.get("custom"), "user_details.custom"), "user_details.custom")
    members = {name: value for name, value in details.items() if name not in ("custom", "picturePath")}
    for name, value in {**members, **custom}.items():
        operation, operand = _operation(name, value)
        operations.setdefault(operation, {})[name] = operand
    return list(
        profile_changes(
            distinct_id,
            operations.items(),
            time_ms=time_ms,
            message_id=message_id,
            position=position,
        )
    )


def _operation(name: str, value: Any) -> tuple[ProfileOperation, Any]:
    if value is None or value == "":
        return "unset", True
    if not isinstance(value, dict) or len(value) != 1:
        return "set", value
    operator, operand = next(iter(value.items()))
    if not operator.startswith("$"):
        return "set", value
    known = _OPERATORS.get(operator)
    if known is None:
        raise ItemInvalid(
            reason="operation_unsupported",
            path=f"user_details.custom.{name}",
            detail_en=f"{operator} depends on the order of arrival and is not supported.",
            detail_zh=f"不支持 {operator}：其结果取决于到达顺序。",
        )
    operation, prepare = known
    return operation, prepare(operand)


def _number(operand: Any) -> float:
    number = as_number(operand)
    if number is None:
        raise ItemInvalid(
            reason="increment_not_a_number",
            path="user_details.custom",
            detail_en="A property can only be increased by a number.",
            detail_zh="属性只能按数字递增。",
        )
    return number


def _list(operand: Any) -> list[Any]:
    return operand if isinstance(operand, list) else [operand]


def _same(operand: Any) -> Any:
    return operand


_OPERATORS: dict[str, tuple[ProfileOperation, Callable[[Any], Any]]] = {
    "$inc": ("increment", _number),
    "$setOnce": ("set_once", _same),
    "$push": ("append", _list),
    "$addToSet": ("union", _list),
}
