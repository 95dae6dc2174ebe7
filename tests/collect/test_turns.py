"""Large requests begin one at a time, with everybody else's work between them."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from bihuan.collect.turns import Turns


def test_between_two_that_wait_others_have_their_turn() -> None:
    seen: list[str] = []

    async def other() -> None:
        while len(seen) < 9:
            seen.append("other")
            await asyncio.sleep(0)

    async def run() -> None:
        loop, turns = asyncio.get_running_loop(), Turns()
        beside = asyncio.create_task(other())
        for name in ("first", "second", "third"):
            turns.take(loop, lambda name=name: seen.append(name))
        await beside
        turns.take(loop, lambda: seen.append("later"))
        await asyncio.sleep(0)

    asyncio.run(run())
    places = [seen.index(name) for name in ("first", "second", "third")]
    assert places == sorted(places)
    assert all(low + 1 < high for low, high in pairwise(places))
    assert seen[-1] == "later"
