"""Who is in which group: a hash decides, so that Python, SQL and every process agree without a look-up.

A person's draw for a salt is ``xxh3(salt + ":" + the person id in decimals) mod 1,000,000``, with the 64-bit
XXH3 that the engine has as well. It is uniform: of 2⁶⁴ hashes the first remainders are more frequent by less
than one in 10¹³. Different salts draw independently. A distinct id that was merged with no other is the
person ``xxh3(distinct_id)``, so it needs no look-up either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bihuan.kernel.hashing import key64
from bihuan.warehouse.sql import literal

PARTS = 1_000_000


def draw(salt: str, person: int) -> int:
    """A number from 0 to 999,999 that looks random, and is the same for the same person and salt."""
    return key64(f"{salt}:{person}") % PARTS


def draw_sql(salt: str, person: str) -> str:
    """The draw as engine SQL; ``person`` is SQL of a UInt64."""
    return f"(xxh3(concat({literal(salt + ':')}, toString({person}))) % {PARTS})"


def draw_of_id(salt: str, distinct_id: str) -> int:
    """The draw of the person that a distinct id begins; with merges, ask for the person first."""
    return draw(salt, key64(distinct_id))


def parts_of(share: float) -> int:
    """A share (0 to 1) in millionths."""
    return round(share * PARTS)


@dataclass(frozen=True)
class Split:
    """Shares of the draws, one after another in the order given; draws beyond them belong to no group.

    Args:
        salt: another salt draws anew.
        shares: group and its share, 0 to 1; together 1 at most.
    """

    salt: str
    shares: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        if any(share < 0 for _, share in self.shares) or self.bounds[-1:] > [PARTS]:
            raise ValueError("shares are not negative, and 1 at most together")

    @cached_property
    def bounds(self) -> list[int]:
        """Where each group's draws end."""
        found: list[int] = []
        total = 0.0
        for _, share in self.shares:
            total += share
            found.append(parts_of(total))
        return found

    def group(self, person: int) -> str | None:
        """The group of a person; None beyond the shares."""
        number = draw(self.salt, person)
        for (group, _), end in zip(self.shares, self.bounds, strict=True):
            if number < end:
                return group
        return None

    def group_sql(self, person: str) -> str:
        """SQL String: the group, '' beyond the shares."""
        number = draw_sql(self.salt, person)
        choices = [
            f"{number} < {end}, {literal(group)}"
            for (group, _), end in zip(self.shares, self.bounds, strict=True)
        ]
        return f"multiIf({', '.join(choices)}, '')"


def salt_of(project_id: str, salt: str) -> str:
    """The salt within a project, so that two projects with a salt of one name draw differently."""
    return f"{project_id}/{salt}"


def split(
    project_id: str, salt: str, shares: Mapping[str, float], person_ids: Iterable[int]
) -> list[str | None]:
    """The group of each person, in their order; None for those beyond the shares.

    Args:
        salt: of the campaign, step or test; its people do not move as long as salt and shares stay.
        shares: group and its share, 0 to 1, in order; together 1 at most.
    """
    drawn = Split(salt_of(project_id, salt), tuple(shares.items()))
    return [drawn.group(person) for person in person_ids]


def split_sql(project_id: str, salt: str, shares: Mapping[str, float], person: str = "person") -> str:
    """The same as SQL String over a column of person ids; '' for those beyond the shares."""
    return Split(salt_of(project_id, salt), tuple(shares.items())).group_sql(person)
