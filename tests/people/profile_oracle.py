"""A person's properties from the definition: each property by itself, from the last change back."""

from __future__ import annotations

from typing import Any

from bihuan.people import Change


def oracle(changes: list[Change]) -> dict[str, Any]:
    """The properties after all changes, in whatever order they are given."""
    received = sorted(
        changes, key=lambda each: (each.received_ms, each.time_ms, each.operation, str(each.values))
    )
    first: list[Change] = []
    for each in received:
        if all(each.change_id != other.change_id for other in first):
            first.append(each)
    first.sort(key=lambda each: (each.time_ms, each.change_id.int))
    names = {name for each in first for name in each.values if each.operation != "delete"}
    found = {name: _value(name, first) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _value(name: str, changes: list[Change]) -> Any:
    """The value after the last of ``changes``, from the value after the one before it."""
    if not changes:
        return None
    *before, last = changes
    if last.operation == "delete":
        return None
    if name not in last.values:
        return _value(name, before)
    operand = last.values[name]
    if last.operation == "unset":
        return None
    if last.operation == "set":
        return operand
    held = _value(name, before)
    if last.operation == "set_once":
        return operand if held is None else held
    if last.operation == "increment":
        numeric = type(operand) in (int, float) and (held is None or type(held) in (int, float))
        return float((held or 0.0) + operand) if numeric else held
    added = [each for each in (operand if isinstance(operand, list) else [operand]) if each is not None]
    # Nulls inside lists count for nothing.
    base = [each for each in (held if isinstance(held, list) else [held]) if each is not None]
    if last.operation == "union":
        joined = list(base)
        for each in added:
            if not any(_same(each, other) for other in joined):
                joined.append(each)
        return joined or held
    return base + added if added else held


def _same(left: Any, right: Any) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
