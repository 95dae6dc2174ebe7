"""The types that the pages are checked against are those of the API as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.ui.api_types import TYPES
from tests.ui.node import ROOT


def test_the_types_on_file_are_of_this_api(tmp_path: Path) -> None:
    # In a process of its own: a process has one embedded engine.
    target = tmp_path / "schema.d.ts"
    subprocess.run([sys.executable, "-m", "tests.ui.api_types", target], cwd=ROOT, check=True, timeout=280)
    assert target.read_text() == TYPES.read_text(), "run python -m tests.ui.api_types"
