"""The types that the pages are checked against are those of the API as it is."""

from __future__ import annotations

from pathlib import Path

from tests.ui.api_types import TYPES, description, write_types
from tests.ui.node import install_packages


def test_the_types_on_file_are_of_this_api(tmp_path: Path) -> None:
    assert install_packages() == 0
    write_types(description(tmp_path / "data"), tmp_path / "schema.d.ts")
    found = (tmp_path / "schema.d.ts").read_text()
    assert found == TYPES.read_text(), "run python -m tests.ui.api_types"
