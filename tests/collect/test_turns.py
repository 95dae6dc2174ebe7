"""Large requests begin one at a time, with everybody else's work between them."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from bihuan.collect.turns import MOST_WAIT_SECONDS, QUESTION_SECONDS, Turns


def test_where_nobody_asks_everything_begins_at_once() -> None:
    async def run() -> None:
        seen: list[str] = []
        for name in ("first", "second"):
            Turns().take(asyncio.get_running_loop(), lambda name=name: seen.append(name))
        assert seen == ["first", "second"]

    asyncio.run(run())


def test_after_a_question_others_have_their_turn_between_two_that_wait() -> None:
    seen: list[str] = []

    async def other() -> None:
        while len(seen) < 9:
            seen.append("other")
            await asyncio.sleep(0)

    async def run() -> None:
        loop, turns = asyncio.get_running_loop(), Turns()
        with turns.question(loop):
            pass
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


async def _begun_after(turns: Turns, seconds: float) -> bool:
    """Whether what is taken now has begun by then."""
    begun: list[float] = []
    turns.take(asyncio.get_running_loop(), lambda: begun.append(0.0))
    await asyncio.sleep(seconds)
    return bool(begun)


def test_a_question_goes_first_until_it_is_answered() -> None:
    async def run() -> None:
        loop, turns = asyncio.get_running_loop(), Turns()
        with turns.question(loop) as answered, turns.question(loop) as other:
            assert not await _begun_after(turns, 0.02)
            answered()
            assert not await _begun_after(turns, 0.02), "the other question is open"
            other()
            assert await _begun_after(turns, 0.02)
        with turns.question(loop):
            assert not await _begun_after(turns, 0.02)
        assert await _begun_after(turns, 0.02), "one that failed is left"

    asyncio.run(run())


def test_nothing_waits_for_long_and_not_for_what_takes_long() -> None:
    async def run() -> None:
        loop, turns = asyncio.get_running_loop(), Turns()
        with turns.question(loop):
            await asyncio.sleep(QUESTION_SECONDS + 0.01)
            assert await _begun_after(turns, 0.02)
            waiting = asyncio.create_task(_begun_after(turns, MOST_WAIT_SECONDS * 1.5))
            until = loop.time() + MOST_WAIT_SECONDS
            while loop.time() < until:
                with turns.question(loop):
                    await asyncio.sleep(0.01)
            with turns.question(loop):
                assert await waiting

    asyncio.run(run())
