"""``kill -9`` of the server while a campaign is launched: everybody once or uncertain, the holdout never."""

from __future__ import annotations

from pathlib import Path

from bench.launch_kills import kill_launch


def test_a_launch_survives_kills(tmp_path: Path) -> None:
    verdict = kill_launch(tmp_path, people=1_000, kills=2, life_seconds=1.0, say=lambda _line: None)
    assert verdict.holds, verdict
    assert verdict.treated + verdict.held_out == 1_000
    assert 140 < verdict.held_out < 260
    assert (verdict.held_out_received, verdict.received_more) == (0, 0)
    assert verdict.received_one >= verdict.treated - verdict.uncertain
