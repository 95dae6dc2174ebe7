"""The guide to channels names every kind, with its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.delivery import KINDS

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
# Of most kinds, and told once.
_EVERYWHERE = {"base_url", "connections", "answer_seconds", "per_second"}


@pytest.mark.parametrize("name", ["channels.md", "channels.zh-CN.md"])
def test_every_kind_and_each_of_its_settings_is_told(name: str) -> None:
    guide = (DOCS / name).read_text()
    for kind in KINDS.values():
        assert f"`{kind.name}`" in guide
        missing = [each for each in kind.settings.model_fields if f"`{each}`" not in guide]
        assert set(missing) <= _EVERYWHERE, (kind.name, missing)
