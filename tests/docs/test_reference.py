"""What the documentation lists is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

from bihuan.collect.protocols import all_protocols
from bihuan.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")]


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    rows = re.findall(
        r"^\| `BIHUAN_(\w+)` \|\s*(.*?)\s*\|\s*(.*?)\s*\|$", (ROOT / "docs/settings.md").read_text(), re.M
    )
    documented = {name.lower(): (default.strip().strip("`"), meaning) for name, default, meaning in rows}
    expected = {
        name: ("" if field.default in (None, "") else str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }
    assert documented == expected


def test_settings_named_anywhere_exist() -> None:
    for path in DOCUMENTS:
        for name in re.findall(r"BIHUAN_([A-Z_]+)", path.read_text()):
            known = name.lower() in Settings.model_fields or name in {"PASSWORD", "SERVER", "KEY", "PROJECT"}
            tests_only = name in {"TEST_PROCESSES", "KILL_ROUNDS"}
            assert known or tests_only or name == "", f"{path.name}: BIHUAN_{name}"


def test_every_protocol_is_in_the_collection_guide() -> None:
    guide = (ROOT / "docs/collection.md").read_text()
    assert [name for name in all_protocols() if name != "segment" and f"/in/{name}" not in guide] == []


def test_links_lead_to_files() -> None:
    broken = []
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if not target.startswith("http") and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} → {target}")
    assert broken == []


def test_both_readmes_have_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(), re.S)
        return [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines()]

    assert commands("README.md") == commands("README.zh-CN.md") != []
