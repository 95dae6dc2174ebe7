"""A person's properties as a pure function of the changes: the order in which they arrived never matters.

Changes are taken by (time, change id); of several with one id the first received counts.

========== ============================================================================================
set        replaces; null removes
set_once   sets what is absent at that moment
increment  adds to a number, from zero when absent; leaves anything that is not a number as it is
append     adds to the end of a list; a single value becomes a list of one, an operand list adds each
union      as append, without what the list has already
unset      removes the names
delete     removes everything; changes of a later time begin a new profile
========== ============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from bihuan.people.profiles.changes import Change, Operation

Properties = dict[str, Any]


@dataclass
class Profile:
    """The outcome of folding: ``count`` changes, times of the first and the last (None without changes)."""

    properties: Properties = field(default_factory=dict)
    deleted: bool = False
    count: int = 0
    first_ms: int | None = None
    last_ms: int | None = None


def fold(changes: Iterable[Change]) -> Profile:
    """Fold the changes of one person."""
    unique = _first_received(changes)
    profile = Profile(count=len(unique))
    if unique:
        profile.first_ms, profile.last_ms = unique[0].time_ms, unique[-1].time_ms
    for change in unique:
        _OPERATIONS[change.operation](profile.properties, change.values)
        profile.deleted = change.operation == "delete"
    return profile


def _first_received(changes: Iterable[Change]) -> list[Change]:
    first: dict[UUID, Change] = {}
    for change in changes:
        held = first.setdefault(change.change_id, change)
        if held is not change and _precedence(change) < _precedence(held):
            first[change.change_id] = change
    if len(first) == 1:
        return list(first.values())
    return sorted(first.values(), key=lambda change: (change.time_ms, change.change_id.int))


def _precedence(change: Change) -> tuple[object, ...]:
    # Two copies received in one millisecond: any choice will do that does not depend on arrival.
    content = msgspec.json.encode(change.values, order="sorted")
    return change.received_ms, change.time_ms, change.operation, content


def _set(properties: Properties, values: Properties) -> None:
    for name, value in values.items():
        if value is None:
            properties.pop(name, None)
        else:
            properties[name] = value


def _set_once(properties: Properties, values: Properties) -> None:
    for name, value in values.items():
        if value is not None:
            properties.setdefault(name, value)


def _increment(properties: Properties, values: Properties) -> None:
    for name, amount in values.items():
        held = properties.get(name, 0.0)
        if is_number(amount) and is_number(held):
            properties[name] = float(held) + float(amount)


def _append(properties: Properties, values: Properties) -> None:
    for name, operand in values.items():
        added = as_list(operand)
        if added:
            properties[name] = as_list(properties.get(name)) + added


def _union(properties: Properties, values: Properties) -> None:
    for name, operand in values.items():
        held = as_list(properties.get(name))
        seen = {_identity(value) for value in held}
        for value in as_list(operand):
            if _identity(value) not in seen:
                seen.add(_identity(value))
                held.append(value)
        if held:
            properties[name] = held


def _unset(properties: Properties, values: Properties) -> None:
    for name in values:
        properties.pop(name, None)


def _delete(properties: Properties, _values: Properties) -> None:
    properties.clear()


_OPERATIONS: dict[Operation, Callable[[Properties, Properties], None]] = {
    "set": _set,
    "set_once": _set_once,
    "increment": _increment,
    "append": _append,
    "union": _union,
    "unset": _unset,
    "delete": _delete,
}


def is_number(value: Any) -> bool:
    """Whether a value counts as a number; true and false do not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_list(value: Any) -> list[Any]:
    """A new list of the values: nothing for null, one for a single value."""
    if value is None:
        return []
    return [each for each in value if each is not None] if isinstance(value, list) else [value]


def _identity(value: Any) -> tuple[str, object]:
    # 1 and 1.0 are one number; true is not 1.
    if is_number(value):
        return "number", float(value)
    if isinstance(value, dict | list):
        return "json", msgspec.json.encode(value, order="sorted")
    return type(value).__name__, value
