"""From new links to the rows that must be written, reading no more of the log than they can touch.

Most links are *plain*: an id never linked before, joined to a known id (or to one just as new). They
change nobody else. The others are resolved with the part of the log around them: verdicts never depend on
what lies beyond a known id, since a known id names its person by itself, so the walk stops there. Merges
do reach across, so a part with a merge in it is walked to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bihuan.kernel.hashing import key64
from bihuan.people.identity.identity_map import IdentityMap
from bihuan.people.identity.links import Link, is_usable
from bihuan.people.identity.repository import Override, StoredLink
from bihuan.people.identity.resolution import Resolution, Verdict, resolve


@dataclass
class Plan:
    """Rows to write; ``persons`` are those whose ids change, before and after."""

    links: list[StoredLink] = field(default_factory=list)
    overrides: dict[str, Override] = field(default_factory=dict)
    persons: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Planner:
    """Plans against what is held now.

    Args:
        identities: every id that the stored log names.
        endpoints: keys of the ids that merges name.
        touching: reads the stored rows of the log that name any of some keys.
        received_ms: when the new links arrived.
        version: of the rows to be written; above that of every row it may replace.
    """

    identities: IdentityMap
    endpoints: set[int]
    touching: Callable[[Iterable[int]], list[StoredLink]]
    received_ms: int
    version: int

    def plain(self, links: Sequence[Link]) -> Plan:
        """The rows of plain links (see :func:`split`)."""
        plan = Plan()
        for link in links:
            plan.links.append(StoredLink(link, self.received_ms, Verdict("applied")))
            from_key, to_key = key64(link.from_id), key64(link.to_id)
            destination = self.identities.get(to_key)
            if destination is None:
                plan.overrides[link.to_id] = Override(link.to_id, to_key, True, False, self.version)
            person = to_key if destination is None else destination.person_id
            plan.overrides[link.from_id] = Override(link.from_id, person, False, True, self.version)
            plan.persons |= {from_key, person}
        return plan

    def entangled(self, links: Sequence[Link], seeds: Iterable[str] = ()) -> Plan:
        """The rows of any links, resolved anew with what surrounds them and the ids in ``seeds``."""
        ids = {name for link in links for name in (link.from_id, link.to_id)} | set(seeds)
        stored, walked = self._surroundings(ids, whole=any(link.kind == "merge" for link in links))
        rows = {each.link.link_id: each for each in stored}
        said = {(row.link.kind, row.link.from_id, row.link.to_id): row.link.time_ms for row in stored}
        for link in links:
            earlier = said.get((link.kind, link.from_id, link.to_id))
            if link.kind in ("merge", "undo") or earlier is None or link.time_ms < earlier:
                rows.setdefault(link.link_id, StoredLink(link, self.received_ms, Verdict("applied", "new")))
        everyone = {name for each in rows.values() for name in (each.link.from_id, each.link.to_id)}
        beyond = {name for name in everyone - walked if self._is_known(name)}
        resolution = resolve((each.link for each in rows.values()), known_elsewhere=beyond)
        persons = {name: self._person(resolution.persons[name], beyond) for name in everyone}
        plan = Plan()
        for each in rows.values():
            verdict = _verdict(each.link, resolution, persons)
            if verdict != each.verdict:
                plan.links.append(StoredLink(each.link, each.received_ms, verdict))
        for name in everyone - beyond:
            self._plan_id(name, persons[name], name in resolution.known, plan)
        for name in set(seeds) - everyone:
            # Of a seed that no row names any more, all rows were deleted.
            self._plan_id(name, key64(name), False, plan)
        self._plan_left_behind(everyone, plan)
        return plan

    def _person(self, canonical: str, beyond: set[str]) -> int:
        key = key64(canonical)
        return self.identities.person_of(key) if canonical in beyond else key

    def _plan_id(self, name: str, person: int, known: bool, plan: Plan) -> None:
        held = self.identities.get(key64(name))
        before = key64(name) if held is None else held.person_id
        if held is None or held.person_id != person or held.known != known:
            # Of an id seen before, rows may carry any person it ever had.
            pending = held is not None or person != before
            plan.overrides[name] = Override(name, person, known, pending, self.version)
        if before != person:
            plan.persons |= {before, person}

    def _plan_left_behind(self, everyone: set[str], plan: Plan) -> None:
        # A person that lost an id has changed too: what remains gets a new version, so that its profile does.
        for name in everyone:
            held = self.identities.get(key64(name))
            if held is not None and name not in plan.overrides and held.person_id in plan.persons:
                plan.overrides[name] = Override(name, held.person_id, held.known, True, self.version)

    def _surroundings(self, ids: set[str], *, whole: bool) -> tuple[list[StoredLink], set[str]]:
        """The stored rows that bear on ``ids``, and the ids walked through to find them."""
        found: dict[object, StoredLink] = {}
        named: set[str] = set()
        walked: set[str] = set()
        border = set(ids)
        while border:
            whole = whole or any(key64(name) in self.endpoints for name in border)
            walked |= border
            for stored in self.touching([key64(name) for name in border]):
                found[stored.link.link_id] = stored
                named |= {stored.link.from_id, stored.link.to_id}
            border = {name for name in named - walked if whole or not self._is_known(name)}
        return list(found.values()), walked

    def _is_known(self, name: str) -> bool:
        entry = self.identities.get(key64(name))
        return entry is not None and entry.known


def split(links: Sequence[Link], identities: IdentityMap) -> tuple[list[Link], list[Link]]:
    """The plain links of a batch, and the others."""
    sources = Counter(link.from_id for link in links)
    destinations = {link.to_id for link in links}

    def is_plain(link: Link) -> bool:
        if link.kind != "link" or link.from_id in destinations or sources[link.from_id] > 1:
            return False
        if link.to_id in sources or not (is_usable(link.from_id) and is_usable(link.to_id)):
            return False
        destination = identities.get(key64(link.to_id))
        return identities.get(key64(link.from_id)) is None and (destination is None or destination.known)

    plain: list[Link] = []
    others: list[Link] = []
    for link in links:
        (plain if is_plain(link) else others).append(link)
    return plain, others


def _verdict(link: Link, resolution: Resolution, persons: dict[str, int]) -> Verdict:
    verdict = resolution.verdicts[link.link_id]
    if verdict.reason in ("both_known", "linked_to_another") and persons[link.from_id] == persons[link.to_id]:
        return Verdict("applied", "merged")
    return verdict
