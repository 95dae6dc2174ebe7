"""What is done again and again ends when it is told to, and not in the middle of a turn."""

from __future__ import annotations

import threading

from bihuan.kernel.repeating import Repeating


def test_turns_go_on_until_the_end_and_the_last_one_is_finished() -> None:
    begun, let_go = threading.Event(), threading.Event()
    ended: list[bool] = []

    def turn() -> None:
        begun.set()
        let_go.wait(10)
        ended.append(repeating.stopping)

    repeating = Repeating("turns", 0.001, turn)
    repeating.start()
    assert begun.wait(10)
    stopper = threading.Thread(target=repeating.stop)
    stopper.start()
    while not repeating.stopping:
        pass
    assert ended == []
    let_go.set()
    stopper.join(10)
    assert ended == [True]


def test_what_never_began_ends_at_once() -> None:
    assert Repeating("nothing", 0.001, lambda: None).stop() is False
