"""Who is who, as a pure function of the link log: the order in which rows arrived never matters.

1. An undo cancels its target; undoing the undo restores it. To cancel one link or alias is to cancel what was
   ever said about that pair of ids, since SDKs repeat a link at every page load. A merge is cancelled alone.
2. An id that a link in force names as known is *known*.
3. Links and aliases are taken by (time, link id). One is applied unless it would put two known ids into one
   person; then it is refused, and an operator may decide by a merge. So the earliest link of an anonymous id
   wins. The known id is the person; among anonymous ids the ``to_id`` of the later join is.
4. Merges then join whole persons in the same order; the person of ``to_id`` remains.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Set
from dataclasses import dataclass

from bihuan.people.identity.links import Link, LinkStatus, is_usable


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row, and why (empty when there is nothing to say)."""

    status: LinkStatus
    reason: str = ""


@dataclass(frozen=True)
class Resolution:
    """``persons`` maps every id of the log to the id its person is named by."""

    persons: dict[str, str]
    known: frozenset[str]
    verdicts: dict[uuid.UUID, Verdict]


class _Union:
    """Disjoint sets of ids; the root of a set is the id that names the person."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, item: str) -> str:
        parent = self._parent
        top = item
        while parent.setdefault(top, top) != top:
            top = parent[top]
        while parent[item] != top:
            parent[item], item = top, parent[item]
        return top

    def put_under(self, lower: str, upper: str) -> None:
        self._parent[lower] = upper


def resolve(links: Iterable[Link], *, known_elsewhere: Set[str] = frozenset()) -> Resolution:
    """Resolve a log, or the part of it around some ids.

    Args:
        links: rows in any order; repeated rows count once.
        known_elsewhere: ids that rows outside ``links`` name as known.
    """
    log = sorted({link.link_id: link for link in links}.values(), key=lambda link: link.order)
    cancelled, pairs = _cancelled(log)
    verdicts: dict[uuid.UUID, Verdict] = {}
    in_force: list[Link] = []
    for link in log:
        if link.link_id in cancelled or (link.kind in ("link", "alias") and link.pair in pairs):
            verdicts[link.link_id] = Verdict("undone")
        elif link.kind == "undo":
            verdicts[link.link_id] = Verdict("applied")
        else:
            in_force.append(link)
    named = {link.to_id for link in in_force if link.kind == "link" and is_usable(link.to_id)}
    known = named | known_elsewhere
    persons = _Union()
    for link in log:
        persons.root(link.from_id), persons.root(link.to_id)
    refused = _join(in_force, known, persons, verdicts)
    for link in in_force:
        if link.kind == "merge":
            _merge(link, persons, verdicts)
    for link in refused:
        if persons.root(link.from_id) == persons.root(link.to_id):
            verdicts[link.link_id] = Verdict("applied", "merged")
    ids = {each for link in log for each in (link.from_id, link.to_id)}
    return Resolution({each: persons.root(each) for each in ids}, frozenset(known), verdicts)


def _cancelled(log: list[Link]) -> tuple[set[uuid.UUID], set[tuple[str, str]]]:
    by_id = {link.link_id: link for link in log}
    cancelled: set[uuid.UUID] = set()
    pairs: set[tuple[str, str]] = set()
    # From the last: whether an undo is itself undone is settled before its effect is asked for.
    for undo in reversed(log):
        if undo.kind != "undo" or undo.link_id in cancelled:
            continue
        target = by_id.get(undo.target)
        if target is not None and target.order < undo.order:
            cancelled.add(target.link_id)
            if target.kind in ("link", "alias"):
                pairs.add(target.pair)
    return cancelled, pairs


def _join(
    links: list[Link], known: set[str], persons: _Union, verdicts: dict[uuid.UUID, Verdict]
) -> list[Link]:
    refused: list[Link] = []
    for link in links:
        if link.kind == "merge":
            continue
        source, destination = persons.root(link.from_id), persons.root(link.to_id)
        if not (is_usable(link.from_id) and is_usable(link.to_id)):
            verdicts[link.link_id] = Verdict("refused", "unusable_id")
        elif source == destination:
            verdicts[link.link_id] = Verdict("applied")
        elif source in known and destination in known:
            both = link.from_id in known and link.to_id in known
            verdicts[link.link_id] = Verdict("refused", "both_known" if both else "linked_to_another")
            refused.append(link)
        else:
            verdicts[link.link_id] = Verdict("applied")
            if source in known:
                persons.put_under(destination, source)
            else:
                persons.put_under(source, destination)
    return refused


def _merge(link: Link, persons: _Union, verdicts: dict[uuid.UUID, Verdict]) -> None:
    if not (is_usable(link.from_id) and is_usable(link.to_id)):
        verdicts[link.link_id] = Verdict("refused", "unusable_id")
        return
    verdicts[link.link_id] = Verdict("applied")
    source, destination = persons.root(link.from_id), persons.root(link.to_id)
    if source != destination:
        persons.put_under(source, destination)
