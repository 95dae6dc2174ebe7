"""On a row of the layers, packages meet through their public ``__init__`` (CONTRIBUTING, rule 1)."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = "bihuan"


def rows() -> list[set[str]]:
    """The names on each row of the contract that import-linter checks."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in configured if each["id"] == "layers")
    names = [row.replace("|", ":").split(":") for row in layers]
    return [{name.strip().removeprefix(f"{PACKAGE}.") for name in row} for row in names]


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every module that is imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.lineno, node.module
            # ``from bihuan.people import profiles`` reaches a module, too.
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_module(root: Path, name: str) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def bypasses(root: Path, row_of: dict[str, set[str]]) -> Iterator[str]:
    """Imports of a module inside another package of the same row."""
    for path in sorted((root / PACKAGE).rglob("*.py")):
        own = path.relative_to(root / PACKAGE).parts[0].removesuffix(".py")
        seen: set[int] = set()
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            parts = name.split(".")
            other = parts[1] if parts[0] == PACKAGE and len(parts) > 2 else own
            if other == own or other not in row_of.get(own, ()) or line in seen:
                continue
            if is_module(root, name):
                seen.add(line)
                yield f"{path.relative_to(root)}:{line} imports {name}"


ROW_OF = {name: row for row in rows() for name in row}


def test_packages_of_a_row_meet_through_their_public_init() -> None:
    assert list(bypasses(ROOT / "src", ROW_OF)) == []


def test_every_package_stands_on_a_row() -> None:
    packages = {path.parent.name for path in (ROOT / "src" / PACKAGE).glob("*/__init__.py")}
    assert packages - set(ROW_OF) == set()


def test_a_bypass_is_found(tmp_path: Path) -> None:
    for name in ("collect", "people", "kernel"):
        (tmp_path / PACKAGE / name).mkdir(parents=True)
        (tmp_path / PACKAGE / name / "__init__.py").touch()
        (tmp_path / PACKAGE / name / "inner.py").touch()
    (tmp_path / PACKAGE / "collect" / "intake.py").write_text(
        "import bihuan.people.inner\n"
        "from bihuan.people import inner\n"
        "def later():\n    from bihuan.people.inner import thing\n"
        "from bihuan.people import thing\n"
        "from bihuan.collect.inner import thing\n"
        "from bihuan.kernel.inner import thing\n"
    )
    found = list(bypasses(tmp_path, {"collect": {"collect", "people"}}))
    assert [each.split()[0] for each in found] == [f"bihuan/collect/intake.py:{line}" for line in (1, 2, 4)]
