"""Who waits at a screen goes before batches of events, until their answer begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.server.running import Running

BATCH = {
    "batch": [
        {"type": "track", "event": "Ordered", "userId": f"user {place}", "properties": {"note": "x" * 100}}
        for place in range(60)
    ]
}


@pytest.fixture
def asked(server: Running, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions are open, whenever one begins, is answered or is left."""
    seen: list[int] = []
    turns, real = server.turns, server.turns.question

    @contextmanager
    def question(loop: Any) -> Iterator[Callable[[], None]]:
        with real(loop) as answered:
            seen.append(len(turns._asked))

            def told() -> None:
                answered()
                seen.append(len(turns._asked))

            yield told
        seen.append(len(turns._asked))

    monkeypatch.setattr(turns, "question", question)
    return seen


def send(server: Running, body: Any) -> None:
    httpx.post(f"{server.url}/v1/batch", json=body, auth=(server.write_key, "")).raise_for_status()


def test_an_answer_and_a_refusal_end_the_wait(server: Running, asked: list[int]) -> None:
    server.api.get(server.path("/catalog/events")).raise_for_status()
    assert asked[0] == 1
    assert set(asked[1:]) == {0}
    asked.clear()
    assert httpx.get(f"{server.url}{server.path('/catalog/events')}").status_code == 401
    assert asked[0] == 1
    assert set(asked[1:]) == {0}


def test_a_stream_is_not_waited_for_once_it_began(server: Running, asked: list[int]) -> None:
    with server.api.stream("GET", server.path("/events/live"), params={"seconds": 5}) as answer:
        answer.raise_for_status()
        next(answer.iter_lines())
        assert asked[0] == 1
        assert set(asked[1:]) == {0}
        begun = time.monotonic()
        send(server, BATCH)
        assert time.monotonic() - begun < 4


def test_events_are_no_questions(server: Running, asked: list[int]) -> None:
    send(server, BATCH)
    assert asked == []
