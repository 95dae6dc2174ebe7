"""``kill -9`` while a mailing goes out over real SMTP: nobody gets two, everybody one or is uncertain."""

from __future__ import annotations

from pathlib import Path

from bench.outbox_kills import kill_often


def test_kills_send_nothing_twice_and_lose_nothing(tmp_path: Path) -> None:
    verdict = kill_often(
        tmp_path,
        people=600,
        kills=3,
        batch=60,
        life_seconds=0.4,
        connections=2,
        say=lambda _line: None,
    )
    # Two shares are without an answer, each of sixteen messages for each of two connections.
    assert verdict.at_risk == 64
    assert verdict.most_left <= 64
    assert (verdict.received_more, verdict.told_twice) == (0, 0)
    assert verdict.received_one + verdict.received_none == 600
    assert verdict.received_none <= verdict.uncertain <= verdict.kills * 64
    assert verdict.holds, verdict
    # The last life sends what all others left: of some kills there must have been something to leave.
    assert verdict.kills >= 2
