"""Building the profile changes and identity joins that several protocols share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bihuan.collect.incoming import ProfileChange, ProfileOperation
from bihuan.collect.protocols.rejection import ItemInvalid, type_invalid


def profile_changes(
    distinct_id: str,
    operations: Iterable[tuple[ProfileOperation, dict[str, Any]]],
    *,
    time_ms: int | None,
    message_id: str | None,
    position: str,
) -> list[ProfileChange]:
    """One change for each operation that has values (``delete`` needs none).

    A message with several operations gets one id for each, ``<message id>:<operation>``, so that a retry
    is recognised operation by operation; with one operation the id is the message's own.
    """
    wanted = [(operation, values) for operation, values in operations if values or operation == "delete"]
    return [
        ProfileChange(
            operation=operation,
            distinct_id=distinct_id,
            values=values,
            time_ms=time_ms,
            message_id=f"{message_id}:{operation}" if message_id and len(wanted) > 1 else message_id,
            position=position,
        )
        for operation, values in wanted
    ]


def unset_values(value: Any, path: str = "$unset") -> dict[str, Any]:
    """Operands of ``unset`` from a list of names, one name, or an object with the names as keys.

    Raises:
        ItemInvalid: ``type_invalid`` for anything else.
    """
    if value is None:
        return {}
    if isinstance(value, dict):
        return dict.fromkeys(value, True)
    if isinstance(value, str):
        return {value: True}
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return dict.fromkeys(value, True)
    raise type_invalid(path, "a list of names", "名称列表")


def check_increments(values: dict[str, Any], path: str) -> dict[str, Any]:
    """``values`` if every operand is a number.

    Raises:
        ItemInvalid: reason ``increment_not_a_number`` naming the first operand that is none.
    """
    for name, operand in values.items():
        if isinstance(operand, bool) or not isinstance(operand, int | float):
            raise ItemInvalid(
                reason="increment_not_a_number",
                path=f"{path}.{name}",
                detail_en=f"{name} can only be increased by a number.",
                detail_zh=f"{name} 只能按数字递增。",
            )
    return values


def operation_unsupported(path: str) -> ItemInvalid:
    """The operation at ``path`` has no counterpart; leaving it out silently would falsify the profile."""
    return ItemInvalid(
        reason="operation_unsupported",
        path=path,
        detail_en=f"The operation {path} is not supported.",
        detail_zh=f"不支持操作 {path}。",
    )


def union_values(values: dict[str, Any]) -> dict[str, list[Any]]:
    """Operands of ``union`` and ``append`` as lists: a single value becomes a list of one."""
    return {name: operand if isinstance(operand, list) else [operand] for name, operand in values.items()}
