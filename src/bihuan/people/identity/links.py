"""The link log: what was ever said about two ids being one person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

import xxhash

LinkKind = Literal["link", "alias", "merge", "undo"]
LinkStatus = Literal["applied", "refused", "undone"]
NO_TARGET = uuid.UUID(int=0)

# What programs send when they have no id. Joining on one would make thousands of people one person.
UNUSABLE_IDS = frozenset(
    (
        "",
        "0",
        "-1",
        "1970-01-01",
        "null",
        "nil",
        "none",
        "undefined",
        "nan",
        "true",
        "false",
        "anonymous",
        "guest",
        "unknown",
        "user",
        "id",
        "distinct_id",
        "distinctid",
        "user_id",
        "userid",
        "not_authenticated",
        "email",
        "[object object]",
        "00000000-0000-0000-0000-000000000000",
    )
)


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the log.

    ``link``: the anonymous ``from_id`` turned out to be the known ``to_id``. ``alias``: a sender asks that
    both be one person. ``merge``: an operator decided so; the person of ``to_id`` remains. ``undo``: an
    operator takes back the row ``target``; ``from_id`` and ``to_id`` repeat the ids of that row.
    """

    link_id: uuid.UUID
    kind: LinkKind
    time_ms: int
    from_id: str
    to_id: str
    target: uuid.UUID = NO_TARGET
    actor: str = ""

    @property
    def order(self) -> tuple[int, int]:
        """Where the row stands in the log: by time, then by id."""
        return self.time_ms, self.link_id.int

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids, whichever was named first."""
        return (self.from_id, self.to_id) if self.from_id <= self.to_id else (self.to_id, self.from_id)


def is_usable(distinct_id: str) -> bool:
    """Whether an id can tell one person from another."""
    return distinct_id.strip().lower() not in UNUSABLE_IDS


def link_uuid(kind: LinkKind, from_id: str, to_id: str, time_ms: int) -> uuid.UUID:
    """The id of a row, from what it says: the same statement sent twice is one row."""
    text = f"{kind}\0{from_id}\0{to_id}\0{time_ms}"
    return uuid.UUID(int=xxhash.xxh3_128_intdigest(text.encode("utf-8", "surrogatepass")))


def new_link(
    kind: LinkKind,
    from_id: str,
    to_id: str,
    time_ms: int,
    *,
    target: uuid.UUID = NO_TARGET,
    actor: str = "",
) -> Link:
    """A row with its id; ids of undos also depend on their target."""
    link_id = link_uuid(kind, from_id, to_id, time_ms)
    if target.int:
        link_id = uuid.UUID(int=link_id.int ^ target.int)
    return Link(link_id, kind, time_ms, from_id, to_id, target, actor)
