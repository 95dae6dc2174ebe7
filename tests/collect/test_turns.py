"""Large requests begin one at a time, with everybody else's work between them."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bihuan.collect import turns as module
from bihuan.collect.turns import MOST_WAIT_SECONDS, PAUSE_SECONDS, QUESTION_SECONDS, Turns


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
        await asyncio.sleep(PAUSE_SECONDS * 1.1)
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


def test_whoever_asks_again_at_once_finds_nothing_begun_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", MOST_WAIT_SECONDS / 2)

    async def run() -> None:
        loop, turns = asyncio.get_running_loop(), Turns()
        with turns.question(loop):
            pass
        assert not await _begun_after(turns, 0.01)
        await asyncio.sleep(MOST_WAIT_SECONDS / 2)
        assert await _begun_after(turns, 0.02), "nobody asked again"

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
