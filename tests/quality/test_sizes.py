"""Size budgets: a file or function that outgrows its budget is two nouns (CONTRIBUTING, rule 4)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FILE_LINES, FUNCTION_LINES, CLASS_LINES = 400, 50, 300
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "legacy", "base2"}


def python_files() -> list[Path]:
    return sorted(p for top in ("src", "tests", "bench") for p in (ROOT / top).rglob("*.py"))


def oversized(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    count = text.count("\n")
    if count > FILE_LINES:
        yield f"{path.relative_to(ROOT)}: {count} lines, budget {FILE_LINES}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            budget = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > budget:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines, budget {budget}"


def test_files_functions_and_classes_keep_their_budgets() -> None:
    assert [line for path in python_files() for line in oversized(path)] == []


def test_no_file_is_named_after_nothing() -> None:
    bad = [
        str(p.relative_to(ROOT))
        for p in python_files()
        if p.stem in FORBIDDEN_NAMES or p.stem.endswith(("_v2", "_new"))
    ]
    assert bad == []


def test_an_oversized_function_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "long.py"
    path.write_text("def f():\n" + "    pass\n" * FUNCTION_LINES)
    assert list(oversized(path)) == [f"long.py:1 f: {FUNCTION_LINES + 1} lines, budget {FUNCTION_LINES}"]
