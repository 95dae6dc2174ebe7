"""Nodes and links, ready to be drawn as flows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.paths.elements import AFTER, BEFORE
from bihuan.analytics.paths.query import PathsQuery
from bihuan.analytics.paths.sql import ENDED_KEY, GOES_ON_KEY
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sql import breakdown_value


class PathNode(BaseModel):
    """A node at a step: 0 is the anchor, negative steps are before it.

    ``ended``: paths that have no node further on, away from the anchor (before it where the step is negative
    or paths lead to the anchor). Around an anchor, its own ``ended`` are the paths that have none after it.
    """

    model_config = ConfigDict(frozen=True)

    step: int
    node: BreakdownValue
    paths: int
    people: int
    ended: int
    ended_people: int


class PathLink(BaseModel):
    """Paths that have ``source`` at ``step`` and ``target`` at the step after it, in order of time."""

    model_config = ConfigDict(frozen=True)

    step: int
    source: BreakdownValue
    target: BreakdownValue
    paths: int
    people: int


class PathsResult(Result):
    """All ``paths`` and the ``people`` who took them; nodes and links by step, then most paths first."""

    kind: Literal["paths"] = "paths"
    paths: int
    people: int
    nodes: tuple[PathNode, ...]
    links: tuple[PathLink, ...]


def read_paths(ctx: ProjectContext, query: PathsQuery, rows: Sequence[Row]) -> PathsResult:
    """The result of the statement's rows."""
    ended: dict[tuple[int, int, str], tuple[int, int]] = {}
    whole, nodes, links = (0, 0), [], []
    for side, distance, level, node, following, paths, people in rows:
        if level == 0 and following == ENDED_KEY:
            ended[side, distance, node] = paths, people
        elif level == 0 and following != GOES_ON_KEY:
            links.append(_link(side, distance, node, following, paths, people))
        elif level == 2 and distance == 0:
            whole = paths, people
    for side, distance, level, node, _, paths, people in rows:
        # Around an anchor, the anchor itself is on both sides.
        if level == 1 and not (query.direction == "around" and side == BEFORE and distance == 0):
            end = ended.get((side, distance, node), (0, 0))
            nodes.append(
                PathNode(
                    step=distance if side == AFTER else -distance, node=breakdown_value(node), paths=paths,
                    people=people, ended=end[0], ended_people=end[1],
                )
            )  # fmt: skip
    nodes.sort(key=lambda node: (node.step, node.node.other, -node.paths, node.node.value or ""))
    links.sort(key=lambda link: (link.step, -link.paths, *_place(link.source), *_place(link.target)))
    return PathsResult(
        **heading(ctx, query), paths=whole[0], people=whole[1], nodes=tuple(nodes), links=tuple(links)
    )


def _link(side: int, distance: int, node: str, following: str, paths: int, people: int) -> PathLink:
    ends = [breakdown_value(node), breakdown_value(following)]
    source, target = ends if side == AFTER else reversed(ends)
    step = distance if side == AFTER else -distance - 1
    return PathLink(step=step, source=source, target=target, paths=paths, people=people)


def _place(node: BreakdownValue) -> tuple[bool, str]:
    return node.other, node.value or ""
