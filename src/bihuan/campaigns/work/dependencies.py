"""Which task waits for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def circle_from(start: str, depends_on: Mapping[str, Sequence[str]]) -> list[str] | None:
    """The way from a task along its dependencies back to itself; None when there is none.

    Tasks that are not in ``depends_on`` depend on nothing.

    >>> circle_from("a", {"a": ["b"], "b": ["c"], "c": ["a"]})
    ['a', 'b', 'c', 'a']
    >>> circle_from("a", {"a": ["b", "c"], "b": ["c"]}) is None
    True
    """
    came_from: dict[str, str] = {}
    pending = [start]
    while pending:
        task = pending.pop()
        for before in depends_on.get(task, ()):
            if before == start:
                way = [task]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return [*reversed(way), start]
            if before not in came_from:
                came_from[before] = task
                pending.append(before)
    return None
