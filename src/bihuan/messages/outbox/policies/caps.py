"""How many messages one person gets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bihuan.messages.outbox.policies.settings import PERSONAL, Cap

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that somebody wants sent now."""

    key: int
    person: int
    medium: str


@dataclass(frozen=True, slots=True)
class Past:
    """A message that was sent, or may have been."""

    person: int
    medium: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Capped:
    """``cap`` forbids it; from ``free_ms`` on it would not, if nothing else were sent meanwhile."""

    cap: Cap
    free_ms: int


def longest_ms(caps: Sequence[Cap]) -> int:
    """How far back messages count."""
    return max((cap.hours for cap in caps), default=0) * HOUR_MS


def capped(
    wishes: Iterable[Wish], past: Iterable[Past], caps: Sequence[Cap], now_ms: int
) -> dict[int, Capped]:
    """Which wishes no cap has room for; those before them in order come first and count.

    A message counts for a cap for exactly its hours: one sent at t no longer counts at t + hours.
    """
    moments: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for each in past:
        moments[each.person].append((each.at_ms, each.medium))
    refused: dict[int, Capped] = {}
    for wish in wishes:
        held = moments[wish.person]
        found = [verdict for cap in caps if (verdict := _held_back(cap, wish, held, now_ms)) is not None]
        if found:
            refused[wish.key] = max(found, key=lambda each: each.free_ms)
        else:
            held.append((now_ms, wish.medium))
    return refused


def _held_back(cap: Cap, wish: Wish, held: list[tuple[int, str]], now_ms: int) -> Capped | None:
    if not _counts(cap, wish.medium):
        return None
    window_ms = cap.hours * HOUR_MS
    inside = sorted(at for at, medium in held if at > now_ms - window_ms and _counts(cap, medium))
    if len(inside) < cap.count:
        return None
    return Capped(cap, inside[len(inside) - cap.count] + window_ms)


def _counts(cap: Cap, medium: str) -> bool:
    return medium in PERSONAL if cap.medium is None else medium == cap.medium
