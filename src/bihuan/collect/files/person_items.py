"""What the rows of a chunk say of people: profile changes and identity links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bihuan.collect.incoming import IdentityLink, ProfileChange

Texts = list["str | None"]


class PersonRows(msgspec.Struct):
    """The good rows of a chunk, for what is said of people rather than of events."""

    keep: list[int]
    people: Texts
    times: list[int | None]
    messages: Texts
    lines: Sequence[int]
    place: str

    def profile_changes(self, sets: list[dict[str, Any]], *, set_once_per_value: bool) -> list[ProfileChange]:
        """One ``set`` a row, or only the latest of those that say the same of the same person.

        Leaving out the earlier of two equal changes does not alter the profile that results.
        """
        latest: dict[Any, int] = {}
        for row in self.keep:
            if not sets[row]:
                continue
            key = (self.people[row], repr(sets[row])) if set_once_per_value else row
            known = latest.get(key)
            if known is None or (self.times[row] or 0) >= (self.times[known] or 0):
                latest[key] = row
        return [
            ProfileChange(
                operation="set",
                distinct_id=self.people[row] or "",
                values=sets[row],
                time_ms=self.times[row],
                message_id=f"{self.messages[row]}/set",
                position=f"{self.place}line {self.lines[row]}",
            )
            for row in sorted(latest.values())
        ]

    def links(self, anonymous: Texts | None) -> list[IdentityLink]:
        """One link for each pair of anonymous and known id, at its first mention."""
        if anonymous is None:
            return []
        first: dict[tuple[str, str], int] = {}
        for row in self.keep:
            device, person = anonymous[row], self.people[row]
            if device and person:
                first.setdefault((device, person), row)
        return [
            IdentityLink(
                anonymous_id=device,
                known_id=person,
                time_ms=self.times[row],
                message_id=f"{self.messages[row]}/link",
                position=f"{self.place}line {self.lines[row]}",
            )
            for (device, person), row in first.items()
        ]
