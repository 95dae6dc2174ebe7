"""A definition in the order in which its people are moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.nodes import WaitFor, Waiting


@dataclass(frozen=True)
class Plan:
    """A definition without faults.

    People who are due leave waiting nodes first; then they are moved through the others, each after all that
    lead to it, until they wait again or are out.
    """

    definition: Definition

    @cached_property
    def waiting(self) -> list[str]:
        """The nodes where people wait."""
        return [key for key, node in self.definition.nodes.items() if isinstance(node, Waiting)]

    @cached_property
    def passing(self) -> list[str]:
        """The other nodes, each after those that lead to it."""
        held = set(self.waiting)
        return [key for key in TopologicalSorter(_before(self.definition)).static_order() if key not in held]

    @cached_property
    def looking(self) -> list[str]:
        """The nodes that wait for an event."""
        return [key for key in self.waiting if isinstance(self.definition.nodes[key], WaitFor)]

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The nodes that a person may come to more than once."""
        nodes = self.definition.nodes
        found = set()
        for key in nodes:
            seen: set[str] = set()
            ahead = [target for _, target in nodes[key].ways() if target]
            while ahead:
                each = ahead.pop()
                if each in nodes and each not in seen:
                    seen.add(each)
                    ahead += [target for _, target in nodes[each].ways() if target]
            if key in seen:
                found.add(key)
        return frozenset(found)


def endless(definition: Definition) -> list[str]:
    """The nodes of a circle in which nobody ever waits; none if there is no such circle."""
    try:
        list(TopologicalSorter(_before(definition)).static_order())
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def _before(definition: Definition) -> dict[str, list[str]]:
    """For each node those that lead to it at once."""
    before: dict[str, list[str]] = {key: [] for key in definition.nodes}
    for key, node in definition.nodes.items():
        if isinstance(node, Waiting):
            continue
        for _, target in node.ways():
            if target in before:
                before[target].append(key)
    return before
