"""Nobody who asks waits for the compiler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_everything_is_compiled_before_somebody_asks(tmp_path: Path) -> None:
    """In a process of its own: in this one other tests have had loops compiled."""
    command = [sys.executable, "-m", "tests.insights.compiled_before", str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    assert said[:-1] == []
    assert int(said[-1].split()[0]) > 20
