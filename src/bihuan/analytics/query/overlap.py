"""Which steps an event could match at once, as far as the query alone shows."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import AnyFilter, FilterGroup, TextFilter


def disjoint(left: EventSelector, right: EventSelector) -> bool:
    """Whether no event can be of both: no name in common, or conditions that ask for different texts."""
    if left.events and right.events and not set(left.events) & set(right.events):
        return True
    return any(
        one.property == other.property and not set(one.values) & set(other.values)
        for one in _texts(left.filter)
        for other in _texts(right.filter)
    )


def overlapping_groups(selectors: Sequence[EventSelector]) -> list[list[int]]:
    """The selectors' indexes in groups, such that no event is of selectors in two groups."""
    groups: list[list[int]] = []
    for index, selector in enumerate(selectors):
        touched = [
            group for group in groups if any(not disjoint(selector, selectors[other]) for other in group)
        ]
        groups = [group for group in groups if group not in touched]
        groups.append(sorted([index, *(member for group in touched for member in group)]))
    return sorted(groups)


def _texts(node: AnyFilter | None) -> list[TextFilter]:
    """The conditions ``text is one of`` that must hold."""
    if isinstance(node, FilterGroup):
        return [text for item in node.items for text in _texts(item)] if node.op == "and" else []
    if isinstance(node, TextFilter) and node.operator == "is" and not node.ignore_case:
        return [node]
    return []
