"""Where the shared real data lies, beside the checkout; tests skip where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared_file(relative: str) -> Path:
    """The path of a shared data file; skips the calling test when it is not there."""
    path = SHARED_DATA / relative
    if not path.exists():
        pytest.skip(f"shared data file {relative} is not beside this checkout")
    return path
