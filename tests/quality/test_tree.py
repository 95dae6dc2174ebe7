"""What may not be in the tree: unfinished work, hosts of package registries, stray names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Written apart so that this file does not contain what it forbids.
HOSTS = re.compile(
    "|".join(["registry" + r"\.npm", "python" + r"hosted", "pypi" + r"\.org", "deb" + r"\.debian"])
)
UNFINISHED = re.compile(
    "|".join([r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bXX" + r"X\b", "NotImplemented" + "Error"])
)


def tracked_texts() -> list[tuple[str, str]]:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    texts = []
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file():
            try:
                texts.append((name, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return texts


def lines_matching(pattern: re.Pattern[str], suffixes: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in tracked_texts()
        if not suffixes or name.endswith(suffixes)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry_host() -> None:
    assert lines_matching(HOSTS) == []


def test_no_source_file_names_unfinished_work() -> None:
    assert lines_matching(UNFINISHED, (".py", ".sh", "Makefile")) == []


def test_locks_pin_every_package_with_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        text = lock.read_text()
        packages = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==", text, re.M)
        entries = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
        assert len(packages) == len(entries) > 20
        assert all("--hash=sha256:" in entry for entry in entries), lock.name
