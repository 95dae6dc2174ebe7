"""A person's way through a journey as text beside the person: ``node>port@ms,``, one piece a move.

It grows with the statement that moves the person, so that it costs no row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """Left ``node`` by ``port`` at a moment."""

    node: str
    port: str
    at_ms: int


def piece(node: str, port: str, at_ms: int) -> str:
    """The text of a move."""
    return f"{node}>{port}@{at_ms},"


def moves(path: str) -> list[Move]:
    """What a text tells."""
    found = []
    for each in path.split(",")[:-1]:
        way, _, at = each.rpartition("@")
        node, _, port = way.partition(">")
        found.append(Move(node, port, int(at)))
    return found
